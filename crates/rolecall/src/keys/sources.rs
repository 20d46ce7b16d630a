//! The key source of each issuer.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rolecall_engine::Issuer;

use super::KeySource;
use super::empty_key_set::EmptyKeySet;
use super::file::FileKeys;
use super::refresh::MIN_USE;
use crate::key_set::KeySet;
use crate::threads::{Limits, Workers};

/// The key sources of all issuers.
///
/// An issuer's keys come from the [`fixed`](Self::fixed) keys or the [`source`](Self::source) that was set
/// for its URL, byte for byte; the last call counts. Otherwise they come from its `jwks` if that is the path
/// of a file; otherwise from the source for [all others](Self::otherwise).
///
/// At most 32 fetches run at once, each on a thread; further ones wait for a thread. Fetches of issuers whose
/// last fetch failed or took longer than a second use at most 16 of the threads, so that they delay the fetches
/// of other issuers little. The threads are started when they are needed, and end after two idle seconds. A
/// clone shares them.
#[derive(Clone)]
#[must_use = "key sources do nothing until a gate uses them"]
pub struct KeySources {
    by_url: BTreeMap<String, Origin>,
    otherwise: Option<Arc<dyn KeySource>>,
    folder: PathBuf,
    max_stale: Duration,
    empty_key_set: EmptyKeySet,
    threads: KeyThreads,
}

/// The threads that work for the issuers of a gate.
#[derive(Clone)]
pub(super) struct KeyThreads {
    /// Those that fetch.
    pub(super) fetches: Workers,
    /// One that reports the results to the observer, in their order. An observer may be slow, or hang.
    pub(super) reports: Workers,
}

/// The maximum number of fetches at once. A fetch mostly waits for the network.
const MAX_FETCHES: usize = 32;

/// The maximum number of reports that wait for a slow observer.
const MAX_REPORTS: usize = 16_384;

/// The origin of one issuer's keys.
#[derive(Clone)]
pub(super) enum Origin {
    Fixed(Arc<KeySet>),
    Source(Arc<dyn KeySource>),
}

impl KeySources {
    /// The maximum and the default of [`KeySources::max_stale`]: a day.
    pub const LONGEST_STALE: Duration = Duration::from_secs(24 * 60 * 60);

    /// Returns sources with only the files that issuers name.
    pub fn new() -> Self {
        Self {
            by_url: BTreeMap::new(),
            otherwise: None,
            folder: PathBuf::new(),
            max_stale: Self::LONGEST_STALE,
            empty_key_set: EmptyKeySet::default(),
            threads: KeyThreads {
                // Each issuer has at most one fetch, so the queue is bounded by their number.
                fetches: Workers::new(Limits::new("rolecall-keys", MAX_FETCHES, usize::MAX)),
                reports: Workers::new(Limits::new("rolecall-events", 1, MAX_REPORTS)),
            },
        }
    }

    /// Sets fixed keys for the issuer of this URL. They need no thread, clock or file.
    pub fn fixed(mut self, url: impl Into<String>, keys: KeySet) -> Self {
        self.by_url.insert(url.into(), Origin::Fixed(Arc::new(keys)));
        self
    }

    /// Sets the source for the issuer of this URL.
    pub fn source(mut self, url: impl Into<String>, source: impl KeySource) -> Self {
        self.by_url.insert(url.into(), Origin::Source(Arc::new(source)));
        self
    }

    /// Sets the source for every issuer that has none of its own.
    pub fn otherwise(mut self, source: impl KeySource) -> Self {
        self.otherwise = Some(Arc::new(source));
        self
    }

    /// Sets the folder that the file paths in `jwks` are relative to. The default is the working folder.
    pub fn folder(mut self, path: impl Into<PathBuf>) -> Self {
        self.folder = path.into();
        self
    }

    /// Sets how long keys are used after the last successful fetch: [`KeySources::LONGEST_STALE`] by default,
    /// which is also the maximum; the minimum is a second. An attacker who can block the fetches of a key set
    /// can keep a withdrawn key in use for this long.
    pub fn max_stale(mut self, duration: Duration) -> Self {
        self.max_stale = duration.max(MIN_USE).min(Self::LONGEST_STALE);
        self
    }

    /// Sets the treatment of keys whose issuer publishes an empty set: [`EmptyKeySet::Revoke`] by default.
    pub fn empty_key_set(mut self, treatment: EmptyKeySet) -> Self {
        self.empty_key_set = treatment;
        self
    }

    /// Returns the treatment of keys whose issuer publishes an empty set.
    pub(super) const fn when_empty(&self) -> EmptyKeySet {
        self.empty_key_set
    }

    /// Returns how long keys are used after the last successful fetch: a second to a day.
    pub(super) const fn longest_use(&self) -> Duration {
        self.max_stale
    }

    /// Returns the threads.
    pub(super) fn threads(&self) -> &KeyThreads {
        &self.threads
    }

    /// Makes fetches fail because no thread can be started.
    #[cfg(test)]
    pub(super) fn without_threads(mut self) -> Self {
        self.threads.fetches = Workers::unstartable();
        self
    }

    /// Returns the origin of an issuer's keys, if one is set.
    pub(super) fn origin(&self, issuer: &Issuer) -> Option<Origin> {
        if let Some(origin) = self.by_url.get(&issuer.url) {
            return Some(origin.clone());
        }
        let file = issuer.jwks.as_ref().filter(|jwks| !jwks.contains("://"));
        match file {
            Some(file) => Some(Origin::Source(Arc::new(FileKeys::new(self.folder.join(file))))),
            None => self.otherwise.clone().map(Origin::Source),
        }
    }
}

impl Default for KeySources {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows the URLs with a source, but not the keys.
impl fmt::Debug for KeySources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySources")
            .field("urls", &self.by_url.keys().collect::<Vec<_>>())
            .field("folder", &self.folder)
            .field("max_stale", &self.max_stale)
            .field("empty_key_set", &self.empty_key_set)
            .finish_non_exhaustive()
    }
}
