//! Requests to servers that the configuration of a service names, and their responses.

use std::fmt;
use std::time::Duration;

/// A request. With a body it is a `POST`, else a `GET`.
#[derive(Clone, Copy)]
#[allow(clippy::exhaustive_structs, reason = "callers construct it")]
pub struct HttpRequest<'a> {
    /// The URL, from the configuration.
    pub url: &'a str,
    /// The headers. Others that are sent: `host`, `user-agent`, `accept-encoding: identity`, `accept` if it is not
    /// here, and `content-length` with a body.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body of a `POST`.
    pub body: Option<&'a [u8]>,
    /// The time for the whole request.
    pub timeout: Duration,
    /// The maximum size of the response's body in bytes.
    pub max_bytes: u64,
}

/// A response, whatever its status.
#[derive(Clone, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers construct it in their tests")]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The header `content-type`; none if it is absent, repeated or not ASCII.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Shows no header and no body: they can contain tokens.
impl fmt::Debug for HttpRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("url", &self.url)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Does not show the body, which can contain secrets.
impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}
