//! Where the keys of issuers come from.

mod empty_key_set;
mod fetch_error;
mod file;
#[cfg(feature = "http")]
mod http;
mod http_fault;
mod issuer_keys;
mod key_status;
mod refresh;
#[cfg(test)]
mod scripted;
mod sources;

use std::time::Duration;

use rolecall_engine::Issuer;

use crate::key_set::KeySet;

pub use empty_key_set::EmptyKeySet;
pub use fetch_error::FetchError;
pub use file::FileKeys;
#[cfg(feature = "http")]
pub use http::{Discovered, HttpKeys, HttpSetupError};
pub use http_fault::{CertificateFault, HttpFault, IssuerDocument};
pub(crate) use issuer_keys::{Find, IssuerKeys, Pending, TooManyWaiting};
pub use key_status::KeyStatus;
#[cfg(test)]
pub(crate) use scripted::{FOREVER, HandClock, NOW, Provider, token};
pub use sources::KeySources;

/// A place where the keys of issuers can be read.
///
/// Reading may take its time: it is done on a thread of its own, and never twice at once for one issuer. But it must end:
/// requests wait for it that have no keys yet, or that name one that nobody knows.
pub trait KeySource: Send + Sync + 'static {
    /// Reads the keys of an issuer, as they are now.
    ///
    /// # Errors
    /// [`FetchError`] if they could not be read. The keys in use stay in use, unless the issuer has withdrawn them
    /// ([`EmptyKeySet`]).
    fn fetch(&self, issuer: &Issuer) -> Result<Fetched, FetchError>;
}

/// Keys that were read.
#[derive(Debug)]
pub struct Fetched {
    /// The keys.
    pub keys: KeySet,
    /// How long they may be used before they are read again, if the place says so.
    pub max_age: Option<Duration>,
}
