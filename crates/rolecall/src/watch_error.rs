//! Error of a watched folder.

use std::error::Error;
use std::fmt;

use crate::config::ConfigError;
use crate::policy_files::FolderError;

/// The reason why a folder is not watched, or its policies are not used.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum WatchError {
    /// An issuer of the policies is not accepted or has no key source.
    Config(ConfigError),
    /// The folder yields no policies.
    Folder(FolderError),
    /// The operating system did not start a thread.
    NoThread,
}

impl fmt::Display for WatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Folder(error) => error.fmt(f),
            Self::NoThread => f.write_str("cannot start a thread to watch the policies"),
        }
    }
}

impl Error for WatchError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Config(error) => Some(error),
            Self::Folder(error) => Some(error),
            Self::NoThread => None,
        }
    }
}
