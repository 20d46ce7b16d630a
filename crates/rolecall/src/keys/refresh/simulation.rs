//! Test support: one issuer in simulated time. Its source answers at once, or on command.

#![allow(clippy::arithmetic_side_effects, reason = "tests may end early")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::scripted::{key_set, kids};
use super::{Advice, Answer, Outcome, Refresh};
use crate::key_set::KeySet;
use crate::keys::{EmptyKeySet, FetchError, Fetched, KeySources};

pub(super) const DAY: Duration = KeySources::LONGEST_STALE;

/// One issuer, its requests and its provider.
pub(super) struct Simulation {
    pub(super) refresh: Refresh,
    pub(super) began: Instant,
    pub(super) now: Instant,
    /// The keys that the provider publishes, or `None` while it is down.
    pub(super) published: Option<Vec<&'static str>>,
    pub(super) max_age: Option<Duration>,
    pub(super) chance: u32,
    pub(super) fetches: usize,
}

impl Simulation {
    pub(super) fn new(published: &[&'static str]) -> Self {
        let now = Instant::now();
        Self {
            refresh: Refresh::new(DAY, EmptyKeySet::default()),
            began: now,
            now,
            published: Some(published.to_vec()),
            max_age: None,
            chance: 0,
            fetches: 0,
        }
    }

    pub(super) fn down() -> Self {
        let mut simulation = Self::new(&[]);
        simulation.published = None;
        simulation
    }

    pub(super) fn pass(&mut self, seconds: f64) {
        self.now += Duration::from_secs_f64(seconds);
    }

    /// The second that the simulation is at.
    pub(super) fn at(&mut self, seconds: f64) {
        let then = self.began + Duration::from_secs_f64(seconds);
        assert!(then >= self.now, "time never goes back");
        self.now = then;
    }

    pub(super) fn ask(&mut self, kid: &str) -> Answer {
        self.refresh.ask(|keys| keys.names(kid), self.now)
    }

    pub(super) fn end(&mut self) -> Outcome {
        self.fetches += 1;
        let result = match &self.published {
            Some(kids) => Ok(Fetched {
                keys: key_set(kids),
                max_age: self.max_age,
            }),
            None => Err(FetchError::NoThread),
        };
        self.refresh.end(result, self.now, self.chance)
    }

    /// The keys that a request gets from a provider that answers at once, if there are any.
    pub(super) fn request(&mut self, kid: &str) -> Option<Arc<KeySet>> {
        let answer = self.ask(kid);
        if answer.start {
            self.end();
        }
        match answer.advice {
            Advice::Use(keys) => Some(keys),
            Advice::Wait(_) => self.refresh.in_use(self.now),
            Advice::Missing => None,
        }
    }

    /// Returns whether a token with this key would be verified.
    pub(super) fn accepts(&mut self, kid: &str) -> bool {
        self.request(kid).is_some_and(|keys| kids(&keys).contains(&kid))
    }
}

pub(super) fn uses(answer: &Answer) -> bool {
    matches!(answer.advice, Advice::Use(_))
}

pub(super) fn waits(answer: &Answer) -> bool {
    matches!(answer.advice, Advice::Wait(_))
}
