//! Policy sets to ask about.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub,
    reason = "a test may stop where something is odd"
)]

pub mod patterns;
pub mod regex;
pub mod small;
pub mod tokens;

use rolecall_engine::{PolicySet, Source};

/// Compiles one file.
pub fn compile(policy: &str) -> PolicySet {
    match PolicySet::compile([Source::new("test.policy", policy)]) {
        Ok(set) => set,
        Err(error) => panic!("{error}\n{policy}"),
    }
}
