//! The language server: what an editor shows while policies are written.

mod analyzed;
pub(crate) mod capabilities;
mod completion;
mod diagnostics;
mod document;
mod edits;
mod hover;
mod lenses;
mod names;
mod navigation;
mod requests;
pub(crate) mod server;
mod snippets;
mod structure;
mod text;
mod uri;
mod workspace;
