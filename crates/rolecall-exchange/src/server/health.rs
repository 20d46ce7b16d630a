//! The state of the files that the server uses, for probes and metrics.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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
    /// True if the audit log is copied to the database.
    pub(crate) is_copied: bool,
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
            is_copied,
        }
    }
}
