//! The keys of an issuer: a JWK set (RFC 7517 section 5).

use std::error::Error;
use std::fmt;

use rolecall_engine::{Algorithm, Document, Items, Json, JsonError, JsonLimits};

use crate::error::VerifyError;
use crate::excerpt::Excerpt;
use crate::key::{Key, is_kid};
use crate::skip_reason::SkipReason;

/// The most bytes of a document that is read.
pub(crate) const LARGEST: usize = 256 * 1024;

/// The most entries of a set, as with AWS.
const MOST_KEYS: usize = 100;

/// A set may be larger than a token, and each of its entries may have as many members as a token.
const LIMITS: JsonLimits = JsonLimits {
    members_in_all: 256 * MOST_KEYS,
    text: LARGEST,
    ..JsonLimits::CLAIMS
};

/// The usable keys of a JWK set (RFC 7517 section 5), each read and checked once, and a list of the others.
///
/// An entry that is not usable does not affect the others. Nothing of a set is ever trusted for what a token says: keys
/// come from the issuer, and which issuer it is comes from the configuration.
#[derive(Debug, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<Key>,
    skipped: Vec<SkippedKey>,
}

/// An entry of a JWK set that is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedKey {
    /// Its place in the set, from 0.
    pub position: usize,
    /// Its `kid`, if it has one that a token could name.
    pub kid: Option<String>,
    /// Why it is not used.
    pub reason: SkipReason,
}

/// Why a document is no JWK set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeySetError {
    /// There is no list of `keys` (RFC 7517 section 5.1).
    NoKeyList,
    /// The document is not JSON, or not an object.
    NotJson(JsonError),
    /// The document is larger than any set that is read.
    TooLarge {
        /// Its length in bytes.
        length: usize,
        /// The most that it may have.
        limit: usize,
    },
    /// The set has more entries than any set that is read.
    TooManyKeys {
        /// How many it has.
        keys: usize,
        /// The most that it may have.
        limit: usize,
    },
}

impl fmt::Display for KeySetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKeyList => f.write_str("the key set has no list `keys`"),
            Self::NotJson(error) => write!(f, "the key set is refused: {error}"),
            Self::TooLarge { length, limit } => {
                write!(f, "the key set has {length} bytes, more than {limit}")
            }
            Self::TooManyKeys { keys, limit } => write!(f, "the key set has {keys} keys, more than {limit}"),
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

impl KeySet {
    /// Reads a JWK set.
    ///
    /// A set without a usable key is a set, too ([`KeySet::is_empty`]): its issuer has withdrawn all its keys.
    ///
    /// # Errors
    /// [`KeySetError`] if the document as a whole is no JWK set.
    pub fn parse(document: &[u8]) -> Result<Self, KeySetError> {
        if document.len() > LARGEST {
            return Err(KeySetError::TooLarge {
                length: document.len(),
                limit: LARGEST,
            });
        }
        let document = Document::parse(document.to_vec(), &LIMITS).map_err(KeySetError::NotJson)?;
        let Some(Json::List(entries)) = document.members().get("keys") else {
            return Err(KeySetError::NoKeyList);
        };
        let keys = entries.count();
        if keys > MOST_KEYS {
            return Err(KeySetError::TooManyKeys {
                keys,
                limit: MOST_KEYS,
            });
        }
        Ok(Self::sort_out(entries))
    }

    /// Reads each entry, and drops those that could be mistaken for one another.
    fn sort_out(entries: Items<'_>) -> Self {
        let mut keys = Vec::new();
        let mut skipped = Vec::new();
        for (position, entry) in entries.enumerate() {
            match read(entry) {
                Ok(key) => keys.push((position, key)),
                Err(reason) => skipped.push(SkippedKey {
                    position,
                    kid: kid(entry),
                    reason,
                }),
            }
        }

        let (clear, doubtful): (Vec<_>, Vec<_>) = {
            let doubtful: Vec<bool> = keys
                .iter()
                .map(|(position, key)| has_double(*position, key, &keys))
                .collect();
            keys.into_iter()
                .zip(doubtful)
                .partition(|(_, doubtful)| !doubtful)
        };
        skipped.extend(doubtful.into_iter().map(|((position, key), _)| SkippedKey {
            position,
            kid: key.kid().map(str::to_owned),
            reason: SkipReason::DuplicateKid,
        }));
        skipped.sort_by_key(|skipped| skipped.position);
        Self {
            keys: clear.into_iter().map(|((_, key), _)| key).collect(),
            skipped,
        }
    }

    /// The usable keys, in the order of the set.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter()
    }

    /// The entries that are not used, in the order of the set.
    pub fn skipped(&self) -> impl Iterator<Item = &SkippedKey> {
        self.skipped.iter()
    }

    /// How many usable keys there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is no usable key.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether the set has an entry of this `kid`, be it usable or not.
    pub(crate) fn names(&self, kid: &str) -> bool {
        self.keys.iter().any(|key| key.kid() == Some(kid))
            || self
                .skipped
                .iter()
                .any(|skipped| skipped.kid.as_deref() == Some(kid))
    }

    /// The one key that a header means.
    ///
    /// With a `kid`, only keys of that `kid` are looked at. Without one there must be exactly one that fits the algorithm
    /// (OpenID Connect Core section 10.1): trying several would let a token choose.
    pub(crate) fn choose(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<&Key, VerifyError> {
        let Some(kid) = kid else {
            let mut fitting = self.keys.iter().filter(|key| key.fits(algorithm));
            return match (fitting.next(), fitting.count()) {
                (Some(key), 0) => Ok(key),
                (Some(_), others) => Err(VerifyError::AmbiguousKey {
                    algorithm,
                    keys: others.saturating_add(1),
                }),
                (None, _) => Err(VerifyError::UnknownKey { kid: None }),
            };
        };
        let mut named = self.keys.iter().filter(|key| key.kid() == Some(kid)).peekable();
        if named.peek().is_some() {
            return named
                .find(|key| key.fits(algorithm))
                .ok_or(VerifyError::WrongAlgorithm { algorithm });
        }
        let skipped = self
            .skipped
            .iter()
            .find(|skipped| skipped.kid.as_deref() == Some(kid));
        Err(match skipped {
            Some(skipped) => VerifyError::UnusableKey {
                kid: Excerpt::of(kid),
                reason: skipped.reason.clone(),
            },
            None => VerifyError::UnknownKey {
                kid: Some(Excerpt::of(kid)),
            },
        })
    }
}

fn read(entry: Json<'_>) -> Result<Key, SkipReason> {
    match entry {
        Json::Object(jwk) => Key::read(&jwk),
        _ => Err(SkipReason::NotAnObject),
    }
}

/// The `kid` of an entry, whatever else is wrong with it.
fn kid(entry: Json<'_>) -> Option<String> {
    let Json::Object(jwk) = entry else {
        return None;
    };
    jwk.get("kid")
        .and_then(|kid| kid.as_text())
        .filter(|kid| is_kid(kid))
        .map(str::to_owned)
}

/// Whether another key has the `kid` of this one and could verify the same tokens (RFC 7517 section 4.5).
fn has_double(position: usize, key: &Key, keys: &[(usize, Key)]) -> bool {
    key.kid().is_some()
        && keys.iter().any(|(other_position, other)| {
            *other_position != position
                && other.kid() == key.kid()
                && other.algorithms().any(|algorithm| key.fits(algorithm))
        })
}
