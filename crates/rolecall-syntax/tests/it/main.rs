//! The tests, in one binary: each module has its own subject.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test may panic and print"
)]

mod support;

mod errors;
mod format;
mod grammar;
mod language;
mod limits;
mod properties;
mod regressions;
