//! The tests, in one binary: each module has its own subject.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may panic and print"
)]

mod support;

mod agreement;
mod allocations;
mod cases;
mod compiler;
mod decisions;
mod documents;
mod externals;
mod issuers;
mod layouts;
mod meaning;
mod mistakes;
mod patterns;
mod plain;
mod regressions;
mod selectors;
mod serde_json_claims;
mod times;
mod token_files;
mod twins;
mod views;
