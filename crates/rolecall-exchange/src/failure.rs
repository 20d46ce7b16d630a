//! Errors that end a command.

use std::fmt;

/// The reason that a command could not run: one line, and what to do next.
#[derive(Debug)]
pub struct Failure {
    message: String,
    help: Option<String>,
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

    /// Returns the message and the help on one line.
    pub(crate) fn line(&self) -> String {
        let message = self.message.replace('\n', "; ");
        match &self.help {
            Some(help) => format!("{message}: {help}"),
            None => message,
        }
    }

    /// Names the file that the failure is about.
    #[must_use]
    pub(crate) fn within(mut self, file: &str) -> Self {
        self.message = format!("`{file}`: {}", self.message);
        self
    }
}

/// Writes the message, and the help on a line of its own.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}
