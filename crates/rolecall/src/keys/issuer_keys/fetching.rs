//! Fetches of one issuer's keys, and the events about them.

use std::hash::{BuildHasher, RandomState};
use std::mem;
use std::sync::Arc;
use std::task::Waker;
use std::time::{Duration, Instant};

use super::super::fetch_error::FetchError;
use super::super::refresh::Outcome;
use super::super::{Fetched, KeySource};
use super::IssuerKeys;
use crate::contained::contained;
use crate::key_set::{KeySet, SkippedKey};
use crate::observer::Event;
use crate::skip_reason::SkipReason;
use crate::threads::{Lane, Refused};

/// The duration from which on a fetch is a slow one.
const SLOW: Duration = Duration::from_secs(1);

/// A started fetch. It ends when this value is dropped, so that nothing that happens meanwhile leaves callers
/// waiting: a thread that is not started, a panic of the key source, a clock that panics.
struct RunningFetch {
    keys: Arc<IssuerKeys>,
    started: Instant,
    result: Result<Fetched, FetchError>,
    /// The private keys in a set without a usable key.
    private: Vec<SkippedKey>,
}

/// Events about the keys of an issuer.
pub(super) struct Report {
    /// The outcome of a fetch, and its duration.
    fetched: Option<(Outcome, Duration)>,
    private: Vec<SkippedKey>,
}

impl IssuerKeys {
    /// Fetches the keys on a thread. Returns at once.
    pub(super) fn start_fetch(self: &Arc<Self>, source: &Arc<dyn KeySource>, lane: Lane, now: Instant) {
        let fetch = RunningFetch {
            keys: Arc::clone(self),
            started: now,
            result: Err(FetchError::NoThread),
            private: Vec::new(),
        };
        let source = Arc::clone(source);
        // A refused job is dropped, which ends the fetch.
        let _ = self.threads.fetches.run(lane, move || fetch.run(&*source));
    }

    fn end_fetch(self: &Arc<Self>, result: Result<Fetched, FetchError>, started: Instant) -> Report {
        let now = self.now().unwrap_or(started);
        let took = now.saturating_duration_since(started);
        let mut state = self.lock();
        state.lane = match &result {
            Ok(_) if took < SLOW => Lane::Usual,
            _ => Lane::Slow,
        };
        let outcome = state.refresh.end(result, now, chance());
        self.publish(&state);
        // Waiters only compare it for equality.
        state.fetches = state.fetches.wrapping_add(1);
        let wakers = mem::take(&mut state.wakers);
        drop(state);

        self.fetch_ended.notify_all();
        for waker in wakers.into_values() {
            contained(|| Waker::wake(waker));
        }
        Report {
            private: match &outcome {
                Outcome::Fetched { keys, changed: true } => private_keys(keys),
                _ => Vec::new(),
            },
            fetched: Some((outcome, took)),
        }
    }

    /// Returns the time, unless the clock panics.
    fn now(&self) -> Option<Instant> {
        contained(|| self.clock.now().monotonic)
    }

    /// Reports events to the observer, on a thread of its own: an observer that is slow or hangs delays neither
    /// a request nor a fetch. If it has not received thousands of reports yet, further ones are lost.
    pub(super) fn report(self: &Arc<Self>, report: Report) {
        if report.fetched.is_none() && report.private.is_empty() {
            return;
        }
        let (keys, report) = (Arc::clone(self), Arc::new(report));
        let queued = Arc::clone(&report);
        let tell = move || keys.tell(&queued);
        if self.threads.reports.run(Lane::Usual, tell) == Err(Refused::NoThread) {
            self.tell(&report);
        }
    }

    fn tell(&self, report: &Report) {
        // A panic loses one event, not those after it.
        let observe = |event: &Event<'_>| {
            contained(|| self.observer.observe(event));
        };
        let issuer = self.issuer.name.as_str();
        match &report.fetched {
            Some((Outcome::Fetched { keys, changed }, took)) => observe(&Event::KeysFetched {
                issuer,
                keys,
                changed: *changed,
                took: *took,
            }),
            Some((
                Outcome::Failed {
                    error,
                    failures,
                    withdrawn,
                },
                _,
            )) => {
                observe(&Event::KeysNotFetched {
                    issuer,
                    error,
                    failures: *failures,
                });
                if let Some(keys) = withdrawn {
                    observe(&Event::KeysWithdrawn { issuer, keys });
                }
            }
            None => {}
        }
        for entry in &report.private {
            observe(&Event::PrivateKeyPublished { issuer, entry });
        }
    }
}

impl RunningFetch {
    fn run(mut self, source: &dyn KeySource) {
        self.started = self.keys.now().unwrap_or(self.started);
        self.result = Err(FetchError::SourcePanicked);
        if let Some(result) = contained(|| source.fetch(&self.keys.issuer)) {
            self.result = result.and_then(|fetched| self.usable(fetched));
        }
    }

    /// Skips the keys for other kinds of tokens. A set without a usable key is an error.
    fn usable(&mut self, mut fetched: Fetched) -> Result<Fetched, FetchError> {
        fetched.keys = fetched.keys.for_tokens(self.keys.issuer.tokens);
        if fetched.keys.is_empty() {
            self.private = private_keys(&fetched.keys);
            let skipped = fetched.keys.skipped().count();
            return Err(FetchError::NoUsableKey { skipped });
        }
        Ok(fetched)
    }
}

impl Drop for RunningFetch {
    fn drop(&mut self) {
        let result = mem::replace(&mut self.result, Err(FetchError::NoThread));
        let mut report = self.keys.end_fetch(result, self.started);
        report.private.append(&mut self.private);
        // Last, so that an observer does not delay requests.
        self.keys.report(report);
    }
}

impl Report {
    /// Returns the alarms about fixed keys.
    pub(super) fn private_keys(keys: &KeySet) -> Self {
        Self {
            fetched: None,
            private: private_keys(keys),
        }
    }
}

fn private_keys(keys: &KeySet) -> Vec<SkippedKey> {
    let private = keys
        .skipped()
        .filter(|entry| entry.reason == SkipReason::PrivateKey);
    private.cloned().collect()
}

/// Returns a random number, from the seed of the standard library's hash maps.
fn chance() -> u32 {
    let [a, b, c, d, ..] = RandomState::new().hash_one(()).to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}
