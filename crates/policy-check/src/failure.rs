//! Why a command could not run.

use std::io;
use std::path::Path;

use crate::printable::{path_name, printable};

/// A problem of running, in contrast to a finding: it goes to standard error, and the exit code is 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong, on one line.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
        }
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A file that cannot be read.
    pub(crate) fn reading(path: &Path, error: &io::Error) -> Self {
        Self::new(format!("cannot read `{}`: {}", path_name(path), reason(error)))
    }

    /// A file that cannot be written.
    pub(crate) fn writing(path: &Path, error: &io::Error) -> Self {
        Self::new(format!("cannot write `{}`: {}", path_name(path), reason(error)))
    }
}

/// The error of a system in the words of this command.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => printable(&error.to_string()).to_lowercase(),
    }
}
