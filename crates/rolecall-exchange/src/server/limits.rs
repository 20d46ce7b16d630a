//! Limits of the server. Each request is bounded in size and time, and each peer in connections.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The maximum number of connections of an administrator's listener at a time.
pub(super) const MAX_ADMIN_CONNECTIONS: usize = 64;
/// The maximum number of connections at a time, if the system has as many file descriptors.
const MAX_CONNECTIONS: usize = 20_000;
/// The maximum number of connections that wait to be accepted, if the system allows as many.
pub(super) const BACKLOG: u32 = 4_096;
/// The file descriptors for all but connections: files, and requests to issuers and upstreams.
const OTHER_FILES: u64 = 256;
/// The maximum number of connections of a peer at a time.
pub(super) const MAX_PEER_CONNECTIONS: usize = 256;
/// The maximum number of requests of a peer that are under way at a time.
pub(super) const MAX_PEER_REQUESTS: usize = 64;
/// The maximum number of requests at the doors that are worked on at a time. A request whose body is still coming is not
/// counted: peers that are slow would close the doors for all.
pub(super) const MAX_IN_FLIGHT: usize = 1_024;
/// The time in which a TLS handshake must be done.
pub(super) const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// The time in which the headers of a request must be there, counted from its first byte or from the last answer: so
/// an idle connection ends after it, too.
pub(super) const HEADER_TIME: Duration = Duration::from_secs(15);
/// The time in which the body of a request must be there.
pub(super) const BODY_TIME: Duration = Duration::from_secs(5);
/// The time in which a request must be answered once its body is there.
pub(super) const REQUEST_TIME: Duration = Duration::from_secs(20);
/// The time after which a connection is closed when its request is answered: a client that reads nothing would keep its
/// place.
pub(super) const CONNECTION_TIME: Duration = Duration::from_secs(60 * 60);
/// The maximum size of a body in bytes. The longest request has a token of 16 KiB.
pub(super) const MAX_BODY: usize = 64 * 1024;
/// The maximum size of all headers in bytes. Vault's inline authentication has a token in a header.
pub(super) const MAX_HEADERS: usize = 64 * 1024;
/// The maximum number of headers.
pub(super) const MAX_HEADER_COUNT: usize = 100;
/// The time in which requests that are under way when the server stops must be done: that of a body and of an answer.
pub(super) const DRAIN_TIME: Duration = Duration::from_secs(25);
/// The pause after a connection could not be accepted, because there are no file descriptors left.
pub(super) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Raises the number of file descriptors as far as the system allows it, and returns the maximum number of connections.
pub(super) fn connections() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    let files = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    let room = files.map_or(u64::MAX, |files| files.saturating_sub(OTHER_FILES).max(1));
    let most = usize::try_from(room).unwrap_or(usize::MAX).min(MAX_CONNECTIONS);
    if most < MAX_CONNECTIONS {
        tracing::warn!(
            connections = most,
            "the limit of file descriptors bounds the number of connections"
        );
    }
    most
}
