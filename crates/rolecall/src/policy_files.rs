//! The files of a policy set, defined once for folders, git revisions, the command and services.
//!
//! The files of a set are all regular files below its folder whose name ends with `.policy`, including hidden
//! files and those that git ignores, but nothing below a folder `.git`. A file counts once, however many
//! links lead to it. Errors are: a link that leads outside of the folder, a link to a file with another kind
//! of name, whose text need not be a policy, and a pipe or a device with the name of a policy file.

mod disk;
mod error;
mod folder;
mod links;
mod names;
mod selection;
mod settling;
mod token_files;
mod tree;
mod walk;

pub use disk::DiskTree;
pub use error::PolicyFilesError;
pub(crate) use folder::PolicyFolder;
pub use folder::{FolderError, MAX_POLICY_BYTES, policies_from_folder, policy_sources};
pub use links::{Resolved, resolve};
pub use names::is_policy;
pub use selection::{PolicyFile, Selection};
pub(crate) use settling::{Reading, Settling};
pub use token_files::{MAX_TOKEN_FILES_BYTES, read_token_files, test_files, token_file};
pub use tree::{EntryKind, PolicyTree, TreeEntry};
pub use walk::select;
