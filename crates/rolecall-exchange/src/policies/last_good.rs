//! The last good policy set, for a start while the folder has another one.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rolecall::Source;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::whole_file::{self, Readers};

/// The name of the file in the state folder.
const NAME: &str = "last_good.json";

/// The file of the last good set.
#[derive(Debug)]
pub(super) struct LastGood {
    folder: PathBuf,
}

/// A policy file in it.
#[derive(Serialize, Deserialize)]
struct Remembered {
    name: String,
    text: String,
}

impl LastGood {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// Reads the files of the last good set, if there was one.
    pub(super) fn read(&self) -> Result<Option<Vec<Source>>, Failure> {
        let path = self.folder.join(NAME);
        let cannot = |error: &dyn std::fmt::Display| {
            Failure::new(format!("cannot read `{}`: {error}", path.display()))
                .help("to start without the last good policies, remove the file")
        };
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(cannot(&error)),
        };
        let files: Vec<Remembered> = serde_json::from_slice(&bytes).map_err(|error| cannot(&error))?;
        let sources = files.into_iter().map(|file| Source::new(file.name, file.text));
        Ok(Some(sources.collect()))
    }

    /// Writes the files of a set, all at once, unless they are there.
    pub(super) fn write(&self, sources: &[Source]) -> Result<(), Failure> {
        let path = self.folder.join(NAME);
        let cannot = |error: std::io::Error| {
            Failure::new(format!("cannot write `{}`: {error}", path.display()))
                .help("let this user write to the folder of the audit log")
        };
        let files = sources.iter().map(|source| Remembered {
            name: source.name.clone(),
            text: source.text.to_string(),
        });
        let bytes = serde_json::to_vec(&files.collect::<Vec<_>>()).map_err(|error| cannot(error.into()))?;
        whole_file::replace(&path, &bytes, Readers::Owner).map_err(cannot)?;
        Ok(())
    }
}
