//! Client for servers that the configuration of a service names.

use std::fmt;

use super::client::Client;
use super::lookup::LookupError;
use super::message::{HttpRequest, HttpResponse};
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
