//! Observers of a gate's events.

use std::time::Duration;

use rolecall_engine::Decision;

use crate::error::VerifyError;
#[cfg(doc)]
use crate::excerpt::Excerpt;
use crate::key_set::{KeySet, SkippedKey};
use crate::keys::FetchError;
use crate::verified_token::VerifiedToken;
use crate::watch_error::WatchError;

/// A receiver of a gate's events, for logs, metrics and alarms.
///
/// It is called from several threads. Events about requests are in the path of these requests, so it should be
/// quick; if it panics, the request does. Events about keys come from a thread of their own: an observer that
/// hangs or panics delays neither fetches nor requests. While it hangs, up to 16,384 reports wait for it, and
/// further ones are lost.
pub trait Observer: Send + Sync + 'static {
    /// Receives an event.
    fn observe(&self, event: &Event<'_>);
}

/// Drops all events.
impl Observer for () {
    fn observe(&self, _event: &Event<'_>) {}
}

/// An event of a gate. Events about keys contain no text from a token.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A decision on a role was made for an accepted token: on the role that was asked for, or on each role
    /// that the token gets. Its texts can come from the token; do not use them as metric names.
    Decided {
        /// The role that was asked for, as the caller gave it. If the decision has no role, the policies do
        /// not have this one: then it may be any text of any length, which [`Excerpt`] makes safe to show.
        role: &'a str,
        /// The accepted token.
        token: &'a VerifiedToken,
        /// The decision, with the reason for a denial.
        decision: &'a Decision<'a>,
    },
    /// The keys of an issuer were fetched, and are used from now on.
    KeysFetched {
        /// The issuer's name in the policies.
        issuer: &'a str,
        /// The fetched keys.
        keys: &'a KeySet,
        /// True if the keys differ from those before, or are the first ones.
        changed: bool,
        /// The duration of the fetch.
        took: Duration,
    },
    /// The keys of an issuer could not be fetched. The keys in use stay in use, unless
    /// [`Event::KeysWithdrawn`] follows.
    KeysNotFetched {
        /// The issuer's name in the policies.
        issuer: &'a str,
        /// The reason.
        error: &'a FetchError,
        /// The number of fetches in a row that failed, including this one.
        failures: u32,
    },
    /// An alarm: an issuer no longer publishes a usable key, and its old keys are no longer used. All its
    /// tokens are refused with `no_keys` until it publishes keys again. Reported once;
    /// [`EmptyKeySet`](crate::EmptyKeySet) is the setting.
    KeysWithdrawn {
        /// The issuer's name in the policies.
        issuer: &'a str,
        /// The keys that were in use until now.
        keys: &'a KeySet,
    },
    /// An alarm: a key set contains a private key (RFC 7517 section 9.2), with which anyone who saw it can
    /// sign. Tokens signed with it are refused here. Inform its owner.
    PrivateKeyPublished {
        /// The issuer's name in the policies.
        issuer: &'a str,
        /// The entry of the key set.
        entry: &'a SkippedKey,
    },
    /// The files of a watched folder have changed, and cannot be used. The policies in use stay in use. It is
    /// reported once for each state of the files.
    PoliciesNotReplaced {
        /// The reason.
        error: &'a WatchError,
    },
    /// The policies were replaced.
    PoliciesReplaced {
        /// The number of roles of the new policies.
        roles: usize,
    },
    /// The policies were replaced, and the new ones no longer have these roles: requests for them are denied
    /// from now on. It follows [`Event::PoliciesReplaced`].
    RolesRemoved {
        /// The names of the roles, in the order of the old policies. The list is not empty.
        roles: &'a [&'a str],
    },
    /// A token was refused.
    TokenRefused {
        /// The role that was asked for, as the caller gave it: any text of any length, which [`Excerpt`]
        /// makes safe to show. `None` if all roles were asked for.
        role: Option<&'a str>,
        /// The reason.
        error: &'a VerifyError,
    },
}
