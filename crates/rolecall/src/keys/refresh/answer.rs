//! Results of the schedule: the decision for a request, and the outcome of a fetch.

use std::sync::Arc;
use std::time::Instant;

use super::super::fetch_error::FetchError;
use crate::key_set::KeySet;

/// Keys that requests may use without the lock, and until when.
pub(in crate::keys) struct Current {
    pub(in crate::keys) keys: Arc<KeySet>,
    pub(in crate::keys) until: Instant,
}

/// The decision for a request.
pub(in crate::keys) struct Answer {
    /// True if the caller must start a fetch, and report its end.
    pub(in crate::keys) start: bool,
    pub(in crate::keys) advice: Advice,
}

/// The source of a request's keys.
pub(in crate::keys) enum Advice {
    Use(Arc<KeySet>),
    /// The running fetch, if not too many callers wait for it.
    Wait(WaitLimit),
    /// None for now.
    Missing,
}

/// The bound on the callers that wait for a fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::keys) enum WaitLimit {
    /// For a fetch that most likely brings the keys that all callers need: the first one, or one that renews
    /// old keys.
    Wide,
    /// For a fetch that may bring nothing: the callers name an unknown key, or the last fetch failed.
    Narrow,
}

/// The outcome of a fetch.
pub(in crate::keys) enum Outcome {
    Fetched {
        keys: Arc<KeySet>,
        changed: bool,
    },
    Failed {
        error: FetchError,
        failures: u32,
        /// The keys that are no longer used, because their issuer has withdrawn them.
        withdrawn: Option<Arc<KeySet>>,
    },
}
