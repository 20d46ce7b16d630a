//! The command as people and programs meet it: what it prints, and how it exits.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic and print"
)]

mod blessed;
mod cases;
mod check;
mod console;
mod decide;
mod diff;
mod explain;
mod explain_claims;
mod explain_repairs;
mod explain_unused;
mod fetch;
mod files;
mod fmt;
mod foreign;
mod formats;
mod gen_tests;
mod git;
mod graph;
mod guide;
mod hand_made;
mod help;
mod hostile;
mod inert;
mod init;
mod keys;
mod lint;
mod lsp;
mod mentions;
mod merge_request;
mod picture;
mod policies;
mod prove;
mod refused;
mod schema;
mod schemas;
mod security;
mod server;
mod test;
mod token_files;
mod tokens;
mod unable;
mod walk;
mod witness;
mod xml;
