//! The tests, in one binary: each module has its own subject.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::string_slice,
    unreachable_pub,
    reason = "a test may panic and print"
)]

mod support;

mod answers;
mod brute_force;
mod decided;
mod derivations;
mod difference;
mod externals;
mod hostile;
mod ids;
mod issuers;
mod languages;
mod laws;
mod memory;
mod near_misses;
mod obligations;
mod oddities;
mod policies;
mod proposals;
mod removals;
mod repairs;
mod repairs_of_policies;
mod scale;
mod selectors;
mod solvers;
mod unknown;
