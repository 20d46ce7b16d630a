//! The connections to the database. This is the only file that opens them.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, Row};

use super::address::Address;
use super::error::DatabaseError;
use super::{schema, tls};
use crate::failure::Failure;

/// The maximum number of connections.
const MAX_CONNECTIONS: usize = 8;
/// The time in which a statement must be done, with all that it waits for.
const TIME: Duration = Duration::from_secs(3);

/// The database that instances share.
#[derive(Debug)]
pub(crate) struct Postgres {
    url_file: PathBuf,
    idle: Mutex<Vec<Client>>,
    places: Semaphore,
}

/// A parameter of a statement, and its type.
pub(crate) type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

impl Postgres {
    /// Reads the URL, and connects later: a database that is away for a while does not keep the server from starting.
    pub(crate) fn new(url_file: &Path) -> Result<Self, Failure> {
        let address = Address::read(url_file)?;
        tls::client(&address.security)?;
        Ok(Self {
            url_file: url_file.to_owned(),
            idle: Mutex::default(),
            places: Semaphore::new(MAX_CONNECTIONS),
        })
    }

    /// Executes a statement, which must have the same result if it is executed twice, and returns its rows.
    ///
    /// # Errors
    /// [`DatabaseError`] if it fails, or is not done in time.
    pub(crate) async fn query(
        &self,
        statement: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, DatabaseError> {
        let work = async {
            // The places are never closed.
            let _place = self.places.acquire().await;
            if let Some(client) = self.take_idle() {
                match client.query_typed(statement, parameters).await {
                    Ok(rows) => {
                        self.give_back(client);
                        return Ok(rows);
                    }
                    Err(error) if is_final(&error) => return Err(error.into()),
                    // The server ended, and the other connections with it.
                    Err(_) => self.forget_idle(),
                }
            }
            let client = self.connect().await?;
            let rows = client.query_typed(statement, parameters).await?;
            self.give_back(client);
            Ok(rows)
        };
        let late = |_| DatabaseError::new("it did not answer in time");
        timeout(TIME, work).await.map_err(late)?
    }

    /// Opens a connection, and makes the tables if there are none. The URL is read again: its password may be a new one.
    async fn connect(&self) -> Result<Client, DatabaseError> {
        let of_file = |failure: Failure| DatabaseError::new(failure.line());
        let address = Address::read(&self.url_file).map_err(of_file)?;
        let tls = tls::client(&address.security).map_err(of_file)?;
        let (mut client, connection) = address.config.connect(tls).await?;
        // It ends with its client.
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                let error = DatabaseError::from(error);
                tracing::warn!(%error, "a connection to the database ended");
            }
        });
        schema::ensure(&mut client).await?;
        Ok(client)
    }

    fn take_idle(&self) -> Option<Client> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|client| !client.is_closed());
        idle.pop()
    }

    fn give_back(&self, client: Client) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(client);
    }

    fn forget_idle(&self) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.clear();
    }
}

/// Returns whether a statement failed for a reason that another connection does not change.
fn is_final(error: &Error) -> bool {
    error.as_db_error().is_some_and(|error| {
        let code = error.code().code();
        // The server is shutting down (57P), or is a standby now (25006).
        !code.starts_with("57P") && code != "25006"
    })
}
