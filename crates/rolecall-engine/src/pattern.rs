//! Patterns: the operators `like`, `glob`, `under` and `matches`.

mod affix;
mod automaton;
mod error;
mod glob;
mod outline;
mod parse;
mod progress;
mod regular;
mod rest;
mod split;
mod states;
mod wildcard;

pub use affix::Affix;
pub use error::RegularError;
pub use glob::{Glob, GlobError, GlobSegment};
pub use outline::OutlinePiece;
pub use progress::Progress;
pub use regular::{Regular, Regulars};
pub(crate) use rest::Rest;
pub use wildcard::{Wildcard, WildcardPiece};

use std::fmt;

/// A pattern, compiled once. Each matches the whole value, byte by byte, in time linear in the value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pattern {
    /// `glob "…"`
    Glob(Glob),
    /// `like "…"`
    Like(Wildcard),
    /// `matches /…/`
    Matches(Regular),
    /// `under "…"`: this path or one below it.
    Under(Box<str>),
}

impl Pattern {
    /// Returns true if the pattern matches the whole value.
    pub fn accepts(&self, value: &str) -> bool {
        match self {
            Self::Glob(glob) => glob.accepts(value),
            Self::Like(wildcard) => wildcard.accepts(value),
            Self::Matches(regular) => regular.accepts(value),
            Self::Under(path) => value
                .strip_prefix(&**path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
        }
    }
}

/// Writes the pattern as in a policy, without its operator.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Glob(glob) => write!(f, "\"{glob}\""),
            Self::Like(wildcard) => write!(f, "\"{wildcard}\""),
            Self::Matches(regular) => write!(f, "/{}/", regular.text()),
            Self::Under(path) => write!(f, "\"{path}\""),
        }
    }
}
