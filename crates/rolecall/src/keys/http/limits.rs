//! Limits of fetches.

use std::time::Duration;

/// The limits of a fetch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The maximum size of the body in bytes.
    pub(super) bytes: u64,
    /// The time to connect, from the lookup to the end of the TLS handshake.
    pub(super) connect: Duration,
    /// The time for the whole fetch, including a second attempt.
    pub(super) total: Duration,
}

impl Limits {
    /// The limits for documents of some kilobytes that requests may be waiting for.
    pub(super) const STRICT: Self = Self {
        bytes: 256 * 1024,
        connect: Duration::from_secs(2),
        total: Duration::from_secs(5),
    };
}
