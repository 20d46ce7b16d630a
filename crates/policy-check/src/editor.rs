//! The language server: what an editor shows while policies are written.

mod completion;
mod diagnostics;
mod hover;
mod lenses;
mod names;
mod navigation;
pub(crate) mod server;
mod structure;
mod text;
mod uri;
mod workspace;
