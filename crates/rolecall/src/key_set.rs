//! An issuer's keys: a JWK set (RFC 7517 section 5).

mod error;

use rolecall_engine::{Algorithm, Document, Items, Json, JsonLimits};

use crate::error::VerifyError;
use crate::excerpt::Excerpt;
use crate::key::{Key, is_kid};
use crate::skip_reason::SkipReason;

pub use error::KeySetError;

/// The maximum size of a key set document in bytes.
pub(crate) const MAX_BYTES: usize = 256 * 1024;

/// The maximum number of entries of a set; AWS has the same limit.
const MAX_KEYS: usize = 100;

/// A set may be larger than a token, and each entry may have as many members as a token.
const LIMITS: JsonLimits = JsonLimits {
    members_in_all: 256 * MAX_KEYS,
    text: MAX_BYTES,
    ..JsonLimits::CLAIMS
};

/// The usable keys of a JWK set (RFC 7517 section 5), each checked when the set is parsed, and a list of the
/// other entries.
///
/// An unusable entry does not affect the others. A key set only verifies tokens of its issuer, and the
/// configuration names that issuer, not the set.
#[derive(Debug, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<Key>,
    skipped: Vec<SkippedKey>,
}

/// An entry of a JWK set that is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedKey {
    /// The index of the entry in the set, from 0.
    pub position: usize,
    /// The entry's `kid`, if it is valid.
    pub kid: Option<String>,
    /// The reason why the entry is not used.
    pub reason: SkipReason,
}

impl KeySet {
    /// Parses a JWK set, which may have at most 256 KiB and 100 entries.
    ///
    /// A set without a usable key is not an error ([`KeySet::is_empty`]): its issuer has withdrawn all its
    /// keys.
    ///
    /// # Errors
    /// [`KeySetError`] if the document is not a JWK set. A faulty entry is not an error: it is in
    /// [`KeySet::skipped`].
    pub fn parse(document: &[u8]) -> Result<Self, KeySetError> {
        if document.len() > MAX_BYTES {
            return Err(KeySetError::TooLarge {
                length: document.len(),
                limit: MAX_BYTES,
            });
        }
        let document = Document::parse(document.to_vec(), &LIMITS).map_err(KeySetError::NotJson)?;
        let Some(Json::List(entries)) = document.members().get("keys") else {
            return Err(KeySetError::NoKeyList);
        };
        let keys = entries.count();
        if keys > MAX_KEYS {
            return Err(KeySetError::TooManyKeys {
                keys,
                limit: MAX_KEYS,
            });
        }
        Ok(Self::from_entries(entries))
    }

    /// Parses each entry, and skips keys that could be mistaken for one another.
    fn from_entries(entries: Items<'_>) -> Self {
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
                .map(|(position, key)| is_ambiguous(*position, key, &keys))
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

    /// Returns the usable keys, in the order of the set.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter()
    }

    /// Returns the entries that are not used, in the order of the set.
    pub fn skipped(&self) -> impl Iterator<Item = &SkippedKey> {
        self.skipped.iter()
    }

    /// Returns the number of usable keys.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Returns whether there is no usable key.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns whether the set has an entry with this `kid`, usable or not.
    pub(crate) fn names(&self, kid: &str) -> bool {
        self.keys.iter().any(|key| key.kid() == Some(kid))
            || self
                .skipped
                .iter()
                .any(|skipped| skipped.kid.as_deref() == Some(kid))
    }

    /// Returns the key that a header names.
    ///
    /// With a `kid`, only keys with that `kid` are candidates. Without one, exactly one key must fit the
    /// algorithm (OpenID Connect Core section 10.1): if several were tried, the token would choose its key.
    pub(crate) fn choose(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<&Key, VerifyError> {
        let Some(kid) = kid else {
            let fitting = || self.keys.iter().filter(|key| key.fits(algorithm));
            return match (fitting().next(), fitting().count()) {
                (Some(key), 1) => Ok(key),
                (Some(_), keys) => Err(VerifyError::AmbiguousKey { algorithm, keys }),
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

/// Returns the `kid` of an entry, even if other members are malformed.
fn kid(entry: Json<'_>) -> Option<String> {
    let Json::Object(jwk) = entry else {
        return None;
    };
    jwk.get("kid")
        .and_then(|kid| kid.as_text())
        .filter(|kid| is_kid(kid))
        .map(str::to_owned)
}

/// Returns whether another key has the same `kid` and could verify the same tokens (RFC 7517 section 4.5).
fn is_ambiguous(position: usize, key: &Key, keys: &[(usize, Key)]) -> bool {
    key.kid().is_some()
        && keys.iter().any(|(other_position, other)| {
            *other_position != position
                && other.kid() == key.kid()
                && other.algorithms().any(|algorithm| key.fits(algorithm))
        })
}
