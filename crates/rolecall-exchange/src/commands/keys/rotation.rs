//! Rotation of the keys of a folder, whatever they are for.

use std::fs;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::key_folder::{self, Rotated};

/// The time from which a key is known before it is used: instances and relying parties must have seen it by then.
const KNOWN_BEFORE: SignedDuration = SignedDuration::from_hours(24);
/// The time for which a key is known after its successor is used: longer than any role token or session lives.
const KNOWN_AFTER: SignedDuration = SignedDuration::from_hours(25);

/// The time at which a new key is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// After a day, or at once if it is the first: nothing is stored anywhere yet.
    InADay,
    AtOnce,
}

/// The keys of a folder at a time.
pub(super) struct Rotation<'f, K> {
    folder: &'f Path,
    now: Timestamp,
    keys: Vec<K>,
}

impl<'f, K: Rotated> Rotation<'f, K> {
    /// Reads a folder.
    pub(super) fn open(
        folder: &'f Path,
        now: Timestamp,
        read: impl FnOnce(&Path) -> Result<Vec<K>, Failure>,
    ) -> Result<Self, Failure> {
        let mut keys = read(folder)?;
        keys.sort_by_key(Rotated::used_from);
        Ok(Self { folder, now, keys })
    }

    /// Reads a folder, which is created if it is missing.
    pub(super) fn make(
        folder: &'f Path,
        now: Timestamp,
        read: impl FnOnce(&Path) -> Result<Vec<K>, Failure>,
    ) -> Result<Self, Failure> {
        fs::create_dir_all(folder)
            .map_err(|error| Failure::new(format!("cannot create `{}`: {error}", folder.display())))?;
        Self::open(folder, now, read)
    }

    /// Adds a key of a kind, which the keys of that kind make way for.
    pub(super) fn add(
        self,
        kind: &str,
        start: Start,
        make: impl FnOnce(Timestamp, Timestamp) -> Result<K, Failure>,
        console: &Console,
    ) -> Result<Exit, Failure> {
        let mut before: Vec<&K> = self.keys.iter().filter(|key| key.kind() == kind).collect();
        before.retain(|key| !self.is_retired(key));
        let used_from = if start == Start::AtOnce || before.is_empty() {
            self.now
        } else {
            later(self.now, KNOWN_BEFORE)?
        };
        let path = key_folder::write(self.folder, &make(self.now, used_from)?)?;
        // After the new key is there: if this stops here, the old ones only stay longer.
        for old in before {
            if old.retired_from().is_none() {
                let mut old = old.clone();
                old.retire(later(used_from, KNOWN_AFTER)?);
                key_folder::write(self.folder, &old)?;
            }
        }
        let (path, used) = (path.display(), K::USED);
        console.say(&format!("`{path}`: {} now, {used} from {used_from}", K::KNOWN))?;
        Ok(Exit::Yes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Lists the keys, the first one to be used first.
    pub(super) fn list(&self, console: &Console) -> Result<(), Failure> {
        for key in &self.keys {
            let is_used = self
                .in_use(key.kind(), None)
                .is_some_and(|used| used.name() == key.name());
            let (name, kind, used, from) = (key.name(), key.kind(), K::USED, key.used_from());
            let is_known = key.known_from().is_none_or(|time| time <= self.now);
            let state = if self.is_retired(key) {
                "retired".to_owned()
            } else if is_used {
                format!("{used} since {from}")
            } else {
                let known = if is_known { K::KNOWN } else { "to come" };
                format!("{known}, {used} from {from}")
            };
            let retired = key.retired_from().map(|time| format!(", retires {time}"));
            let retired = retired.unwrap_or_default();
            console.say(&format!("{name}  {kind}  {state}{retired}"))?;
        }
        Ok(())
    }

    /// Retires a key: at once, or when what it is used for has ended. Returns whether it is one of these.
    pub(super) fn retire(&self, name: &str, at_once: bool, console: &Console) -> Result<bool, Failure> {
        let Some(key) = self.keys.iter().find(|key| key.name() == name) else {
            return Ok(false);
        };
        let Some(successor) = self.in_use(key.kind(), Some(name)) else {
            let message = format!("no other key {} now: `{name}` stays", K::USED);
            return Err(Failure::new(message).help(
                "make one with `rolecall-exchange keys new`, and wait until it is used; `--now` lets it be used at once",
            ));
        };
        let end = if at_once {
            self.now
        } else {
            later(successor.used_from(), KNOWN_AFTER)?.max(self.now)
        };
        let mut key = key.clone();
        key.retire(end);
        key_folder::write(self.folder, &key)?;
        console.say(&format!("`{name}` retires {end}"))?;
        Ok(true)
    }

    /// Returns the key of a kind that is used now, other than the one of a name.
    fn in_use(&self, kind: &str, but: Option<&str>) -> Option<&K> {
        let used = |key: &&K| {
            let is_other = but.is_none_or(|name| key.name() != name);
            key.kind() == kind && is_other && key.used_from() <= self.now && !self.is_retired(key)
        };
        self.keys.iter().filter(used).max_by_key(|key| key.used_from())
    }

    fn is_retired(&self, key: &K) -> bool {
        key.retired_from().is_some_and(|time| time <= self.now)
    }
}

fn later(time: Timestamp, by: SignedDuration) -> Result<Timestamp, Failure> {
    time.checked_add(by)
        .map_err(|error| Failure::new(format!("the clock is wrong: {error}")))
}
