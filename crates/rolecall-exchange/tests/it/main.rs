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
mod authorize;
mod aws;
mod aws_clients;
mod azure;
mod check;
mod clients;
mod denials;
mod gcp;
mod guides;
mod jobs;
mod metadata;
mod octo_sts;
mod operations;
mod packaging;
mod policies;
mod request;
mod support;
mod token;
mod token_client;
mod upstream;
mod vault;
