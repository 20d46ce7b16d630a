//! Trust policies of clouds and other systems, read where they stand.
//!
//! The crate turns the text of a foreign document into a tree of its source, with a location for each part.
//! It reads no file and uses no network.

pub mod aws;
pub mod document;
mod notice;
mod translation;

pub use notice::{Notice, NoticeKind};
pub use translation::{
    Coverage, Fidelity, ForeignError, ForeignFile, TranslatedRole, Translation, translate,
};
