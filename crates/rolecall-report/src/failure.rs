//! Failures of the command itself.

use crate::printable::{path_name, printable};
use std::io;
use std::path::Path;

/// A failure of the command, in contrast to a finding: it is written to standard error, and the exit code is
/// 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The problem, on one line.
    pub message: String,
    /// The suggested fix.
    pub help: Option<String>,
}

impl Failure {
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
        }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Creates the failure to read a file.
    pub fn reading(path: &Path, error: &io::Error) -> Self {
        Self::new(format!("cannot read `{}`: {}", path_name(path), reason(error)))
    }

    /// Creates the failure to write a file.
    pub fn writing(path: &Path, error: &io::Error) -> Self {
        Self::new(format!("cannot write `{}`: {}", path_name(path), reason(error)))
    }
}

/// Formats an error of the operating system.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => printable(&error.to_string()).to_lowercase(),
    }
}
