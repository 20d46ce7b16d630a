//! Tests of the server, started as operators start it.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::string_slice,
    clippy::unwrap_used,
    missing_docs,
    reason = "tests may end early"
)]

mod audit;
mod aws;
mod aws_clients;
mod metadata;
mod operations;
mod request;
mod support;
mod token;
mod upstream;
