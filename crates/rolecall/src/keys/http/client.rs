//! HTTP client for one document.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::crypto::aws_lc_rs;
use ureq::http::Response;
use ureq::http::header::CONTENT_ENCODING;
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Proxy};

use super::address::Reach;
use super::fault::{fault, is_broken_connection};
use super::freshness::freshness;
use super::limits::Limits;
use super::lookup::{Lookup, Pinned};
use super::target::{Target, without_brackets};
use crate::clock::Clock;
use crate::keys::http_fault::HttpFault;

const USER_AGENT: &str = concat!("rolecall/", env!("CARGO_PKG_VERSION"));

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
    pub(super) roots: RootCerts,
}

impl Client {
    /// Fetches a document. A connection that breaks before there is a response is tried once more; no other
    /// fault is.
    pub(super) fn get(&self, url: &str) -> Result<Answer, HttpFault> {
        let start = self.clock.now().monotonic;
        let target = Target::new(url, self.loopback_http)?;
        let proxy = self.proxy.as_ref().filter(|_| target.secure);
        let addresses = self.addresses(&target, proxy)?;
        let ask = |connect| {
            let total = self.left(self.limits.total, start);
            let agent = self.agent(proxy, addresses.clone(), connect, total);
            agent.get(&target.uri).call()
        };
        let response = match ask(self.left(self.limits.connect, start)) {
            Err(error) if is_broken_connection(&error) => ask(self.limits.connect),
            first => first,
        };
        self.read(response.map_err(|error| fault(&error, self.limits))?)
    }

    /// Returns the addresses to connect to: those of the host, all of which must be allowed, or those of the
    /// proxy.
    fn addresses(&self, target: &Target, proxy: Option<&Proxy>) -> Result<Vec<SocketAddr>, HttpFault> {
        let reach = if !target.secure {
            Reach::Loopback
        } else if self.private_hosts.contains(&target.host) {
            Reach::Private
        } else {
            Reach::Public
        };
        let refused = || HttpFault::Address {
            host: target.host.clone(),
        };
        if target.address().is_some_and(|address| !reach.allows(address)) {
            return Err(refused());
        }
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
            Err(refused())
        }
    }

    /// Returns the time left of a limit: zero once it is over, which makes the request time out.
    fn left(&self, limit: Duration, start: Instant) -> Duration {
        limit.saturating_sub(self.clock.now().monotonic.saturating_duration_since(start))
    }

    /// Returns an agent for one request, so that no connection, cookie, TLS session or list of authorities is
    /// shared between requests.
    fn agent(
        &self,
        proxy: Option<&Proxy>,
        addresses: Vec<SocketAddr>,
        connect: Duration,
        total: Duration,
    ) -> Agent {
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
            .root_certs(self.roots.clone())
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .proxy(proxy.cloned())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .user_agent(USER_AGENT)
            .accept("application/json")
            .accept_encoding("identity")
            .timeout_connect(Some(connect))
            .timeout_global(Some(total))
            .build();
        Agent::with_parts(config, DefaultConnector::new(), Pinned(addresses))
    }

    fn read(&self, mut response: Response<Body>) -> Result<Answer, HttpFault> {
        let status = response.status().as_u16();
        if status != 200 {
            return Err(HttpFault::Status { status });
        }
        let mut encodings = response.headers().get_all(CONTENT_ENCODING).iter();
        if encodings.any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return Err(HttpFault::ContentEncoding);
        }
        let max_age = freshness(response.headers());
        let limit = self.limits.bytes;
        let body = response.body_mut();
        let length = body.content_length();
        if length.is_some_and(|length| length > limit) {
            return Err(HttpFault::TooLarge { length, limit });
        }
        let text = body.with_config().limit(limit).read_to_vec();
        let text = text.map_err(|error| fault(&error, self.limits))?;
        Ok(Answer { text, max_age })
    }
}
