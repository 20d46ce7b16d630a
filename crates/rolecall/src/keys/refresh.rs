//! Schedule of one issuer's key fetches, as a state machine. Time and randomness are arguments. It neither
//! waits nor fetches: it only decides what callers do. Durations saturate at zero, because a clock that a
//! service supplies may go back.

mod answer;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod searches;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Fetched;
use super::empty_key_set::EmptyKeySet;
use super::fetch_error::FetchError;
use super::key_status::KeyStatus;
use crate::key_set::KeySet;

pub(super) use answer::{Advice, Answer, Current, Outcome, WaitLimit};

/// The time for which keys are fresh if their source does not state one.
const DEFAULT_MAX_AGE: Duration = Duration::from_secs(600);

/// The minimum time for which keys are fresh or used: a source cannot make each request fetch.
pub(super) const MIN_USE: Duration = Duration::from_secs(1);

/// The pause after a first failure. It is short because most outages are.
const FIRST_RETRY: Duration = Duration::from_secs(1);

/// The pause after each further failure.
const RETRY: Duration = Duration::from_secs(30);

/// The pause between fetches for unknown `kid`s. Callers can invent any number of them.
const SEARCH_PAUSE: Duration = Duration::from_secs(30);

/// The time after a failure in which requests use the old keys without waiting. It is longer than the pause
/// and the next fetch together, so that requests do not notice a source that is down.
const OUTAGE_GRACE: Duration = Duration::from_secs(60);

/// The keys of one issuer and the schedule of their fetches.
///
/// A fetch has one of two reasons, each with its own budget. The schedule: 80 % of the keys' age is over, or
/// the pause after a failure is. A search: a `kid` is not in the set, at most every half minute. Neither can
/// use up the other's budget, and a running fetch serves both.
pub(super) struct Refresh {
    /// The time after a successful fetch for which its keys are used.
    max_stale: Duration,
    /// The treatment of keys whose source publishes an empty set.
    when_empty: EmptyKeySet,
    used: Option<UsedKeys>,
    /// True while a fetch is running. At most one runs.
    fetching: bool,
    /// The time of the next scheduled fetch; `None` before the first fetch, which is due at once.
    due_at: Option<Instant>,
    /// The start of the last search.
    searched_at: Option<Instant>,
    /// The error of the last fetch, if it failed.
    error: Option<FetchError>,
    /// The number of failed fetches in a row.
    failures: u32,
}

/// The keys in use and their deadlines.
struct UsedKeys {
    keys: Arc<KeySet>,
    fetched_at: Instant,
    /// The time when the keys become stale.
    stale_at: Instant,
    /// The time when requests begin to wait for a running fetch.
    wait_at: Instant,
    /// The time when the keys are no longer used.
    gone_at: Instant,
}

impl Refresh {
    /// Returns a schedule without keys: the first request starts a fetch.
    pub(super) fn new(max_stale: Duration, when_empty: EmptyKeySet) -> Self {
        Self {
            max_stale,
            when_empty,
            used: None,
            fetching: false,
            due_at: None,
            searched_at: None,
            error: None,
            failures: 0,
        }
    }

    /// Decides what a request for keys does. If there are keys but `fit` is false for them, the request lacks
    /// one.
    pub(super) fn ask(&mut self, fit: impl FnOnce(&KeySet) -> bool, now: Instant) -> Answer {
        self.used.take_if(|used| used.gone_at <= now);
        let lacks_key = self.used.as_ref().is_some_and(|used| !fit(&used.keys));

        let is_due = self.due_at.is_none_or(|due_at| due_at <= now);
        let start = !self.fetching && (is_due || (lacks_key && self.may_search(now)));
        if start {
            self.fetching = true;
            if !is_due {
                self.searched_at = Some(now);
            }
        }

        let would_wait = lacks_key || self.used.as_ref().is_none_or(|used| used.wait_at <= now);
        let limit = if lacks_key || self.failures > 0 {
            WaitLimit::Narrow
        } else {
            WaitLimit::Wide
        };
        let advice = match &self.used {
            _ if would_wait && self.fetching => Advice::Wait(limit),
            Some(used) => Advice::Use(Arc::clone(&used.keys)),
            None => Advice::Missing,
        };
        Answer { start, advice }
    }

    fn may_search(&self, now: Instant) -> bool {
        self.searched_at
            .is_none_or(|last| now.saturating_duration_since(last) >= SEARCH_PAUSE)
    }

