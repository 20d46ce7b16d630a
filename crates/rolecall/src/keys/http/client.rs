//! HTTP client for one document or request.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::Response;
use ureq::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, TcpConnector};
use ureq::{Agent, Body, Proxy};

use super::address::Reach;
use super::fault::{fault, is_broken_connection};
use super::freshness::freshness;
use super::limits::Limits;
use super::lookup::{Lookup, LookupError, Pinned};
use super::message::{HttpRequest, HttpResponse};
use super::target::{Target, without_brackets};
use super::tls::Tls;
use crate::clock::Clock;
use crate::keys::http_fault::HttpFault;

const USER_AGENT: &str = concat!("rolecall/", env!("CARGO_PKG_VERSION"));

/// The maximum size of the head of a response in bytes.
const MAX_HEAD: usize = 32 * 1024;

/// The sizes of a connection's buffers in bytes. The head of a response has to fit, and the longest URL of a
/// discovery document.
const INPUT_BUFFER: usize = 2 * MAX_HEAD;
const OUTPUT_BUFFER: usize = 32 * 1024;

/// A fetched document.
pub(super) struct Answer {
    pub(super) text: Vec<u8>,
    /// The time for which it is fresh, if the server states one.
    pub(super) max_age: Option<Duration>,
}

/// The settings of a fetch.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) limits: Limits,
    pub(super) lookup: Lookup,
    pub(super) loopback_http: bool,
    /// Hosts that may have private addresses.
    pub(super) private_hosts: BTreeSet<String>,
    pub(super) proxy: Option<Proxy>,
    pub(super) tls: Arc<Tls>,
}

impl Client {
    /// Fetches a document. A connection that breaks before there is a response is tried once more; no other
    /// fault is.
    pub(super) fn get(&self, url: &str) -> Result<Answer, LookupError> {
        let start = self.clock.now().monotonic;
        let target = Target::new(url, self.loopback_http)?;
        let proxy = self.proxy.as_ref().filter(|_| target.secure);
        let addresses = self.addresses(&target, proxy)?;
        let ask = |connect| {
            let total = self.left(self.limits.total, start);
            let agent = self.agent(target.secure, proxy, addresses.clone(), connect, total)?;
            Ok::<_, HttpFault>(agent.get(&target.uri).call())
        };
        let response = match ask(self.left(self.limits.connect, start))? {
            Err(error) if is_broken_connection(&error) => ask(self.limits.connect)?,
            first => first,
        };
        let response = response.map_err(|error| fault(&error, self.limits))?;
        Ok(self.document(response)?)
    }

    /// Sends a request once, and returns the response whatever its status.
    pub(super) fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, LookupError> {
        let start = self.clock.now().monotonic;
        let limits = Limits {
            bytes: request.max_bytes,
            connect: self.limits.connect.min(request.timeout),
            total: request.timeout,
        };
        let bounded = Self {
            limits,
            ..self.clone()
        };
        let target = Target::new(request.url, self.loopback_http)?;
        let proxy = self.proxy.as_ref().filter(|_| target.secure);
        let addresses = bounded.addresses(&target, proxy)?;
        let (connect, total) = (self.left(limits.connect, start), self.left(limits.total, start));
        let agent = self.agent(target.secure, proxy, addresses, connect, total)?;
        let response = match request.body {
            Some(body) => {
                let post = agent.post(&target.uri);
                let headers = request.headers.iter();
                headers
                    .fold(post, |post, (name, value)| post.header(*name, *value))
                    .send(body)
            }
            None => {
                let get = agent.get(&target.uri);
                let headers = request.headers.iter();
                headers
                    .fold(get, |get, (name, value)| get.header(*name, *value))
                    .call()
            }
        };
        let mut response = response.map_err(|error| fault(&error, limits))?;
        let mut types = response.headers().get_all(CONTENT_TYPE).iter();
        let content_type = match (types.next(), types.next()) {
            (Some(one), None) => one.to_str().ok().map(str::to_owned),
            _ => None,
        };
        Ok(HttpResponse {
            status: response.status().as_u16(),
            content_type,
            body: bounded.text(&mut response)?,
        })
    }

