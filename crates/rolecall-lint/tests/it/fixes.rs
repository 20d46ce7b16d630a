//! Fixes do what they say: a safe one changes nobody's roles, which is proved, and each takes away what was found.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where something is odd"
)]

mod apply;
mod pages;
mod policy;
mod random;
mod shared;
