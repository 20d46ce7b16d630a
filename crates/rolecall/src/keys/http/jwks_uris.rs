//! Cache of the URLs that discovery documents name.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// The `jwks_uri` of each issuer's discovery document, by issuer URL, until it expires.
#[derive(Default)]
pub(super) struct JwksUris(Mutex<BTreeMap<String, Entry>>);

struct Entry {
    jwks_uri: String,
    until: Instant,
}

impl JwksUris {
    /// Returns the URL of an issuer's keys, if it has not expired. Drops all that have.
    pub(super) fn get(&self, issuer: &str, now: Instant) -> Option<String> {
        let mut entries = self.lock();
        entries.retain(|_, entry| now < entry.until);
        entries.get(issuer).map(|entry| entry.jwks_uri.clone())
    }

    /// Returns whether there is an entry of an issuer, expired or not.
    pub(super) fn contains(&self, issuer: &str) -> bool {
        self.lock().contains_key(issuer)
    }

    /// Adds or replaces the entry of an issuer.
    pub(super) fn insert(&self, issuer: &str, jwks_uri: &str, until: Instant) {
        let entry = Entry {
            jwks_uri: jwks_uri.to_owned(),
            until,
        };
        self.lock().insert(issuer.to_owned(), entry);
    }

    /// Removes the entry of an issuer.
    pub(super) fn remove(&self, issuer: &str) {
        self.lock().remove(issuer);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