    /// Checks a URL, and the address in it if there is one.
    pub(super) fn check(&self, url: &str) -> Result<(), HttpFault> {
        self.reach(&Target::new(url, self.loopback_http)?).map(|_| ())
    }

    /// Fetches a document where there are threads.
    #[cfg(test)]
    pub(super) fn ask(&self, url: &str) -> Result<Answer, HttpFault> {
        match self.get(url) {
            Ok(answer) => Ok(answer),
            Err(LookupError::Fault(fault)) => Err(fault),
            Err(LookupError::NoThread) => Err(HttpFault::NoRoots),
        }
    }

    /// Returns the addresses that the host of a URL may have.
    ///
    /// # Errors
    /// [`HttpFault::Address`] if the host is an address, and not one of them.
    fn reach(&self, target: &Target) -> Result<Reach, HttpFault> {
        let reach = if !target.secure {
            Reach::Loopback
        } else if self.private_hosts.contains(&target.host) {
            Reach::Private
        } else {
            Reach::Public
        };
        match target.address() {
            Some(address) if !reach.allows(address) => Err(refused(target)),
            _ => Ok(reach),
        }
    }

    /// Returns the addresses to connect to: those of the host, all of which must be allowed, or those of the
    /// proxy.
    fn addresses(&self, target: &Target, proxy: Option<&Proxy>) -> Result<Vec<SocketAddr>, LookupError> {
        let reach = self.reach(target)?;
        let limit = self.limits.connect;
        if let Some(proxy) = proxy {
            return self
                .lookup
                .addresses(without_brackets(proxy.host()), proxy.port(), limit);
        }
        let addresses = self.lookup.addresses(&target.host, target.port, limit)?;
        if addresses.iter().all(|address| reach.allows(address.ip())) {
            Ok(addresses)
        } else {
            Err(refused(target).into())
        }
    }

    /// Returns the time left of a limit: zero once it is over, which makes the request time out.
    fn left(&self, limit: Duration, start: Instant) -> Duration {
        limit.saturating_sub(self.clock.now().monotonic.saturating_duration_since(start))
    }

    /// Returns an agent for one request, so that no connection or cookie is shared between requests. Only the
    /// certificate authorities are.
    fn agent(
        &self,
        secure: bool,
        proxy: Option<&Proxy>,
        addresses: Vec<SocketAddr>,
        connect: Duration,
        total: Duration,
    ) -> Result<Agent, HttpFault> {
        let config = Agent::config_builder()
            .proxy(proxy.cloned())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .max_response_header_size(MAX_HEAD)
            .input_buffer_size(INPUT_BUFFER)
            .output_buffer_size(OUTPUT_BUFFER)
            .user_agent(USER_AGENT)
            .accept("application/json")
            .accept_encoding("identity")
            .timeout_connect(Some(connect))
            .timeout_global(Some(total))
            .build();
        let connector = ().chain(ConnectProxyConnector::default()).chain(TcpConnector::default());
        Ok(if secure {
            let tls = self.tls.connector(self.clock.now().monotonic)?;
            Agent::with_parts(config, connector.chain(tls), Pinned(addresses))
        } else {
            Agent::with_parts(config, connector, Pinned(addresses))
        })
    }

    fn document(&self, mut response: Response<Body>) -> Result<Answer, HttpFault> {
        let status = response.status().as_u16();
        if status != 200 {
            return Err(HttpFault::Status { status });
        }
        let max_age = freshness(response.headers());
        let text = self.text(&mut response)?;
        Ok(Answer { text, max_age })
    }

    /// Reads the body of a response.
    fn text(&self, response: &mut Response<Body>) -> Result<Vec<u8>, HttpFault> {
        let mut encodings = response.headers().get_all(CONTENT_ENCODING).iter();
        if encodings.any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return Err(HttpFault::ContentEncoding);
        }
        let limit = self.limits.bytes;
        let body = response.body_mut();
        let length = body.content_length();
        if length.is_some_and(|length| length > limit) {
            return Err(HttpFault::TooLarge { length, limit });
        }
        let text = body.with_config().limit(limit).read_to_vec();
        text.map_err(|error| fault(&error, self.limits))
    }
}

fn refused(target: &Target) -> HttpFault {
    HttpFault::Address {
        host: target.host.clone(),
    }
}
