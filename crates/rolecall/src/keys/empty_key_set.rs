//! The answer to an issuer that publishes no keys any more.

use super::fetch_error::FetchError;

/// Treatment of the keys in use when their issuer publishes a JWK set without any key: `{"keys":[]}`.
///
/// RFC 7517 lets a set be empty, and a rotation never needs one: OpenID Connect Core section 10.1.1 has the issuer publish
/// the new key before it signs with it, and keep the old one for a while. So an empty set is either what is left when an
/// issuer withdraws all its keys in an emergency, or the answer of a server that has lost them. A set with entries none of
/// which is usable is never taken for an outage: it always ends the use of the old keys. The only key of such a set can be a
/// private one, which anybody could sign with.
///
/// A fetch that fails in another way, such as a server that is down or a page of HTML, never ends the use of keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmptyKeySet {
    /// An emergency revocation: the keys are not used from that fetch on, and all tokens of the issuer are refused with
    /// `no_keys` until it publishes keys again. They are looked for after a second, and then each half minute.
    #[default]
    Revoke,
    /// An outage: the keys are used until [`KeySources::max_stale`](crate::KeySources::max_stale) is over. An issuer can
    /// then withdraw a key at once only by publishing another one.
    KeepUntilStale,
}

impl EmptyKeySet {
    /// Reports if keys are not used any more after a fetch with this error.
    pub(super) fn revokes(self, error: &FetchError) -> bool {
        match (error, self) {
            (FetchError::NoUsableKey { skipped: 0 }, Self::KeepUntilStale) => false,
            (FetchError::NoUsableKey { .. }, _) => true,
            _ => false,
        }
    }
}