    /// Ends the running fetch. `chance`, a random number, spreads the next fetch over time, so that a
    /// thousand issuers are not fetched at once.
    pub(super) fn end(&mut self, result: Result<Fetched, FetchError>, now: Instant, chance: u32) -> Outcome {
        self.fetching = false;
        match result {
            Ok(fetched) => self.succeed(fetched, now, chance),
            Err(error) => self.fail(error, now, chance),
        }
    }

    /// Replaces the old keys, so that a removed key is gone. If nothing changed, the very same set is kept:
    /// tokens verified with it stay cached.
    fn succeed(&mut self, fetched: Fetched, now: Instant, chance: u32) -> Outcome {
        let max_age = fetched.max_age.unwrap_or(DEFAULT_MAX_AGE);
        let max_age = max_age.max(MIN_USE).min(self.max_stale);
        let same = self.used.take().filter(|used| *used.keys == fetched.keys);
        let changed = same.is_none();
        let keys = same.map_or_else(|| Arc::new(fetched.keys), |used| used.keys);
        let stale_at = after(now, max_age);
        self.used = Some(UsedKeys {
            keys: Arc::clone(&keys),
            fetched_at: now,
            stale_at,
            wait_at: stale_at,
            gone_at: after(now, self.max_stale),
        });
        self.due_at = Some(after(now, max_age.mul_f64(0.8 * (1.0 - jitter(chance)))));
        self.error = None;
        self.failures = 0;
        Outcome::Fetched { keys, changed }
    }

    /// Keeps the old keys, unless their issuer has withdrawn them.
    fn fail(&mut self, error: FetchError, now: Instant, chance: u32) -> Outcome {
        // Only shown, and compared with 1: it may stay at its maximum.
        self.failures = self.failures.saturating_add(1);
        self.error = Some(error.clone());
        let withdrawn = self.used.take_if(|_| self.when_empty.revokes(&error));
        if let Some(used) = &mut self.used {
            used.wait_at = used.wait_at.max(after(now, OUTAGE_GRACE));
        }
        let pause = if self.failures == 1 { FIRST_RETRY } else { RETRY };
        let retry_at = after(now, pause.mul_f64(1.0 + jitter(chance)));
        // A failed search does not postpone the schedule.
        let due_at = self.due_at.filter(|due_at| *due_at > now);
        self.due_at = Some(due_at.map_or(retry_at, |due_at| due_at.min(retry_at)));
        Outcome::Failed {
            error,
            failures: self.failures,
            withdrawn: withdrawn.map(|used| used.keys),
        }
    }

    /// Returns the keys in use.
    pub(super) fn in_use(&self, now: Instant) -> Option<Arc<KeySet>> {
        let used = self.used.as_ref().filter(|used| now < used.gone_at)?;
        Some(Arc::clone(&used.keys))
    }

    /// Returns the keys that each request may use if it lacks none, until a fetch is due.
    pub(super) fn current(&self) -> Option<Current> {
        let used = self.used.as_ref()?;
        let next = if self.fetching {
            Some(used.wait_at)
        } else {
            self.due_at
        };
        Some(Current {
            keys: Arc::clone(&used.keys),
            until: next.map_or(used.gone_at, |next| next.min(used.gone_at)),
        })
    }

    /// Returns the state of the keys.
    pub(super) fn status(&self, issuer: &str, now: Instant) -> KeyStatus {
        let used = self.used.as_ref().filter(|used| now < used.gone_at);
        KeyStatus {
            issuer: issuer.to_owned(),
            usable: used.map_or(0, |used| used.keys.len()),
            skipped: used.map_or(0, |used| used.keys.skipped().count()),
            age: used.map(|used| now.saturating_duration_since(used.fetched_at)),
            is_stale: used.is_some_and(|used| used.stale_at <= now),
            error: self.error.clone(),
            failures: self.failures,
        }
    }
}

/// Returns a later instant. No duration here is longer than a day, so the sum fits every platform's clock.
fn after(now: Instant, duration: Duration) -> Instant {
    let later = now.checked_add(duration);
    debug_assert!(later.is_some(), "the clock ends within {duration:?}");
    later.unwrap_or(now)
}

/// Returns a share of a duration of up to 20 %, in proportion to `chance`.
fn jitter(chance: u32) -> f64 {
    0.2 * f64::from(chance) / f64::from(u32::MAX)
}
