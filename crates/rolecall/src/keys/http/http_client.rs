//! Requests to servers that the configuration of a service names.

use std::fmt;
use std::time::Duration;

use super::client::Client;
use super::lookup::LookupError;
use super::target::Target;
#[cfg(doc)]
use crate::keys::http::HttpKeys;
use crate::keys::http_fault::HttpFault;

/// A client for servers that the configuration of a service names, such as the token service of a cloud.
///
/// It has the rules of the [`HttpKeys`] that it comes from: certificate authorities, proxy, plain `http` on
/// loopback only, no redirects, no cookies, a new connection for each request. All addresses of a host must be
/// public, unless the host is allowed with [`HttpKeys::allow_private`], and the checked addresses are the ones
/// connected to.
///
/// The URL must come from the configuration: a host that others choose could be an allowed private one.
#[derive(Clone)]
pub struct HttpClient {
    pub(super) client: Client,
}

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

impl HttpClient {
    /// Sends a request once, and returns the response whatever its status. It blocks.
    ///
    /// # Errors
    /// [`HttpFault`] if there is no response within the limits. [`HttpFault::Status`] is not among them.
    pub fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, HttpFault> {
        self.client.send(request).map_err(|error| match error {
            LookupError::Fault(fault) => fault,
            LookupError::NoThread => HttpFault::Lookup {
                host: Target::new(request.url, true).map_or_else(|_| String::new(), |target| target.host),
            },
        })
    }

    /// Returns the fault for which each request to a URL would be refused, without a look-up of its host.
    ///
    /// # Errors
    /// [`HttpFault::Url`] if the URL breaks a rule, and [`HttpFault::Address`] if its host is an address that may not be
    /// connected to.
    pub fn check(&self, url: &str) -> Result<(), HttpFault> {
        self.client.check(url)
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient").finish_non_exhaustive()
    }
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
