//! Errors of the database, without the URL of it.

use std::error::Error as _;
use std::fmt;

/// The reason that the database did not do something, for logs and for `check`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DatabaseError(String);

impl DatabaseError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl From<tokio_postgres::Error> for DatabaseError {
    fn from(error: tokio_postgres::Error) -> Self {
        // The message of the server names the role or a table. Its details would repeat values.
        if let Some(error) = error.as_db_error() {
            return Self(format!("{} ({})", error.message(), error.code().code()));
        }
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        Self(text)
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
