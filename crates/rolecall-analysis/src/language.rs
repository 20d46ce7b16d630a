//! Languages: the possible values of a claim, and the values that comparisons accept. Each is kept once, by
//! its minimal automaton.
//!
//! The state of a claim is one word. If the claim can be compared, it is the claim's text, as templates write
//! it. If the token does not have the claim, it is [`ABSENT`]; if a `nullable` claim is null, it is [`NULL`];
//! if the claim is there but its value is not of its type, it is [`ILL_TYPED`]. No text has the bytes of these
//! three.

mod construction;
mod domain;
mod id;
mod literals;
mod mark;
mod nfa;
mod number;
mod pattern;
mod preimage;
mod product;
mod regular;
mod set;
#[cfg(test)]
mod tests;
mod utf8;

pub(crate) use construction::size_of_pattern;
pub(crate) use id::LangId;
pub(crate) use mark::{ABSENT, ILL_TYPED, NULL, is_mark};
pub(crate) use set::Languages;
