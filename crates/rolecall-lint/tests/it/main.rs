//! The tests, in one binary: each module has its own subject.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic and print"
)]

#[path = "../../../rolecall/tests/it/outside.rs"]
mod outside;

mod cases;
mod fixes;
mod hygiene;
mod index;
mod pages;
mod regressions;
#[path = "../../../rolecall/tests/it/sampling.rs"]
mod sampling;
mod session;
mod severities;
mod tenants;
mod trust_corpus;
mod widths;
