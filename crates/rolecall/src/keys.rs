//! Key sources, and the refreshing of issuers' keys.

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
pub use http::{Discovered, HttpClient, HttpKeys, HttpRequest, HttpResponse, HttpSetupError};
pub use http_fault::{CertificateFault, HttpFault, IssuerDocument};
pub(crate) use issuer_keys::{Find, IssuerKeys, Pending, TooManyWaiting};
pub use key_status::KeyStatus;
#[cfg(test)]
pub(crate) use scripted::{FOREVER, HandClock, NOW, Provider, token};
pub use sources::KeySources;

/// A source of issuers' keys.
///
/// A fetch may block: it runs on one of 32 threads ([`KeySources`]), at most one at a time per issuer. It must
/// end: requests without keys, or with an unknown `kid`, wait for it, and it keeps its thread.
pub trait KeySource: Send + Sync + 'static {
    /// Fetches the current keys of an issuer.
    ///
    /// # Errors
    /// [`FetchError`] if the keys cannot be fetched. The keys in use then stay in use, unless the issuer has
    /// withdrawn them ([`EmptyKeySet`]).
    fn fetch(&self, issuer: &Issuer) -> Result<Fetched, FetchError>;
}

/// The result of a fetch.
#[derive(Debug)]
#[allow(clippy::exhaustive_structs, reason = "key sources construct it")]
pub struct Fetched {
    /// The keys.
    pub keys: KeySet,
    /// The time for which they are fresh, if the source limits it. It is raised to at least a second and cut
    /// to at most [`KeySources::max_stale`]; without it, keys are fresh for 10 minutes.
    pub max_age: Option<Duration>,
}
