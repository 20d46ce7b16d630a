//! Who is told what happens.

use std::sync::Arc;
use std::time::Duration;

use rolecall_engine::Decision;

use crate::error::VerifyError;
use crate::key_set::{KeySet, SkippedKey};
use crate::keys::FetchError;
use crate::verified_token::VerifiedToken;

/// Is told what happens: to log it, to count it, to raise an alarm.
///
/// It is told from several threads, and should be quick.
pub trait Observer: Send + Sync + 'static {
    /// Something happened.
    fn observe(&self, event: &Event<'_>);
}

/// Nobody needs to know.
impl Observer for () {
    fn observe(&self, _event: &Event<'_>) {}
}

/// What happened. No event about keys has text in it that a token brought along.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A role was asked for with a good token, or is one of those that a good token may take. What the token says is in it,
    /// and is no text for the names of metrics.
    Decided {
        /// The token.
        token: &'a VerifiedToken,
        /// Whether it may take the role, and why not.
        decision: &'a Decision<'a>,
    },
    /// The keys of an issuer were read, and are used from now on.
    KeysFetched {
        /// The name of the issuer.
        issuer: &'a str,
        /// The keys.
        keys: &'a KeySet,
        /// Whether they are others than before, or the first.
        changed: bool,
        /// How long it took.
        took: Duration,
    },
    /// The keys of an issuer could not be read. Those that are there go on being used, unless [`Event::KeysWithdrawn`]
    /// follows.
    KeysNotFetched {
        /// The name of the issuer.
        issuer: &'a str,
        /// Why.
        error: &'a FetchError,
        /// How many fetches in a row failed, with this one.
        failures: u32,
    },
    /// An alarm: an issuer has no usable key any more, and those that it had are no longer used. All its tokens are refused
    /// with `no_keys` until it publishes keys again. It is reported once; [`EmptyKeySet`](crate::EmptyKeySet) is the setting.
    KeysWithdrawn {
        /// The name of the issuer.
        issuer: &'a str,
        /// The keys that were used until now.
        keys: &'a KeySet,
    },
    /// An alarm: a private key was published with a key set (RFC 7517 section 9.2). Whoever saw it can sign as the issuer,
    /// and all that is signed with it is refused here. Tell its owner.
    PrivateKeyPublished {
        /// The name of the issuer.
        issuer: &'a str,
        /// The entry of the set.
        entry: &'a SkippedKey,
    },
    /// Other policies are in use from now on.
    PoliciesReplaced {
        /// How many roles they have.
        roles: usize,
    },
    /// A token was not accepted.
    TokenRefused {
        /// Why.
        error: &'a VerifyError,
    },
}

/// An observer that tells `tracing`, too, if that is asked for.
pub(crate) fn watch(observer: Arc<dyn Observer>) -> Arc<dyn Observer> {
    #[cfg(feature = "tracing")]
    let observer = Arc::new(crate::trace::Traced(observer));
    observer
}
