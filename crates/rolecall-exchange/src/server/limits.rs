//! Limits of the server. Each request is bounded in size and time, and each peer in connections.

use std::time::Duration;

/// The maximum number of connections at a time.
pub(super) const MAX_CONNECTIONS: usize = 20_000;
/// The maximum number of connections of a peer at a time.
pub(super) const MAX_PEER_CONNECTIONS: usize = 256;
/// The maximum number of requests of a peer that are under way at a time.
pub(super) const MAX_PEER_REQUESTS: usize = 64;
/// The maximum number of requests that are under way at a time.
pub(super) const MAX_IN_FLIGHT: usize = 1_024;
/// The time in which a TLS handshake must be done.
pub(super) const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// The time in which the headers of a request must be there, counted from its first byte or from the last answer: so
/// an idle connection ends after it, too.
pub(super) const HEADER_TIME: Duration = Duration::from_secs(15);
/// The time in which a request must be answered, its body included.
pub(super) const REQUEST_TIME: Duration = Duration::from_secs(30);
/// The maximum size of a body in bytes. The longest request has a token of 16 KiB.
pub(super) const MAX_BODY: usize = 64 * 1024;
/// The maximum size of all headers in bytes. Vault's inline authentication has a token in a header.
pub(super) const MAX_HEADERS: usize = 64 * 1024;
/// The maximum number of headers.
pub(super) const MAX_HEADER_COUNT: usize = 100;
/// The time in which requests that are under way when the server stops must be done.
pub(super) const DRAIN_TIME: Duration = Duration::from_secs(25);
/// The pause after a connection could not be accepted, because there are no file descriptors left.
pub(super) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
