//! The file of generated tests, one in the folder of each policy set.

use super::{Generated, MARK};
use crate::policy_files::FileSet;
use crate::replace::{create, replace};
use rolecall_report::failure::Failure;
use rolecall_report::policy_text::PolicyText;
use rolecall_report::printable::path_name;
use std::path::PathBuf;

/// The name of the file.
pub(crate) const FILE_NAME: &str = "generated-tests.policy";

/// The file of a policy set.
#[derive(Debug)]
pub(crate) struct GeneratedFile {
    path: PathBuf,
    /// The text before; none for a new file.
    old: Option<String>,
}

impl GeneratedFile {
    /// Takes the file out of a policy set, if it is there. A file of this name that people wrote is refused.
    pub(crate) fn take(set: &mut FileSet) -> Result<Self, Failure> {
        if !set.is_folder() {
            let message = format!("`{}` is not a folder", set.name);
            return Err(Failure::new(message).help("name the folder of a policy set"));
        }
        let path = set.folder.join(FILE_NAME);
        let is_it = |file: &crate::policy_files::PolicyFile| file.visible_path == path;
        let Some(position) = set.files.iter().position(is_it) else {
            return Ok(Self { path, old: None });
        };
        let file = set.files.remove(position);
        let refused =
            || Failure::new(format!("`{}` was not written by `gen-tests`", file.name)).help("rename it");
        match file.read()? {
            PolicyText::Text(text) if text.starts_with(MARK) => Ok(Self {
                path,
                old: Some(text),
            }),
            _ => Err(refused()),
        }
    }

    /// Returns the name in messages.
    pub(crate) fn name(&self) -> String {
        path_name(&self.path)
    }

    /// Returns true if a file for some tests is there, with their text, or none is needed.
    pub(crate) fn is_same(&self, generated: &Generated) -> bool {
        match &self.old {
            Some(old) => *old == generated.text,
            None => generated.tests == 0,
        }
    }

    /// Writes the tests, if they are not there.
    pub(crate) fn write(&self, generated: &Generated) -> Result<(), Failure> {
        match &self.old {
            _ if self.is_same(generated) => Ok(()),
            None => create(&self.path, &generated.text),
            Some(old) => replace(&self.path, old, &generated.text),
        }
    }
}
