//! The store in a file of this instance, which a restart does not forget.

#![allow(
    clippy::result_large_err,
    reason = "the errors of the library are large, and rare"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use redb::{Database, Error, ReadableTable as _, ReadableTableMetadata as _, TableDefinition};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::{Answer, Entry, Key, MAX_ENTRIES, Store, StoreError};
use crate::failure::Failure;

/// The name of the file.
const NAME: &str = "replay.redb";
/// The entries: the time when they end and the taker, by key.
const USED: TableDefinition<'_, &[u8; 32], (i64, u128)> = TableDefinition::new("used");
/// The memory that the library uses in bytes.
const CACHE: usize = 8 << 20;

/// The store. Each change is on the disk before it is answered.
#[derive(Debug)]
pub(super) struct FileStore {
    path: PathBuf,
    /// The open file; none after an error, after which the library wants it to be opened again.
    database: Arc<Mutex<Option<Database>>>,
    /// One caller at a time: the others wait without a thread.
    place: Arc<Semaphore>,
}

impl FileStore {
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(NAME);
        let cannot = |error: &dyn std::fmt::Display| {
            Failure::new(format!("cannot open `{}`: {error}", path.display()))
                .help("let this user write to the folder; without the file, used tokens are forgotten")
        };
        fs::create_dir_all(folder).map_err(|error| cannot(&error))?;
        let database = open(&path).map_err(|error| cannot(&error))?;
        Ok(Self {
            database: Arc::new(Mutex::new(Some(database))),
            place: Arc::new(Semaphore::new(1)),
            path,
        })
    }

    /// Works with the file on a thread that may wait for the disk.
    fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Database) -> Result<T, Error> + Send + 'static,
    ) -> Answer<'_, T> {
        Box::pin(async move {
            let place = Arc::clone(&self.place).acquire_owned().await;
            let (database, path) = (Arc::clone(&self.database), self.path.clone());
            let done = spawn_blocking(move || {
                // Kept until the disk has answered, and not only until the caller is gone.
                let _place = place;
                let mut slot = database.lock().unwrap_or_else(PoisonError::into_inner);
                let database = match slot.take() {
                    Some(database) => database,
                    None => open(&path)?,
                };
                let done = work(&database)?;
                *slot = Some(database);
                Ok::<T, Error>(done)
            });
            match done.await {
                Ok(done) => done.map_err(|error| StoreError(error.to_string())),
                Err(error) => Err(StoreError(error.to_string())),
            }
        })
    }
}

/// Opens the file, or makes it.
fn open(path: &Path) -> Result<Database, Error> {
    let database = Database::builder().set_cache_size(CACHE).create(path)?;
    let change = database.begin_write()?;
    change.open_table(USED)?;
    change.commit()?;
    Ok(database)
}

/// Adds an entry. Returns `None` if the store is full.
fn insert(database: &Database, entry: Entry) -> Result<Option<bool>, Error> {
    let change = database.begin_write()?;
    {
        let mut used = change.open_table(USED)?;
        if let Some(other) = used.get(&entry.key)? {
            return Ok(Some(other.value().1 == entry.taker));
        }
        if used.len()? >= MAX_ENTRIES {
            return Ok(None);
        }
        used.insert(&entry.key, (entry.until, entry.taker))?;
    }
    change.commit()?;
    Ok(Some(true))
}

fn delete(database: &Database, entry: Entry) -> Result<(), Error> {
    let change = database.begin_write()?;
    {
        let mut used = change.open_table(USED)?;
        let found = used.get(&entry.key)?.map(|found| found.value().1);
        if found == Some(entry.taker) {
            used.remove(&entry.key)?;
        }
    }
    change.commit()?;
    Ok(())
}

impl Store for FileStore {
    fn name(&self) -> &'static str {
        "file"
    }

    fn add(&self, entry: Entry) -> Answer<'_, bool> {
        let added = self.work(move |database| insert(database, entry));
        Box::pin(async { added.await?.ok_or_else(StoreError::full) })
    }

    fn has(&self, key: Key) -> Answer<'_, bool> {
        self.work(move |database| {
            let used = database.begin_read()?.open_table(USED)?;
            Ok(used.get(&key)?.is_some())
        })
    }

    fn remove(&self, entry: Entry) -> Answer<'_, ()> {
        self.work(move |database| delete(database, entry))
    }

    fn tidy(&self, now: i64) -> Answer<'_, ()> {
        self.work(move |database| {
            let change = database.begin_write()?;
            change.open_table(USED)?.retain(|_, (until, _)| until > now)?;
            change.commit()?;
            Ok(())
        })
    }
}
