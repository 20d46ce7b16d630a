//! Problems of a policy folder.

use std::error::Error;
use std::fmt;
use std::io;

/// The reason why a folder is not a usable policy set. Paths are relative to the folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PolicyFilesError {
    /// There are no `.policy` files. A set without policies denies everything, which is rarely intended.
    Empty,
    /// A file is larger than the limit.
    FileTooLarge {
        /// The path.
        path: String,
        /// The size in bytes; it may be too low if the file grew while it was read.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// A link leads outside of the folder, or below a `.git`, so its text is not part of the set.
    LeadsOutside {
        /// The link.
        link: String,
        /// The target of the link, as written.
        target: String,
    },
    /// A link with the name of a policy file leads to nothing.
    LeadsNowhere {
        /// The link.
        link: String,
        /// The target of the link, as written.
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
        /// The path, with U+FFFD for bytes that are not UTF-8.
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
    /// A git clone lacks an object, for example because of `--filter`.
    NotInClone {
        /// The path of the file or folder.
        path: String,
    },
    /// The text of a file is not UTF-8.
    NotUtf8 {
        /// The path.
        path: String,
    },
    /// Folders are nested more deeply than the limit.
    TooDeep {
        /// The first folder that is too deep.
        folder: String,
        /// The limit.
        limit: usize,
    },
    /// The files together are larger than the limit.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The folder and its subfolders have more entries than the limit.
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
    /// Returns the error of an entry that the operating system cannot read.
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

    /// Returns what to do about the error.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Empty => "name a folder with `*.policy` files",
            Self::LeadsOutside { .. } => {
                "put a copy of the file into the folder, or name the folder that contains both"
            }
            Self::LeadsNowhere { .. } => "remove the link, or restore its target",
            Self::LeadsToOther { .. } => "give the target a name that also ends with `.policy`",
            Self::NameNotUtf8 { .. } => "rename the entry",
            Self::NotAFile { .. } => "remove the entry, or give it another name",
            Self::NotInClone { .. } => "clone without `--filter`, or check the clone with `git fsck`",
            Self::NotRead { .. } => "check its permissions",
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
                write!(f, "`{path}` has {bytes} bytes; at most {limit} are allowed")
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
            Self::NotInClone { path } => write!(f, "the clone lacks objects of `{path}`"),
            Self::NotUtf8 { path } => write!(f, "the text of `{path}` is not UTF-8"),
            Self::TooDeep { folder, limit } => {
                write!(
                    f,
                    "the folder `{folder}` is nested more than {limit} folders deep"
                )
            }
            Self::TooLarge { limit } => {
                write!(
                    f,
                    "the policy files together are larger than {} MiB",
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
