//! The keys of one issuer, shared by threads and tasks and kept fresh.

#[cfg(test)]
mod faults;
mod fetching;
mod pending;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod waiting;

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Instant;

use arc_swap::ArcSwapOption;
use rolecall_engine::{Issuer, TokenKind};

use super::KeySource;
use super::key_status::KeyStatus;
use super::refresh::{Advice, Current, Refresh};
use super::sources::{KeySources, KeyThreads, Origin};
use crate::clock::Clock;
use crate::config::ConfigError;
use crate::key_set::KeySet;
use crate::observer::Observer;
use crate::threads::Lane;

use fetching::Report;
pub(crate) use pending::{Pending, TooManyWaiting};

/// The keys of one issuer. It shares nothing with other issuers, so that a slow issuer does not delay tokens
/// of others.
///
/// A fetch runs on one of the threads of the key sources. A request starts the fetch when it is due; without
/// requests there are no fetches.
pub(crate) struct IssuerKeys {
    issuer: Issuer,
    origin: Origin,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
    threads: KeyThreads,
    /// The keys that most requests use without taking the lock, until a fetch is due.
    current: ArcSwapOption<Current>,
    state: Mutex<State>,
    fetch_ended: Condvar,
}

struct State {
    refresh: Refresh,
    /// The queue of the next fetch.
    lane: Lane,
    /// The number of ended fetches. A waiter waits for it to change.
    fetches: u64,
    /// The number of waiting threads.
    threads: usize,
    /// The waiting tasks, by ticket.
    wakers: BTreeMap<u64, Waker>,
    /// The number of tickets given out.
    tickets: u64,
}

/// The keys for a request.
pub(crate) enum Find {
    /// The current keys. If they lack the `kid` of the token, the issuer does not have that key.
    Ready(Arc<KeySet>),
    /// A fetch is running.
    Pending(Pending),
    /// There are no keys, and no fetch is due.
    Missing,
}

impl IssuerKeys {
    /// Builds the keys of an issuer from its configured source. The first call of [`IssuerKeys::find`] starts
    /// a fetch.
    ///
    /// # Errors
    /// [`ConfigError::NoKeySource`] if the issuer has no source.
    pub(crate) fn new(
        issuer: &Issuer,
        sources: &KeySources,
        clock: Arc<dyn Clock>,
        observer: Arc<dyn Observer>,
    ) -> Result<Arc<Self>, ConfigError> {
        let origin = sources.origin(issuer).ok_or_else(|| ConfigError::NoKeySource {
            issuer: issuer.name.clone(),
        })?;
        let keys = Arc::new(Self {
            issuer: issuer.clone(),
            origin,
            clock,
            observer,
            threads: sources.threads().clone(),
            current: ArcSwapOption::empty(),
            state: Mutex::new(State {
                refresh: Refresh::new(sources.longest_use(), sources.when_empty()),
                lane: Lane::Usual,
                fetches: 0,
                threads: 0,
                wakers: BTreeMap::new(),
                tickets: 0,
            }),
            fetch_ended: Condvar::new(),
        });
        if let Origin::Fixed(fixed) = &keys.origin {
            keys.report(Report::private_keys(fixed));
        }
        Ok(keys)
    }

    /// Returns the URL of the issuer.
    pub(crate) fn issuer_url(&self) -> &str {
        &self.issuer.url
    }

    /// Returns whether these keys can be kept for an issuer of new policies. Its name counts, because
    /// observers receive it, and the kind of its tokens, because keys for others are skipped.
    pub(crate) fn serves(&self, issuer: &Issuer) -> bool {
        fn of(issuer: &Issuer) -> (&str, &str, Option<&str>, TokenKind) {
            (&issuer.name, &issuer.url, issuer.jwks.as_deref(), issuer.tokens)
        }
        of(&self.issuer) == of(issuer)
    }

    /// Finds the keys for a token with this `kid`, if it has one.
    ///
    /// Starts a fetch if one is due. The `kid` is untrusted: it is not stored.
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

    /// Returns whether a token verified with these keys would be verified with the very same set now, without
    /// waiting.
    ///
    /// Starts a fetch if one is due, as [`IssuerKeys::find`] does, and allocates only if it does.
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

    /// Returns the state of the keys. Starts no fetch.
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
        let (answer, lane) = (state.refresh.ask(fit, now), state.lane);
        if answer.start {
            self.publish(&state);
        }
        drop(state);
        if answer.start {
            self.start_fetch(source, lane, now);
        }
        match answer.advice {
            Advice::Use(keys) => Find::Ready(keys),
            Advice::Wait(limit) => Find::Pending(Pending::new(Arc::clone(self), fetch, limit)),
            Advice::Missing => Find::Missing,
        }
    }

    /// Publishes the keys for [`IssuerKeys::find`]. Must be called under the lock, so that the last state is
    /// the one published.
    fn publish(&self, state: &State) {
        self.current.store(state.refresh.current().map(Arc::new));
    }

    /// Takes the lock. No foreign code runs under it, so it cannot be poisoned.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
