//! Test support: the keys of one issuer with a scripted provider, a manual clock and a recording observer.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests may end early")]

use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};

use rolecall_engine::Issuer;

use super::super::scripted::{FOREVER, HandClock, Provider, Recorder, kids};
use super::{Find, IssuerKeys, Pending};
use crate::key_set::KeySet;
use crate::keys::KeySources;

pub(super) const URL: &str = "https://ci.example";

pub(super) fn issuer(name: &str) -> Issuer {
    Issuer::new(name, URL, "gitlab", vec!["rolecall".to_owned()])
}

/// The keys of an issuer with their provider, clock and observer.
pub(super) struct Stage {
    pub(super) provider: Arc<Provider>,
    pub(super) clock: Arc<HandClock>,
    pub(super) events: Mutex<Receiver<String>>,
    pub(super) keys: Arc<IssuerKeys>,
}

impl Stage {
    pub(super) fn new(kids: &[&str]) -> Self {
        Self::with(kids, KeySources::new())
    }

    /// With these settings.
    pub(super) fn with(kids: &[&str], sources: KeySources) -> Self {
        let provider = Provider::new(kids);
        let clock = HandClock::new();
        let (recorder, events) = Recorder::new();
        let sources = sources.otherwise(Arc::clone(&provider));
        let keys = IssuerKeys::new(&issuer("ci"), &sources, clock.clone(), recorder).unwrap();
        Self {
            provider,
            clock,
            events: Mutex::new(events),
            keys,
        }
    }

    /// With keys that were read just now.
    pub(super) fn warm(kids: &[&str]) -> Self {
        Self::warm_with(kids, KeySources::new())
    }

    /// With these settings, and with keys that were read just now.
    pub(super) fn warm_with(kids: &[&str], sources: KeySources) -> Self {
        let stage = Self::with(kids, sources);
        stage.get(kids.first().copied()).unwrap();
        stage.next_event();
        stage
    }

    pub(super) fn find(&self, kid: Option<&str>) -> Find {
        self.keys.find(kid, self.clock.monotonic())
    }

    /// The result of a request that waits if necessary.
    pub(super) fn get(&self, kid: Option<&str>) -> Option<Arc<KeySet>> {
        match self.find(kid) {
            Find::Ready(keys) => Some(keys),
            Find::Pending(pending) => pending.wait().ok().flatten(),
            Find::Missing => None,
        }
    }

    pub(super) fn pending(&self, kid: Option<&str>) -> Pending {
        match self.find(kid) {
            Find::Pending(pending) => pending,
            Find::Ready(_) => panic!("the keys are ready"),
            Find::Missing => panic!("there are no keys"),
        }
    }

    pub(super) fn is_current(&self, keys: &Arc<KeySet>) -> bool {
        self.keys.is_current(keys, self.clock.monotonic())
    }

    pub(super) fn accepts(&self, kid: &str) -> bool {
        self.get(Some(kid)).is_some_and(|keys| kids(&keys).contains(&kid))
    }

    pub(super) fn next_event(&self) -> String {
        self.events.lock().unwrap().recv_timeout(FOREVER).unwrap()
    }
}
