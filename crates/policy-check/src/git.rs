//! Files at a git revision, read without running git.
//!
//! The repository is read by gix, built without its fetching and filtering features. Only the object format
//! is taken from the repository's configuration: no command, no other work tree, no included file. `init` also
//! suggests the project at the URL of `origin`.
//! Environment variables are ignored.

mod repository;
mod revision;
mod tree;

pub(crate) use repository::origin;
pub(crate) use revision::Revision;
pub(crate) use tree::FolderTree;
