//! The keys of one issuer, kept fresh: what threads and tasks see of them.

mod pending;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod waiting;

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::thread;
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use rolecall_engine::Issuer;

use super::fetch_error::FetchError;
use super::key_status::KeyStatus;
use super::refresh::{Advice, Current, Outcome, Refresh};
use super::sources::{KeySources, Origin};
use super::{Fetched, KeySource};
use crate::clock::Clock;
use crate::config::ConfigError;
use crate::key_set::KeySet;
use crate::observer::{Event, Observer};
use crate::skip_reason::SkipReason;

pub(crate) use pending::{Pending, TooManyWaiting};

/// The keys of one issuer. It shares nothing with other issuers, so that a slow one delays nobody else's tokens.
///
/// Keys are read by a thread of its own, which lives no longer than that takes. A request starts it when it is time; nothing
/// happens as long as there are no requests.
pub(crate) struct IssuerKeys {
    issuer: Issuer,
    origin: Origin,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
    /// What most requests need, without a lock: the keys, until there is something to do.
    current: ArcSwapOption<Current>,
    state: Mutex<State>,
    fetch_ended: Condvar,
}

struct State {
    refresh: Refresh,
    /// How many fetches have ended. Who waits for one waits for this to change.
    fetches: u64,
    /// How many threads wait.
    threads: usize,
    /// The tasks that wait, each with a number.
    wakers: BTreeMap<u64, Waker>,
    /// How many numbers were given to tasks.
    tickets: u64,
}

/// The keys for a request.
pub(crate) enum Find {
    /// Here they are. If they do not have the key that the token names, nobody has it.
    Ready(Arc<KeySet>),
    /// They are being read.
    Pending(Pending),
    /// There are none, and it is not time to try again.
    Missing,
}

impl IssuerKeys {
    /// The keys of this issuer, from where the sources say. Nothing is read yet; a first call of [`IssuerKeys::find`] starts
    /// that.
    ///
    /// # Errors
    /// [`ConfigError::NoKeySource`] if nobody said where they come from.
    pub(crate) fn new(
        issuer: &Issuer,
        sources: &KeySources,
        clock: Arc<dyn Clock>,
        observer: Arc<dyn Observer>,
    ) -> Result<Arc<Self>, ConfigError> {
        let origin = sources.origin(issuer).ok_or_else(|| ConfigError::NoKeySource {
            issuer: issuer.name.clone(),
        })?;
        let keys = Self {
            issuer: issuer.clone(),
            origin,
            clock,
            observer,
            current: ArcSwapOption::empty(),
            state: Mutex::new(State {
                refresh: Refresh::new(sources.longest_use(), sources.when_empty()),
                fetches: 0,
                threads: 0,
                wakers: BTreeMap::new(),
                tickets: 0,
            }),
            fetch_ended: Condvar::new(),
        };
        if let Origin::Fixed(fixed) = &keys.origin {
            keys.tell_of_private_keys(fixed);
        }
        Ok(Arc::new(keys))
    }

    /// Whether these are the keys of that issuer, too: after a change of the policies, they can be kept. Its name counts:
    /// observers are told it.
    pub(crate) fn serves(&self, issuer: &Issuer) -> bool {
        let of = |issuer: &Issuer| (issuer.name.clone(), issuer.url.clone(), issuer.jwks.clone());
        of(&self.issuer) == of(issuer)
    }

    /// The keys for a token that names this key, if it names one.
    ///
    /// Starts a fetch if it is time. The `kid` may be anybody's invention: nothing is remembered of it.
    pub(crate) fn find(self: &Arc<Self>, kid: Option<&str>, now: Instant) -> Find {
        let fit = |keys: &KeySet| kid.is_none_or(|kid| keys.names(kid));
        let source = match &self.origin {
            Origin::Fixed(keys) => return Find::Ready(Arc::clone(keys)),
            Origin::Source(source) => source,
        };
        if let Some(current) = &*self.current.load()
            && now < current.until
            && fit(&current.keys)
        {
            return Find::Ready(Arc::clone(&current.keys));
        }
        self.ask(source, fit, now)
    }

    /// Whether a token that was verified with these keys would be verified with the very same now, without waiting.
    ///
    /// Starts a fetch if it is time, as [`IssuerKeys::find`] does, and allocates nothing unless it does.
    pub(crate) fn is_current(self: &Arc<Self>, keys: &Arc<KeySet>, now: Instant) -> bool {
        let source = match &self.origin {
            Origin::Fixed(fixed) => return Arc::ptr_eq(fixed, keys),
            Origin::Source(source) => source,
        };
        match &*self.current.load() {
            Some(current) if !Arc::ptr_eq(&current.keys, keys) => return false,
            Some(current) if now < current.until => return true,
            _ => {}
        }
        let found = self.ask(source, |_| true, now);
        matches!(found, Find::Ready(found) if Arc::ptr_eq(&found, keys))
    }

    /// How things stand. It starts no fetch.
    pub(crate) fn status(&self, now: Instant) -> KeyStatus {
        match &self.origin {
            Origin::Fixed(keys) => KeyStatus::fixed(&self.issuer.name, keys),
            Origin::Source(_) => self.lock().refresh.status(&self.issuer.name, now),
        }
    }

    fn ask(
        self: &Arc<Self>,
        source: &Arc<dyn KeySource>,
        fit: impl FnOnce(&KeySet) -> bool,
        now: Instant,
    ) -> Find {
        let mut state = self.lock();
        let fetch = state.fetches;
        let answer = state.refresh.ask(fit, now);
        if answer.start {
            self.publish(&state);
        }
        drop(state);
        if answer.start {
            self.start_fetch(source, now);
        }
        match answer.advice {
            Advice::Use(keys) => Find::Ready(keys),
            Advice::Wait(limit) => Find::Pending(Pending::new(Arc::clone(self), fetch, limit)),
            Advice::Missing => Find::Missing,
        }
    }

    fn start_fetch(self: &Arc<Self>, source: &Arc<dyn KeySource>, started: Instant) {
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
        // Whatever a source does, somebody waits for the end of it. Nothing of ours is touched when it panics.
        let fetched = panic::catch_unwind(AssertUnwindSafe(|| source.fetch(&self.issuer)))
            .unwrap_or(Err(FetchError::SourcePanicked))?;
        if fetched.keys.is_empty() {
            self.tell_of_private_keys(&fetched.keys);
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
        state.fetches = state.fetches.wrapping_add(1);
        let wakers = std::mem::take(&mut state.wakers);
        drop(state);

        self.fetch_ended.notify_all();
        wakers.into_values().for_each(Waker::wake);
        // Last, so that no observer delays a request.
        self.tell(&outcome, now.saturating_duration_since(started));
    }

    /// Must be called under the lock: what is published last is what holds.
    fn publish(&self, state: &State) {
        self.current.store(state.refresh.current().map(Arc::new));
    }

    fn tell(&self, outcome: &Outcome, took: Duration) {
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
                    self.tell_of_private_keys(keys);
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

    fn tell_of_private_keys(&self, keys: &KeySet) {
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

    /// The lock is never held while anything runs that is not ours, so nobody can have panicked in it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A random number, by what the standard library makes its hash maps unpredictable with.
fn chance() -> u32 {
    let [a, b, c, d, ..] = RandomState::new().hash_one(()).to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}
