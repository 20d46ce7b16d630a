//! Fetches of one issuer's keys, and the events about them.

use std::hash::{BuildHasher, RandomState};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::task::Waker;
use std::thread;
use std::time::{Duration, Instant};

use super::super::fetch_error::FetchError;
use super::super::refresh::Outcome;
use super::super::{Fetched, KeySource};
use super::IssuerKeys;
use crate::key_set::KeySet;
use crate::observer::Event;
use crate::skip_reason::SkipReason;

impl IssuerKeys {
    /// Fetches the keys on a new thread.
    pub(super) fn start_fetch(self: &Arc<Self>, source: &Arc<dyn KeySource>, started: Instant) {
        let keys = Arc::clone(self);
        let source = Arc::clone(source);
        let thread = thread::Builder::new().name("rolecall-keys".to_owned());
        let thread = thread.spawn(move || {
            let result = keys.fetch(&*source);
            keys.end_fetch(result, started);
        });
        if thread.is_err() {
            self.end_fetch(Err(FetchError::NoThread), started);
        }
    }

    fn fetch(&self, source: &dyn KeySource) -> Result<Fetched, FetchError> {
        // Waiters need the fetch to end, even by a panic. The panic cannot leave broken state behind, because
        // only the source runs inside.
        let mut fetched = panic::catch_unwind(AssertUnwindSafe(|| source.fetch(&self.issuer)))
            .unwrap_or(Err(FetchError::SourcePanicked))?;
        fetched.keys = fetched.keys.for_tokens(self.issuer.tokens);
        if fetched.keys.is_empty() {
            self.report_private_keys(&fetched.keys);
            let skipped = fetched.keys.skipped().count();
            return Err(FetchError::NoUsableKey { skipped });
        }
        Ok(fetched)
    }

    fn end_fetch(&self, result: Result<Fetched, FetchError>, started: Instant) {
        let now = self.clock.now().monotonic;
        let mut state = self.lock();
        let outcome = state.refresh.end(result, now, chance());
        self.publish(&state);
        // Waiters only compare it for equality.
        state.fetches = state.fetches.wrapping_add(1);
        let wakers = std::mem::take(&mut state.wakers);
        drop(state);

        self.fetch_ended.notify_all();
        wakers.into_values().for_each(Waker::wake);
        // Last, so that a slow observer does not delay requests.
        self.report(&outcome, now.saturating_duration_since(started));
    }

    fn report(&self, outcome: &Outcome, took: Duration) {
        let issuer = self.issuer.name.as_str();
        match outcome {
            Outcome::Fetched { keys, changed } => {
                self.observer.observe(&Event::KeysFetched {
                    issuer,
                    keys,
                    changed: *changed,
                    took,
                });
                if *changed {
                    self.report_private_keys(keys);
                }
            }
            Outcome::Failed {
                error,
                failures,
                withdrawn,
            } => {
                self.observer.observe(&Event::KeysNotFetched {
                    issuer,
                    error,
                    failures: *failures,
                });
                if let Some(keys) = withdrawn {
                    self.observer.observe(&Event::KeysWithdrawn { issuer, keys });
                }
            }
        }
    }

    /// Reports each private key in a key set.
    pub(super) fn report_private_keys(&self, keys: &KeySet) {
        for entry in keys
            .skipped()
            .filter(|entry| entry.reason == SkipReason::PrivateKey)
        {
            self.observer.observe(&Event::PrivateKeyPublished {
                issuer: &self.issuer.name,
                entry,
            });
        }
    }
}

/// Returns a random number, from the seed of the standard library's hash maps.
fn chance() -> u32 {
    let [a, b, c, d, ..] = RandomState::new().hash_one(()).to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}
