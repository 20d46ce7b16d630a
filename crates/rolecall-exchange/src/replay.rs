//! Memory of used tokens and of ended sessions, until they expire.
//!
//! It is in this process, in a file, or in the database that instances share. A store that fails, is full or is too slow
//! remembers nothing, and what needs it is refused.

mod file;
mod memory;
mod postgres;

use std::fmt;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rolecall::UnixTime;
use tokio::time::timeout;

use crate::digest::sha256;
use crate::failure::Failure;
use crate::postgres::Postgres;
use crate::{random, telemetry};

use file::FileStore;
use memory::MemoryStore;
use postgres::PostgresStore;

/// The maximum number of entries.
const MAX_ENTRIES: u64 = 1_000_000;
/// The time by which an entry outlives its token: no issuer's leeway is longer.
const MARGIN: i64 = 3_600;
/// The time in which a store must answer. The database has a shorter one.
const TIME: Duration = Duration::from_secs(4);

/// A digest of what is remembered.
type Key = [u8; 32];

/// An entry: its key, the random number of the one use that may make it, and the time in seconds when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    key: Key,
    taker: u128,
    until: i64,
}

/// The outcome for a token.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// It was not used before. The entry can be given back if nothing comes of the use.
    First(Entry),
    Again,
}

/// A store of entries.
trait Store: Send + Sync + fmt::Debug {
    /// Returns the name, as the configuration and metrics have it.
    fn name(&self) -> &'static str;
    /// Adds an entry, and returns whether none had its key. Of several at a time, one alone is added. The same entry may
    /// be added twice.
    fn add(&self, entry: Entry) -> Answer<'_, bool>;
    /// Returns whether an entry has a key.
    fn has(&self, key: Key) -> Answer<'_, bool>;
    /// Removes an entry, if it is the one of its key.
    fn remove(&self, entry: Entry) -> Answer<'_, ()>;
    /// Removes the entries that have ended.
    fn tidy(&self, now: i64) -> Answer<'_, ()>;
}

/// The answer of a store.
type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// The reason that a store did not answer, for logs.
#[derive(Debug)]
struct StoreError(String);

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StoreError {
    fn full() -> Self {
        Self(format!("it has {MAX_ENTRIES} entries, and takes no more"))
    }
}

/// The store does not answer now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoAnswer;

/// The memory of used tokens.
#[derive(Clone, Debug)]
pub(crate) struct Replay {
    store: Arc<dyn Store>,
    is_failing: Arc<AtomicBool>,
}

/// The memory that ends with this process.
impl Default for Replay {
    fn default() -> Self {
        Self::of(Arc::new(MemoryStore::default()))
    }
}

