//! A file of policies, and the files of one set.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rolecall::{DiskTree, PolicyFilesError};

use crate::failure::Failure;
use crate::input::{self, MAX_FILE_BYTES, PolicyText};
use crate::printable::path_name;
use crate::version::problem_in;

/// A file of policies.
#[derive(Clone)]
pub(crate) struct PolicyFile {
    /// Its name in messages.
    pub(crate) name: String,
    /// Its place on disk, where it is or would be, under its visible name.
    pub(crate) visible_path: PathBuf,
    /// Whether a part of its path below the folder that was named begins with a dot.
    pub(super) is_hidden: bool,
    pub(super) text: Text,
}

/// The place that the text of a file comes from.
#[derive(Clone)]
pub(super) enum Text {
    /// A file that an argument names.
    Named(PathBuf),
    /// A file of a folder, by its path there without links.
    Below(Arc<DiskTree>, String, PathBuf),
    /// A file of a revision, read.
    Read(Arc<PolicyText>),
    /// Standard input.
    Stdin,
}

impl PolicyFile {
    /// A file that an argument names.
    pub(super) fn named(name: String, path: &Path, text: Text) -> Self {
        Self {
            name,
            visible_path: path.to_path_buf(),
            is_hidden: false,
            text,
        }
    }

    /// The same file at another place.
    pub(crate) fn at(&self, path: &Path) -> Self {
        Self {
            visible_path: path.to_path_buf(),
            ..self.clone()
        }
    }

    /// Reads its text.
    pub(crate) fn read(&self) -> Result<PolicyText, Failure> {
        match &self.text {
            Text::Named(path) => input::policy_file(path),
            Text::Below(tree, path, _) => {
                let text = text(tree.read(path, MAX_FILE_BYTES));
                text.map_err(|problem| problem_in(&self.name, &problem))
            }
            Text::Read(text) => Ok(PolicyText::clone(text)),
            Text::Stdin => input::policy_stdin(),
        }
    }

    /// Its path on disk, without the links of its folder; none for a text that is not there.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.text {
            Text::Named(path) | Text::Below(_, _, path) => Some(path),
            Text::Read(_) | Text::Stdin => None,
        }
    }
}

/// Shows only the name: a text can be long.
impl fmt::Debug for PolicyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PolicyFile").field(&self.name).finish()
    }
}

/// The files of one policy set, in the order of their names.
#[derive(Clone, Debug)]
pub(crate) struct FileSet {
    /// The folder, or the files that were named.
    pub(crate) name: String,
    /// The folder, or that of the first file that was named.
    pub(crate) folder: PathBuf,
    /// The files; never empty.
    pub(crate) files: Vec<PolicyFile>,
    /// The files that most tools do not show, with the reason.
    pub(crate) unseen: BTreeMap<String, &'static str>,
}

impl FileSet {
    /// The same files under the names that they would have in another folder on disk, so that what is found in them can be
    /// compared.
    pub(crate) fn named_in(&self, folder: &Path) -> Self {
        let mut set = self.clone();
        for file in &mut set.files {
            if let Ok(below) = file.visible_path.strip_prefix(&self.folder) {
                file.name = path_name(&folder.join(below));
            }
        }
        set
    }
}

/// The text of a file that was read, or that is too large to be.
pub(super) fn text(read: Result<Vec<u8>, PolicyFilesError>) -> Result<PolicyText, PolicyFilesError> {
    match read {
        Ok(bytes) => Ok(input::policy_text(bytes)),
        Err(PolicyFilesError::FileTooLarge { bytes, .. }) => Ok(input::too_large(bytes)),
        Err(problem) => Err(problem),
    }
}
