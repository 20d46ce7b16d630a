//! An issuer's keys: a JWK set (RFC 7517 section 5).

mod error;

use rolecall_engine::{Algorithm, Document, Items, Json, JsonLimits, TokenKind};

use crate::error::VerifyError;
use crate::excerpt::Excerpt;
use crate::key::{Key, check_kid};
use crate::member::member;
use crate::skip_reason::SkipReason;

pub use error::KeySetError;

/// The maximum size of a key set document in bytes.
pub const MAX_KEY_SET_BYTES: usize = 256 * 1024;

/// The maximum number of entries of a set; AWS has the same limit.
const MAX_KEYS: usize = 100;

/// A set may be larger than a token, and each entry may have as many members as a token.
const LIMITS: JsonLimits = JsonLimits {
    members_in_all: 256 * MAX_KEYS,
    text: MAX_KEY_SET_BYTES,
    ..JsonLimits::CLAIMS
};

/// The usable keys of a JWK set (RFC 7517 section 5), each checked when the set is parsed, and a list of the
/// other entries.
///
/// An unusable entry does not affect the others. A key set only verifies tokens of its issuer, and the
/// configuration names that issuer, not the set. A key only verifies the kind of tokens that its `use` names.
#[derive(Debug, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<UsableKey>,
    skipped: Vec<SkippedKey>,
}

/// A key, and the index of its entry in the set, from 0.
#[derive(Debug, PartialEq, Eq)]
struct UsableKey {
    position: usize,
    key: Key,
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
        if document.len() > MAX_KEY_SET_BYTES {
            return Err(KeySetError::TooLarge {
                length: document.len(),
                limit: MAX_KEY_SET_BYTES,
            });
        }
        let document = Document::parse(document.to_vec(), &LIMITS).map_err(KeySetError::NotJson)?;
        let Some(Json::List(entries)) = member(&document.members(), "keys") else {
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

    /// Parses each entry. A key that is there twice counts once, and keys that could be mistaken for one another
    /// are skipped.
    fn from_entries(entries: Items<'_>) -> Self {
        let mut keys: Vec<UsableKey> = Vec::new();
        let mut skipped = Vec::new();
        for (position, entry) in entries.enumerate() {
            let unique = read(entry).and_then(|key| match keys.iter().find(|first| first.key == key) {
                Some(first) => Err(SkipReason::Repeated {
                    first: first.position,
                }),
                None => Ok(key),
            });
            match unique {
                Ok(key) => keys.push(UsableKey { position, key }),
                Err(reason) => skipped.push(SkippedKey {
                    position,
                    kid: kid(entry),
                    reason,
                }),
            }
        }
        let is_doubtful: Vec<bool> = keys.iter().map(|key| is_ambiguous(key, &keys)).collect();
        let mut is_doubtful = is_doubtful.into_iter();
        let all = Self { keys, skipped };
        all.skip(|_| is_doubtful.next()?.then_some(SkipReason::DuplicateKid))
    }

    /// Returns the set for issuers of one kind of tokens: keys for other kinds are skipped.
    ///
    /// Verification never uses such a key anyway. Without them, [`KeySet::is_empty`] and the other methods are
    /// about the keys of the issuer. A [`Gate`](crate::Gate) does it with all keys that it fetches.
    #[must_use]
    pub fn for_tokens(self, tokens: TokenKind) -> Self {
        self.skip(|key| (key.tokens() != tokens).then_some(SkipReason::WrongUse { tokens }))
    }

    /// Skips the keys for which there is a reason.
    fn skip(mut self, mut reason: impl FnMut(&Key) -> Option<SkipReason>) -> Self {
        self.keys.retain(|UsableKey { position, key }| {
            let reason = reason(key);
            let is_kept = reason.is_none();
            self.skipped.extend(reason.map(|reason| SkippedKey {
                position: *position,
                kid: key.kid().map(str::to_owned),
                reason,
            }));
            is_kept
        });
        self.skipped.sort_by_key(|skipped| skipped.position);
        self
    }

    /// Returns the usable keys, in the order of the set.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter().map(|usable| &usable.key)
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

    /// Returns whether there is a usable key for the kind of tokens.
    #[cfg(feature = "http")]
    pub(crate) fn has_key_for(&self, tokens: TokenKind) -> bool {
        self.keys().any(|key| key.tokens() == tokens)
    }

    /// Returns whether the set has an entry with this `kid`, usable or not.
    pub(crate) fn names(&self, kid: &str) -> bool {
        self.keys().any(|key| key.kid() == Some(kid))
            || self
                .skipped
                .iter()
                .any(|skipped| skipped.kid.as_deref() == Some(kid))
    }

    /// Returns the key that a header names, among those for the kind of tokens.
    ///
    /// With a `kid`, only keys with that `kid` are candidates. Without one, exactly one key must fit the
    /// algorithm (OpenID Connect Core section 10.1): if several were tried, the token would choose its key.
    pub(crate) fn choose(
        &self,
        kid: Option<&str>,
        algorithm: Algorithm,
        tokens: TokenKind,
    ) -> Result<&Key, VerifyError> {
        let own = || self.keys().filter(|key| key.tokens() == tokens);
        let Some(kid) = kid else {
            let fitting = || own().filter(|key| key.fits(algorithm));
            return match (fitting().next(), fitting().count()) {
                (Some(key), 1) => Ok(key),
                (Some(_), keys) => Err(VerifyError::AmbiguousKey { algorithm, keys }),
                (None, _) => Err(VerifyError::UnknownKey { kid: None }),
            };
        };
        let mut named = own().filter(|key| key.kid() == Some(kid)).peekable();
        if named.peek().is_some() {
            return named
                .find(|key| key.fits(algorithm))
                .ok_or(VerifyError::WrongAlgorithm { algorithm });
        }
        let skipped = self
            .skipped
            .iter()
            .find(|skipped| skipped.kid.as_deref() == Some(kid));
        let is_other = self.keys().any(|key| key.kid() == Some(kid));
        let reason = match skipped {
            Some(skipped) => Some(skipped.reason.clone()),
            None => is_other.then_some(SkipReason::WrongUse { tokens }),
        };
        Err(match reason {
            Some(reason) => VerifyError::UnusableKey {
                kid: Excerpt::of(kid),
                reason,
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
    member(&jwk, "kid")
        .and_then(|kid| kid.as_text())
        .filter(|kid| check_kid(kid).is_ok())
        .map(str::to_owned)
}

/// Returns whether another key has the same `kid` and could verify the same tokens (RFC 7517 section 4.5).
fn is_ambiguous(UsableKey { position, key }: &UsableKey, keys: &[UsableKey]) -> bool {
    key.kid().is_some()
        && keys.iter().any(|other| {
            other.position != *position
                && other.key.kid() == key.kid()
                && other.key.tokens() == key.tokens()
                && other.key.algorithms().any(|algorithm| key.fits(algorithm))
        })
}
