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
mod audit_copy;
mod authorize;
mod aws;
mod aws_clients;
mod azure;
mod chains;
mod check;
mod clients;
mod clock;
mod denials;
mod every_door;
mod gcp;
mod gcp_upstream;
mod guides;
mod jobs;
mod keys;
mod limits;
mod metadata;
mod names;
mod octo_sts;
mod openbao;
mod operations;
#[path = "../../../rolecall/tests/it/outside.rs"]
#[allow(dead_code, reason = "there are no vectors for this crate")]
mod outside;
mod packaging;
mod policies;
mod provider;
mod proxies;
mod relying_parties;
mod replay;
mod request;
mod shapes;
mod support;
mod token;
mod token_client;
mod upstream;
mod vault;
mod vault_upstream;
