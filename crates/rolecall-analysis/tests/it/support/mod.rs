//! Policy sets to ask about.

pub mod many;
pub mod patterns;
pub mod regex;
pub mod sampling;
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