impl Replay {
    fn of(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            is_failing: Arc::default(),
        }
    }

    /// Returns the memory in a file of a folder.
    ///
    /// # Errors
    /// [`Failure`] if the file cannot be opened.
    pub(crate) fn in_folder(folder: &Path) -> Result<Self, Failure> {
        Ok(Self::of(Arc::new(FileStore::open(folder)?)))
    }

    /// Returns the memory in the database.
    pub(crate) fn shared(postgres: Arc<Postgres>) -> Self {
        Self::of(Arc::new(PostgresStore::new(postgres)))
    }

    /// Remembers that a token of an issuer is used for a role.
    ///
    /// # Errors
    /// [`NoAnswer`] if it cannot be remembered.
    pub(crate) async fn take(&self, name: [&str; 3], expires_at: UnixTime) -> Result<Use, NoAnswer> {
        let taker = random::bytes::<16>().map_err(|_| NoAnswer)?;
        let entry = Entry {
            key: key(name),
            taker: u128::from_be_bytes(taker),
            until: expires_at.as_secs().saturating_add(MARGIN),
        };
        let added = self.answer("take", self.store.add(entry)).await?;
        Ok(if added { Use::First(entry) } else { Use::Again })
    }

    /// Returns whether a token was used.
    ///
    /// # Errors
    /// [`NoAnswer`] if that is not known.
    pub(crate) async fn has(&self, name: [&str; 3]) -> Result<bool, NoAnswer> {
        self.answer("look up", self.store.has(key(name))).await
    }

    /// Forgets a use, because nothing was issued for it. If that fails, the token stays used.
    pub(crate) async fn give_back(&self, entry: Entry) {
        let _ = self.answer("give back", self.store.remove(entry)).await;
    }

    /// Forgets what has expired.
    pub(crate) async fn tidy(&self, now: UnixTime) {
        let _ = self.answer("tidy", self.store.tidy(now.as_secs())).await;
    }

    /// Returns the name of the store, and whether its last answer failed.
    pub(crate) fn state(&self) -> (&'static str, bool) {
        (self.store.name(), self.is_failing.load(Ordering::Relaxed))
    }

    async fn answer<T>(&self, what: &'static str, answer: Answer<'_, T>) -> Result<T, NoAnswer> {
        let late = |_| StoreError("it did not answer in time".to_owned());
        let answer = timeout(TIME, answer).await.map_err(late);
        let answer = answer.and_then(|answer| answer);
        self.is_failing.store(answer.is_err(), Ordering::Relaxed);
        answer.map_err(|error| {
            let store = self.store.name();
            telemetry::store_failed(store);
            tracing::error!(store, what, %error, "the memory of used tokens does not answer");
            NoAnswer
        })
    }
}

/// Returns a digest of texts that differs if one of them does.
fn key(texts: [&str; 3]) -> Key {
    let text = texts.map(|text| format!("{}:{text}", text.len())).concat();
    sha256(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: [&str; 3] = ["https://gitlab.com", "a", "deploy"];

    async fn is_first(replay: &Replay, name: [&str; 3]) -> bool {
        let taken = replay.take(name, UnixTime::from_secs(1_000)).await;
        matches!(taken, Ok(Use::First(_)))
    }

    async fn remembers(replay: &Replay) {
        assert!(is_first(replay, TOKEN).await);
        assert!(!is_first(replay, TOKEN).await);
        assert!(is_first(replay, [TOKEN[0], "a", "plan"]).await);
        assert!(is_first(replay, [TOKEN[0], "b", "deploy"]).await);
        assert_eq!(replay.has(TOKEN).await, Ok(true));
        assert_eq!(replay.has([TOKEN[0], "c", "deploy"]).await, Ok(false));
        // Until an hour after the token expires.
        replay.tidy(UnixTime::from_secs(4_599)).await;
        assert!(!is_first(replay, TOKEN).await);
        replay.tidy(UnixTime::from_secs(4_600)).await;
        assert_eq!(replay.has(TOKEN).await, Ok(false));
        let Ok(Use::First(entry)) = replay.take(TOKEN, UnixTime::from_secs(1_000)).await else {
            panic!("it was forgotten");
        };
        // Another use of the same token takes nothing away.
        replay.give_back(Entry { taker: 1, ..entry }).await;
        assert!(!is_first(replay, TOKEN).await);
        replay.give_back(entry).await;
        assert!(is_first(replay, TOKEN).await);
        // An answer that was lost on its way is asked for again.
        assert!(matches!(replay.store.add(entry).await, Ok(false)));
    }

    #[tokio::test]
    async fn a_token_is_taken_once_for_each_role_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        remembers(&Replay::default()).await;
        remembers(&Replay::in_folder(folder.path()).unwrap()).await;
    }

    #[tokio::test]
    async fn a_file_remembers_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let replay = Replay::in_folder(folder.path()).unwrap();
        assert!(is_first(&replay, TOKEN).await);
        drop(replay);
        assert!(!is_first(&Replay::in_folder(folder.path()).unwrap(), TOKEN).await);
    }

    #[test]
    fn texts_that_only_join_to_the_same_are_different() {
        assert_ne!(key(["ab", "c", ""]), key(["a", "bc", ""]));
        assert_ne!(key(["a", "", "1:b"]), key(["a", "1:", "b"]));
    }
}
