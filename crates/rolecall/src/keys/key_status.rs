//! How things stand with the keys of an issuer.

use std::time::Duration;

use super::fetch_error::FetchError;
use crate::key_set::KeySet;

/// How things stand with the keys of an issuer: what to show to operators, and to ask before a service calls itself ready.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyStatus {
    /// The name of the issuer.
    pub issuer: String,
    /// How many keys tokens are verified with now. Without any, all tokens of the issuer are refused: none were read yet, the
    /// last ones are too old, or their issuer has withdrawn them and `error` is [`FetchError::NoUsableKey`].
    pub usable: usize,
    /// How many entries of the key set are not used.
    pub skipped: usize,
    /// How long ago the keys were read, if there are any and they are not fixed.
    pub age: Option<Duration>,
    /// Whether the keys are used although they are older than their source wants.
    pub is_stale: bool,
    /// Why the last fetch failed, if it did.
    pub error: Option<FetchError>,
    /// How many fetches in a row failed, up to now.
    pub failures: u32,
}

impl KeyStatus {
    /// Keys that nobody has to read.
    pub(super) fn fixed(issuer: &str, keys: &KeySet) -> Self {
        Self {
            issuer: issuer.to_owned(),
            usable: keys.len(),
            skipped: keys.skipped().count(),
            age: None,
            is_stale: false,
            error: None,
            failures: 0,
        }
    }
}
