//! Errors of a key set document.

use std::error::Error;
use std::fmt;

use rolecall_engine::JsonError;

/// The reason why a document is not a JWK set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeySetError {
    /// The member `keys` is missing or not a list (RFC 7517 section 5.1).
    NoKeyList,
    /// The document is not a valid JSON object within the limits.
    NotJson(JsonError),
    /// The document is larger than the limit.
    TooLarge {
        /// The length in bytes.
        length: usize,
        /// The maximum.
        limit: usize,
    },
    /// The set has more entries than the limit.
    TooManyKeys {
        /// The number of entries.
        keys: usize,
        /// The maximum.
        limit: usize,
    },
}

impl fmt::Display for KeySetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKeyList => f.write_str("the key set has no `keys` list"),
            Self::NotJson(error) => write!(f, "the key set is not valid: {error}"),
            Self::TooLarge { length, limit } => {
                write!(f, "the key set has {length} bytes; at most {limit} are allowed")
            }
            Self::TooManyKeys { keys, limit } => {
                write!(f, "the key set has {keys} keys; at most {limit} are allowed")
            }
        }
    }
}

impl Error for KeySetError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NotJson(error) => Some(error),
            _ => None,
        }
    }
}
