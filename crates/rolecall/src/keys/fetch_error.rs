//! Why keys could not be read.

use std::error::Error;
use std::fmt;

use crate::json::JsonError;
use crate::key_set::KeySetError;

/// Why the keys of an issuer could not be read.
///
/// It never holds what a server answered: an answer can come from where nobody should read it (CWE-918).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchError {
    /// The document is no JWK set.
    KeySet(KeySetError),
    /// The set has no key that can be used. Nobody's tokens could be verified with it.
    NoUsableKey {
        /// How many entries there are, none of them usable.
        skipped: usize,
    },
    /// A document is not JSON, or not an object.
    NotJson(JsonError),
}

impl FetchError {
    /// A word for the error that stays the same from version to version.
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeySet(_) => "key_set",
            Self::NoUsableKey { .. } => "no_usable_key",
            Self::NotJson(_) => "not_json",
        }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeySet(error) => error.fmt(f),
            Self::NoUsableKey { skipped } => write!(f, "none of the {skipped} keys of the set can be used"),
            Self::NotJson(error) => write!(f, "the document is refused: {error}"),
        }
    }
}

impl Error for FetchError {}
