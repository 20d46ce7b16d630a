//! The files of a policy set: one definition for folders, revisions of git, the command and services.
//!
//! The files of a set are all regular files below its folder whose name ends with `.policy`, those that are hidden or that git
//! ignores included, and nothing below a folder `.git`. A file counts once, however many links lead to it. A link that leads
//! outside of the folder is an error, and so are a link to a file with another name, whose text need not be a policy, and a pipe
//! or a device with such a name.

mod disk;
mod error;
mod folder;
mod links;
mod names;
mod selection;
mod tree;
mod walk;

pub use disk::DiskTree;
pub use error::PolicyFilesError;
pub use folder::{FolderError, MAX_POLICY_BYTES, PolicyFolder, policies_from_folder};
pub use links::{Resolved, resolve};
pub use names::is_policy;
pub use selection::{PolicyFile, Selection};
pub use tree::{EntryKind, PolicyTree, TreeEntry};
pub use walk::select;
