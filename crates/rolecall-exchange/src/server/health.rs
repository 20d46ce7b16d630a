//! The state of the files that the server uses, for probes and metrics.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use tokio::sync::Semaphore;

use crate::policies::PolicyStatus;
use crate::telemetry::Telemetry;

/// The state of policies, keys and certificate.
#[derive(Debug)]
pub(crate) struct Health {
    pub(crate) policies: Arc<PolicyStatus>,
    pub(crate) telemetry: Telemetry,
    /// True if the key files on disk cannot be used, and those from before are.
    pub(crate) keys: Stale,
    /// The same for the keys of sessions.
    pub(crate) session_keys: Stale,
    /// The same for the certificate.
    pub(crate) certificate: Stale,
    pub(super) connections: Connections,
    /// True if the audit log is copied to the database.
    pub(crate) is_copied: bool,
}

/// The connections of the doors, from the time when the server answers.
#[derive(Debug, Default)]
pub(super) struct Connections(OnceLock<(usize, Arc<Semaphore>)>);

impl Connections {
    pub(super) fn set(&self, most: usize, places: &Arc<Semaphore>) {
        // They are set once, by the server that runs.
        let _ = self.0.set((most, Arc::clone(places)));
    }

    /// Returns the number of open connections.
    pub(super) fn open(&self) -> usize {
        let connections = self.0.get();
        connections.map_or(0, |(most, places)| {
            most.saturating_sub(places.available_permits())
        })
    }
}

/// A mark that files on disk are not the ones in use.
#[derive(Debug, Default)]
pub(crate) struct Stale(AtomicBool);

impl Stale {
    pub(crate) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn set(&self, is_stale: bool) {
        self.0.store(is_stale, Ordering::Relaxed);
    }
}

impl Health {
    pub(crate) fn new(policies: Arc<PolicyStatus>, telemetry: Telemetry, is_copied: bool) -> Self {
        Self {
            policies,
            telemetry,
            keys: Stale::default(),
            session_keys: Stale::default(),
            certificate: Stale::default(),
            connections: Connections::default(),
            is_copied,
        }
    }
}
