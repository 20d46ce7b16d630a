//! Setting for an issuer that publishes an empty key set.

use super::fetch_error::FetchError;

/// Treatment of the keys in use when their issuer publishes a JWK set without any key: `{"keys":[]}`.
///
/// RFC 7517 allows an empty set, and a rotation never needs one: under OpenID Connect Core section 10.1.1 an
/// issuer publishes a new key before it signs with it, and keeps the old one for a while. An empty set
/// therefore means either that the issuer has withdrawn all its keys in an emergency, or that its server has
/// lost them. A set that has entries but no usable one always ends the use of the old keys, because its only
/// key may be a published private one, with which anyone could sign.
///
/// A fetch that fails in any other way, such as a server that is down or an HTML page, never ends the use of
/// keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmptyKeySet {
    /// Treats it as an emergency revocation: the keys are not used from that fetch on, and all tokens of the
    /// issuer are refused with `no_keys` until it publishes keys again. The next fetches follow after a
    /// second, and then every half minute.
    #[default]
    Revoke,
    /// Treats it as an outage: the keys are used until
    /// [`KeySources::max_stale`](crate::KeySources::max_stale) is over. An issuer can then withdraw a key at
    /// once only by publishing another one.
    KeepUntilStale,
}

impl EmptyKeySet {
    /// Returns whether keys are withdrawn by a fetch with this error.
    pub(super) fn revokes(self, error: &FetchError) -> bool {
        match (error, self) {
            (FetchError::NoUsableKey { skipped: 0 }, Self::KeepUntilStale) => false,
            (FetchError::NoUsableKey { .. }, _) => true,
            _ => false,
        }
    }
}
