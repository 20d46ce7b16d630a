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

mod fuzz;
mod http_server;
mod outside;
mod sampling;
mod stage;
mod support;
mod tokens;

mod accepted;
mod allocations;
mod bad_keys;
mod boundaries;
mod coercion;
mod config;
mod confusion;
mod differential;
mod forms;
mod gate;
mod headers;
mod http_keys;
mod http_refusals;
mod http_tls;
mod json;
mod key_files;
mod keys;
mod kids;
mod mutations;
mod naughty;
mod policy_folder;
mod policy_watch;
mod provider;
mod refusals;
mod regressions;
mod remembered;
mod requirements;
mod serialized;
mod signatures;
mod signed_json;
mod spellings;
mod svid;
mod test_issuer;
mod times;
