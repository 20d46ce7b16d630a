//! When the keys of one issuer are read again, and what requests do until then. Time and chance are arguments, and nothing
//! here waits or reads: it only says what is to be done.

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

/// How long keys are fresh if their source does not say.
const DEFAULT_MAX_AGE: Duration = Duration::from_secs(600);

/// The shortest time that keys are fresh or used at all: a source cannot make each request read.
pub(super) const SHORTEST: Duration = Duration::from_secs(1);

/// How soon the first failure is followed by another try: most failures are short.
const FIRST_RETRY: Duration = Duration::from_secs(1);

/// How long to leave alone a source that failed again.
const RETRY: Duration = Duration::from_secs(30);

/// How often a `kid` that is in no set may start a fetch. Anybody can invent as many as they like.
const SEARCH_PAUSE: Duration = Duration::from_secs(30);

/// For how long after a failure nobody waits for the next try, if there are keys: longer than it takes until the next try
/// has ended, so that requests never notice a source that is down.
const PATIENCE: Duration = Duration::from_secs(60);

/// The keys of one issuer and the schedule of reading them.
///
/// There are two reasons to read, each with a budget of its own. The schedule: when 80 % of the keys' age is over, or
/// some time after a failure. A search: for a `kid` that is not in the set, at most each half minute. Neither can use up
/// the other's, and a fetch that runs serves both.
pub(super) struct Refresh {
    /// How long after a good fetch its keys are used.
    max_stale: Duration,
    /// What becomes of the keys when the source has none any more.
    when_empty: EmptyKeySet,
    held: Option<Held>,
    /// Whether a fetch runs. There is never more than one.
    fetching: bool,
    /// When the schedule asks for a fetch; at once if there was none yet.
    due_at: Option<Instant>,
    /// When the last search began.
    searched_at: Option<Instant>,
    /// What went wrong last, if that was the last fetch.
    error: Option<FetchError>,
    /// How many fetches failed in a row.
    failures: u32,
}

/// Keys, and what becomes of them.
struct Held {
    keys: Arc<KeySet>,
    fetched_at: Instant,
    /// When they are over their age.
    stale_at: Instant,
    /// From when on requests wait for a fetch that runs.
    wait_at: Instant,
    /// When they are not used any more.
    gone_at: Instant,
}

/// Keys that requests may use without asking, and until when.
pub(super) struct Current {
    pub(super) keys: Arc<KeySet>,
    pub(super) until: Instant,
}

/// What a request does.
pub(super) struct Answer {
    /// Start a fetch, and tell of its end.
    pub(super) start: bool,
    pub(super) advice: Advice,
}

/// Where a request gets its keys from.
pub(super) enum Advice {
    Use(Arc<KeySet>),
    /// From the fetch that runs, if not too many wait already.
    Wait(WaitLimit),
    /// From nowhere, for now.
    Missing,
}

/// Bound on the callers that wait for a fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WaitLimit {
    /// For a fetch that most likely brings the keys that all of them need: the first one, or one that renews old keys.
    Wide,
    /// For a fetch that may well bring them nothing: they name a key that may be an invention, or the last fetch failed.
    Narrow,
}

/// What came of a fetch.
pub(super) enum Outcome {
    Fetched {
        keys: Arc<KeySet>,
        changed: bool,
    },
    Failed {
        error: FetchError,
        failures: u32,
        /// The keys that are not used any more, because their issuer has withdrawn them.
        withdrawn: Option<Arc<KeySet>>,
    },
}

impl Refresh {
    /// No keys yet: the first request starts a fetch.
    pub(super) fn new(max_stale: Duration, when_empty: EmptyKeySet) -> Self {
        Self {
            max_stale,
            when_empty,
            held: None,
            fetching: false,
            due_at: None,
            searched_at: None,
            error: None,
            failures: 0,
        }
    }

    /// What a request does that asks for keys. If there are keys but they do not fit, the request lacks one.
    pub(super) fn ask(&mut self, fit: impl FnOnce(&KeySet) -> bool, now: Instant) -> Answer {
        self.held.take_if(|held| held.gone_at <= now);
        let lacks_key = self.held.as_ref().is_some_and(|held| !fit(&held.keys));

        let is_due = self.due_at.is_none_or(|due_at| due_at <= now);
        let start = !self.fetching && (is_due || (lacks_key && self.may_search(now)));
        if start {
            self.fetching = true;
            if !is_due {
                self.searched_at = Some(now);
            }
        }

        let would_wait = lacks_key || self.held.as_ref().is_none_or(|held| held.wait_at <= now);
        let limit = if lacks_key || self.failures > 0 {
            WaitLimit::Narrow
        } else {
            WaitLimit::Wide
        };
        let advice = match &self.held {
            _ if would_wait && self.fetching => Advice::Wait(limit),
            Some(held) => Advice::Use(Arc::clone(&held.keys)),
            None => Advice::Missing,
        };
        Answer { start, advice }
    }

