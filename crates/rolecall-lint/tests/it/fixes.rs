//! Fixes do what they say: a safe one changes nobody's roles, which is proved, and each takes away what was found.

mod apply;
mod pages;
mod policy;
mod random;
mod shared;
