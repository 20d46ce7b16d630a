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

mod aws;
mod azure;
mod case_file;
mod cel;
mod cloudformation;
mod configurations;
mod drift;
mod export;
mod families;
mod google;
mod hcl;
mod json;
mod kubernetes;
mod migration;
mod octo_sts;
mod oracles;
mod ownership;
mod regressions;
mod terraform;
mod translation;
mod vault;
mod yaml;
