//! State of an issuer's keys.

use std::time::Duration;

use super::fetch_error::FetchError;
use crate::key_set::KeySet;

/// The state of an issuer's keys, for operators and readiness probes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyStatus {
    /// The issuer's name in the policies.
    pub issuer: String,
    /// The number of usable keys. With 0, all tokens of the issuer are refused: no keys were fetched yet, the
    /// last ones are too old, or the issuer has withdrawn them and `error` is [`FetchError::NoUsableKey`].
    pub usable: usize,
    /// The number of entries of the key set that are not used.
    pub skipped: usize,
    /// The time since the keys were fetched; `None` if there are none, or if they are fixed.
    pub age: Option<Duration>,
    /// True if the keys are used although they are older than their source allows.
    pub is_stale: bool,
    /// The error of the last fetch, if it failed.
    pub error: Option<FetchError>,
    /// The number of fetches in a row that failed, up to the last one.
    pub failures: u32,
}

impl KeyStatus {
    /// Returns the state of fixed keys.
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
