//! The store in the database, which instances share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_postgres::Row;
use tokio_postgres::types::Type;

use super::{Answer, Entry, Key, MAX_ENTRIES, Store, StoreError};
use crate::postgres::{DatabaseError, Parameter, Postgres};

/// The insertion of an entry, with a row if it is there then. Of two at the same time, the database lets one wait for the
/// other. An entry whose acknowledgement was lost is found by its taker.
const ADD: &str = "INSERT INTO rolecall_exchange.used AS u (key, taker, until) VALUES ($1, $2, $3) \
     ON CONFLICT (key) DO UPDATE SET until = u.until WHERE u.taker = excluded.taker RETURNING true";
const HAS: &str = "SELECT true FROM rolecall_exchange.used WHERE key = $1";
const REMOVE: &str = "DELETE FROM rolecall_exchange.used WHERE key = $1 AND taker = $2";
/// The database's own clock counts: one instance with a wrong clock must not forget for all.
const TIDY: &str = "DELETE FROM rolecall_exchange.used WHERE until <= extract(epoch FROM now())::bigint";
const COUNT: &str = "SELECT count(*) FROM (SELECT FROM rolecall_exchange.used LIMIT $1) AS used";

/// The store.
#[derive(Debug)]
pub(super) struct PostgresStore {
    postgres: Arc<Postgres>,
    /// True if it had too many entries when it was last tidied.
    is_full: AtomicBool,
}

impl PostgresStore {
    pub(super) fn new(postgres: Arc<Postgres>) -> Self {
        Self {
            postgres,
            is_full: AtomicBool::new(false),
        }
    }

    async fn count(&self) -> Result<u64, DatabaseError> {
        let most = i64::try_from(MAX_ENTRIES).unwrap_or(i64::MAX);
        let rows = self.postgres.query(COUNT, &[(&most, Type::INT8)]).await?;
        let count = rows.first().map_or(Ok(0), |row: &Row| row.try_get::<_, i64>(0));
        Ok(u64::try_from(count?).unwrap_or(0))
    }
}

impl From<DatabaseError> for StoreError {
    fn from(error: DatabaseError) -> Self {
        Self(error.to_string())
    }
}

impl Store for PostgresStore {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn add(&self, entry: Entry) -> Answer<'_, bool> {
        Box::pin(async move {
            if self.is_full.load(Ordering::Relaxed) {
                return Err(StoreError::full());
            }
            let (key, taker) = (entry.key.as_slice(), entry.taker.to_be_bytes());
            let parameters: [Parameter<'_>; 3] = [
                (&key, Type::BYTEA),
                (&taker.as_slice(), Type::BYTEA),
                (&entry.until, Type::INT8),
            ];
            let rows = self.postgres.query(ADD, &parameters).await?;
            Ok(!rows.is_empty())
        })
    }

    fn has(&self, key: Key) -> Answer<'_, bool> {
        Box::pin(async move {
            let rows = self
                .postgres
                .query(HAS, &[(&key.as_slice(), Type::BYTEA)])
                .await?;
            Ok(!rows.is_empty())
        })
    }

    fn remove(&self, entry: Entry) -> Answer<'_, ()> {
        Box::pin(async move {
            let (key, taker) = (entry.key.as_slice(), entry.taker.to_be_bytes());
            let parameters: [Parameter<'_>; 2] = [(&key, Type::BYTEA), (&taker.as_slice(), Type::BYTEA)];
            self.postgres.query(REMOVE, &parameters).await?;
            Ok(())
        })
    }

    fn tidy(&self, _now: i64) -> Answer<'_, ()> {
        Box::pin(async move {
            self.postgres.query(TIDY, &[]).await?;
            let is_full = self.count().await? >= MAX_ENTRIES;
            self.is_full.store(is_full, Ordering::Relaxed);
            Ok(())
        })
    }
}
