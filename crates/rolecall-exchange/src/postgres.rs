//! PostgreSQL, for what several instances share.
//!
//! The exchange makes its tables itself, in a schema of its own. Connections are few, each request has a deadline, and a
//! connection that was lost is replaced. Each request is one statement that may be repeated: it is, if its connection
//! broke.

mod address;
mod connections;
mod error;
mod schema;
mod tls;

pub(crate) use connections::{Parameter, Postgres};
pub(crate) use error::DatabaseError;
