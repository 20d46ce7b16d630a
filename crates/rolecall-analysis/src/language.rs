//! Languages: what a claim may be, and what comparisons accept of it. Each is kept once, by its smallest automaton.
//!
//! The state of a claim is one word. If the claim can be compared, it is its text, as templates write it; if the token does
//! not have it, it is [`ABSENT`]; if it is there but cannot be compared, it is [`ODD`]. No text has these bytes.

mod characters;
mod domain;
mod filtered;
mod literals;
mod mark;
mod nfa;
mod number;
mod pattern;
mod recipe;
mod regular;
mod set;
#[cfg(test)]
mod tests;

pub(crate) use mark::{ABSENT, ODD, is_mark};
pub(crate) use recipe::size_of_pattern;
pub(crate) use set::{LangId, Languages};
