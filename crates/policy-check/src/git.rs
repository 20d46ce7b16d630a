//! Files as they were at a revision of git, read without running anything.
//!
//! The repository is read by gix, built without its parts that fetch or filter. Of its configuration nothing is used but the
//! format of its objects: no command, no other work tree, no included file. The environment is not looked at.

mod repository;
mod revision;
mod tree;

pub(crate) use revision::Revision;
pub(crate) use tree::FolderTree;