    fn may_search(&self, now: Instant) -> bool {
        self.searched_at
            .is_none_or(|last| now.saturating_duration_since(last) >= SEARCH_PAUSE)
    }

    /// The fetch that ran has ended. The chance, any number, spreads what is next over time, so that a thousand issuers do
    /// not read all at once.
    pub(super) fn end(&mut self, result: Result<Fetched, FetchError>, now: Instant, chance: u32) -> Outcome {
        self.fetching = false;
        match result {
            Ok(fetched) => self.succeed(fetched, now, chance),
            Err(error) => self.fail(error, now, chance),
        }
    }

    /// The new keys replace the old ones, so that a key that was removed is gone. If nothing changed, the set stays the
    /// very same: what was made with it is still good.
    fn succeed(&mut self, fetched: Fetched, now: Instant, chance: u32) -> Outcome {
        let max_age = fetched.max_age.unwrap_or(DEFAULT_MAX_AGE);
        let max_age = max_age.max(SHORTEST).min(self.max_stale);
        let same = self.held.take().filter(|held| *held.keys == fetched.keys);
        let changed = same.is_none();
        let keys = same.map_or_else(|| Arc::new(fetched.keys), |held| held.keys);
        let stale_at = after(now, max_age);
        self.held = Some(Held {
            keys: Arc::clone(&keys),
            fetched_at: now,
            stale_at,
            wait_at: stale_at,
            gone_at: after(now, self.max_stale),
        });
        let soft = max_age.mul_f64(0.8);
        self.due_at = Some(after(now, soft.saturating_sub(some_of(soft, chance))));
        self.error = None;
        self.failures = 0;
        Outcome::Fetched { keys, changed }
    }

    /// The old keys stay, unless their issuer has withdrawn them.
    fn fail(&mut self, error: FetchError, now: Instant, chance: u32) -> Outcome {
        self.failures = self.failures.saturating_add(1);
        self.error = Some(error.clone());
        let withdrawn = self.held.take_if(|_| self.when_empty.revokes(&error));
        if let Some(held) = &mut self.held {
            held.wait_at = held.wait_at.max(after(now, PATIENCE));
        }
        let pause = if self.failures == 1 { FIRST_RETRY } else { RETRY };
        let retry_at = after(now, pause.saturating_add(some_of(pause, chance)));
        // A search that failed does not put off what the schedule says.
        let due_at = self.due_at.filter(|due_at| *due_at > now);
        self.due_at = Some(due_at.map_or(retry_at, |due_at| due_at.min(retry_at)));
        Outcome::Failed {
            error,
            failures: self.failures,
            withdrawn: withdrawn.map(|held| held.keys),
        }
    }

    /// The keys that are in use, whoever asks.
    pub(super) fn in_use(&self, now: Instant) -> Option<Arc<KeySet>> {
        let held = self.held.as_ref().filter(|held| now < held.gone_at)?;
        Some(Arc::clone(&held.keys))
    }

    /// The keys that every request may use that does not lack one, until there is something to do.
    pub(super) fn current(&self) -> Option<Current> {
        let held = self.held.as_ref()?;
        let next = if self.fetching {
            Some(held.wait_at)
        } else {
            self.due_at
        };
        Some(Current {
            keys: Arc::clone(&held.keys),
            until: next.map_or(held.gone_at, |next| next.min(held.gone_at)),
        })
    }

    /// How things stand with the keys of this issuer.
    pub(super) fn status(&self, issuer: &str, now: Instant) -> KeyStatus {
        let held = self.held.as_ref().filter(|held| now < held.gone_at);
        KeyStatus {
            issuer: issuer.to_owned(),
            usable: held.map_or(0, |held| held.keys.len()),
            skipped: held.map_or(0, |held| held.keys.skipped().count()),
            age: held.map(|held| now.saturating_duration_since(held.fetched_at)),
            is_stale: held.is_some_and(|held| held.stale_at <= now),
            error: self.error.clone(),
            failures: self.failures,
        }
    }
}

/// A moment later than this one. No duration here is longer than a day, which no clock ends within.
fn after(now: Instant, duration: Duration) -> Instant {
    now.checked_add(duration).unwrap_or(now)
}

/// Up to 20 % of a duration, as chance has it.
fn some_of(duration: Duration, chance: u32) -> Duration {
    duration.mul_f64(0.2 * f64::from(chance) / f64::from(u32::MAX))
}
