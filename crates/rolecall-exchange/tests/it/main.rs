//! Tests of the server, started as operators start it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "tests may end early"
)]

mod audit;
mod check;
mod denials;
mod metadata;
mod operations;
mod policies;
mod request;
mod support;
mod token;
mod token_client;
