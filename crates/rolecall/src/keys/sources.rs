//! Which issuer's keys come from where.

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
use super::refresh::SHORTEST;
use crate::key_set::KeySet;

/// Where the keys of each issuer come from.
///
/// An issuer has what was said for its URL, byte for byte: [`fixed`](Self::fixed) keys or a [`source`](Self::source) of its
/// own, whichever was said last. Otherwise, if its `jwks` is the path of a file, that file; otherwise the source that was
/// said for all the [others](Self::otherwise).
#[derive(Clone)]
pub struct KeySources {
    by_url: BTreeMap<String, Origin>,
    otherwise: Option<Arc<dyn KeySource>>,
    folder: PathBuf,
    max_stale: Duration,
    empty_key_set: EmptyKeySet,
}

/// Where the keys of one issuer come from.
#[derive(Clone)]
pub(super) enum Origin {
    Fixed(Arc<KeySet>),
    Source(Arc<dyn KeySource>),
}

impl KeySources {
    /// The longest time, and the usual one, that keys are used after the last good fetch: a day.
    pub const LONGEST_STALE: Duration = Duration::from_secs(24 * 60 * 60);

    /// No sources but the files that issuers name.
    pub fn new() -> Self {
        Self {
            by_url: BTreeMap::new(),
            otherwise: None,
            folder: PathBuf::new(),
            max_stale: Self::LONGEST_STALE,
            empty_key_set: EmptyKeySet::default(),
        }
    }

    /// Keys that never change, for the issuer of this URL: they take no thread, no clock and no file.
    pub fn fixed(mut self, url: impl Into<String>, keys: KeySet) -> Self {
        self.by_url.insert(url.into(), Origin::Fixed(Arc::new(keys)));
        self
    }

    /// A source for the issuer of this URL.
    pub fn source(mut self, url: impl Into<String>, source: impl KeySource) -> Self {
        self.by_url.insert(url.into(), Origin::Source(Arc::new(source)));
        self
    }

    /// A source for every issuer without one of its own.
    pub fn otherwise(mut self, source: impl KeySource) -> Self {
        self.otherwise = Some(Arc::new(source));
        self
    }

    /// The folder that the files named by `jwks` are relative to: the working folder, unless this says otherwise.
    pub fn folder(mut self, path: impl Into<PathBuf>) -> Self {
        self.folder = path.into();
        self
    }

    /// How long after the last good fetch keys are used if no other fetch succeeds: [`KeySources::LONGEST_STALE`], unless
    /// this says less, but at least a second. A key that its issuer has withdrawn may be used for that long by whoever can
    /// keep its key set from being read.
    pub fn max_stale(mut self, duration: Duration) -> Self {
        self.max_stale = duration.max(SHORTEST).min(Self::LONGEST_STALE);
        self
    }

    /// Sets what becomes of the keys in use when their issuer publishes an empty set: [`EmptyKeySet::Revoke`], unless this
    /// says otherwise.
    pub fn empty_key_set(mut self, treatment: EmptyKeySet) -> Self {
        self.empty_key_set = treatment;
        self
    }

    /// The treatment of keys whose issuer publishes an empty set.
    pub(super) const fn when_empty(&self) -> EmptyKeySet {
        self.empty_key_set
    }

    /// How long after the last good fetch keys are used: a second to a day.
    pub(super) const fn longest_use(&self) -> Duration {
        self.max_stale
    }

    /// Where the keys of an issuer come from, if anybody said.
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

/// Says for whom there are keys, and not which.
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
