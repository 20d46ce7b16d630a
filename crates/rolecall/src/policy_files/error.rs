//! Problems of a folder that should hold a policy set.

use std::error::Error;
use std::fmt;
use std::io;

/// A reason why a folder does not hold a policy set that can be used. Paths are relative to the folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PolicyFilesError {
    /// There are no `.policy` files. A set without policies denies everything, which is hardly ever meant.
    Empty,
    /// A file is larger than the limit.
    FileTooLarge {
        /// The path.
        path: String,
        /// Its size in bytes, or less if it grew meanwhile.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// A link leads outside of the folder, or below a `.git`: the text would be foreign.
    LeadsOutside {
        /// The link.
        link: String,
        /// Its target, as it is written.
        target: String,
    },
    /// A link with the name of a policy file leads to nothing.
    LeadsNowhere {
        /// The link.
        link: String,
        /// Its target, as it is written.
        target: String,
    },
    /// A link with the name of a policy file leads to a file with another name.
    LeadsToOther {
        /// The link.
        link: String,
        /// The file that it leads to.
        target: String,
    },
    /// The name of a folder, a link or a policy file is not UTF-8.
    NameNotUtf8 {
        /// The path, with U+FFFD for what is not UTF-8.
        name: String,
    },
    /// An entry with the name of a policy file is a pipe, a socket or a device.
    NotAFile {
        /// The path.
        path: String,
    },
    /// A folder or a file cannot be read.
    NotRead {
        /// The path; empty for the folder itself.
        path: String,
        /// The reason.
        reason: String,
    },
    /// A clone of a repository does not have an object, as one with `--filter`.
    NotInClone {
        /// The path of the file or the folder.
        path: String,
    },
    /// The text of a file is not UTF-8.
    NotUtf8 {
        /// The path.
        path: String,
    },
    /// Folders are inside of one another more often than the limit.
    TooDeep {
        /// The first folder that is too deep.
        folder: String,
        /// The limit.
        limit: usize,
    },
    /// The files are larger than the limit together.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The folder has more entries than the limit, those of folders in it included.
    TooManyEntries {
        /// The limit.
        limit: usize,
    },
    /// The folder has more policy files than the limit.
    TooManyFiles {
        /// The limit.
        limit: usize,
    },
    /// Following the links takes more steps than the limit.
    TooManyLinks {
        /// The limit.
        limit: usize,
    },
}

impl PolicyFilesError {
    /// The problem of an entry that the system does not let us read.
    pub(super) fn not_read(path: &str, error: &io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "it does not exist".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            kind => kind.to_string(),
        };
        Self::NotRead {
            path: path.to_owned(),
            reason,
        }
    }

    /// Says what to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Empty => "name a folder with `*.policy` files",
            Self::LeadsOutside { .. } => {
                "put a copy of the file into the folder, or name the folder that holds both"
            }
            Self::LeadsNowhere { .. } => "remove the link, or restore its target",
            Self::LeadsToOther { .. } => "give the target a name that ends with `.policy`, too",
            Self::NameNotUtf8 { .. } => "rename it",
            Self::NotAFile { .. } => "remove it, or give it another name",
            Self::NotInClone { .. } => "clone without `--filter`, or look at the clone with `git fsck`",
            Self::NotRead { .. } => "look at its permissions",
            Self::NotUtf8 { .. } => "save the file as UTF-8",
            Self::TooDeep { .. } | Self::TooManyEntries { .. } | Self::TooManyLinks { .. } => {
                "name the folder of the policies instead of one above it"
            }
            Self::FileTooLarge { .. } => "split the file",
            Self::TooLarge { .. } | Self::TooManyFiles { .. } => "split the policy set",
        }
    }
}

impl fmt::Display for PolicyFilesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there are no `.policy` files in the folder"),
            Self::FileTooLarge { path, bytes, limit } => {
                write!(
                    f,
                    "`{path}` has {bytes} bytes, more than the {limit} that are allowed"
                )
            }
            Self::LeadsOutside { link, target } => {
                write!(f, "the link `{link}` leads outside of the folder, to `{target}`")
            }
            Self::LeadsNowhere { link, target } => {
                write!(f, "the link `{link}` leads nowhere, to `{target}`")
            }
            Self::LeadsToOther { link, target } => {
                write!(
                    f,
                    "the link `{link}` leads to `{target}`, which is not a `.policy` file"
                )
            }
            Self::NameNotUtf8 { name } => write!(f, "the name `{name}` is not UTF-8"),
            Self::NotAFile { path } => write!(f, "`{path}` is not a regular file"),
            Self::NotRead { path, reason } if path.is_empty() => {
                write!(f, "cannot read the folder: {reason}")
            }
            Self::NotRead { path, reason } => write!(f, "cannot read `{path}`: {reason}"),
            Self::NotInClone { path } => write!(f, "the clone does not have `{path}` whole"),
            Self::NotUtf8 { path } => write!(f, "the text of `{path}` is not UTF-8"),
            Self::TooDeep { folder, limit } => {
                write!(f, "the folder `{folder}` is below more than {limit} others")
            }
            Self::TooLarge { limit } => {
                write!(
                    f,
                    "the policy files are larger than {} MiB together",
                    limit / (1024 * 1024)
                )
            }
            Self::TooManyEntries { limit } => write!(f, "the folder has more than {limit} entries"),
            Self::TooManyFiles { limit } => write!(f, "the folder has more than {limit} policy files"),
            Self::TooManyLinks { limit } => {
                write!(
                    f,
                    "following the links of the folder takes more than {limit} steps"
                )
            }
        }
    }
}

impl Error for PolicyFilesError {}
