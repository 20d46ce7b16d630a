//! Key source for the network.
//!
//! The party that controls the response controls which tokens are accepted. There is therefore one way to
//! fetch: by `https` from a public address, without credentials, cookies, redirects or environment variables,
//! and within limits of time and size.

mod address;
mod client;
mod discovery;
mod fault;
mod freshness;
mod http_client;
mod jwks_uris;
mod limits;
mod lookup;
mod message;
mod private_hosts;
#[cfg(test)]
mod rebinding;
mod setup_error;
#[cfg(test)]
mod stalls;
mod target;
mod tls;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use rolecall_engine::{Issuer, check_issuer_url};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use ureq::Proxy;

use crate::clock::{Clock, SystemClock};
use crate::key_set::KeySet;
#[cfg(doc)]
use crate::keys::KeySources;
use crate::keys::fetch_error::FetchError;
use crate::keys::http_fault::{HttpFault, IssuerDocument};
use crate::keys::{Fetched, KeySource};
use client::Client;
use jwks_uris::JwksUris;
use limits::Limits;
use lookup::{Lookup, LookupError};
use private_hosts::PrivateHosts;
use target::without_brackets;
use tls::Tls;

pub use http_client::HttpClient;
pub use message::{HttpRequest, HttpResponse};
pub use setup_error::HttpSetupError;

/// A key source that fetches keys by `https`: OpenID Connect Discovery 1.0 and JWK sets.
///
/// An issuer's keys are fetched from its [`Issuer::jwks`]. Without one, its discovery document names the URL;
/// that URL is cached for at most an hour, and dropped when no keys are found there or the fetch fails.
///
/// Each document is fetched on a new connection, with TLS 1.2 or 1.3 and the certificate authorities of the
/// operating system, which are read once in an hour. It may have 256 KiB, and take 5 s, of which connecting may
/// take 2 s. Only a response with status 200 is accepted; redirects are not followed. No credentials or cookies are sent, and no
/// environment variables are read (except `SSL_CERT_FILE` and `SSL_CERT_DIR`, where the operating system uses
/// them to find its certificates).
///
/// All addresses of a host must be public, and the checked addresses are the ones connected to.
///
/// Host names are looked up on up to 24 threads, which end when they are idle. [`KeySources`] has the threads that
/// fetch.
///
/// A clone shares the cached URLs, the certificate authorities and the threads.
#[derive(Clone)]
#[must_use = "a key source does nothing until `KeySources` has it"]
pub struct HttpKeys {
    /// The client without private hosts, which depend on the issuer.
    client: Client,
    private_hosts: PrivateHosts,
    jwks_uris: Arc<JwksUris>,
}

/// An issuer's keys, and the URL that they were fetched from.
#[derive(Debug)]
#[allow(
    clippy::exhaustive_structs,
    reason = "callers that read a key file construct it"
)]
pub struct Discovered {
    /// The URL of the keys: the configured one, or that of the issuer's discovery document.
    pub jwks_uri: String,
    /// The keys.
    pub fetched: Fetched,
}

impl HttpKeys {
    /// Returns a source with the rules above.
    pub fn new() -> Self {
        Self {
            client: Client {
                clock: Arc::new(SystemClock),
                limits: Limits::STRICT,
                lookup: Lookup::system(),
                loopback_http: false,
                private_hosts: BTreeSet::new(),
                proxy: None,
                tls: Arc::default(),
            },
            private_hosts: PrivateHosts::default(),
            jwks_uris: Arc::default(),
        }
    }

    /// Trusts the certificate authorities of these certificates (PEM, RFC 7468) instead of those of the
    /// operating system.
    ///
    /// # Errors
    /// [`HttpSetupError`] if there is no certificate, or one that cannot be a certificate authority.
    pub fn roots(mut self, pem: &[u8]) -> Result<Self, HttpSetupError> {
        let mut roots = RootCertStore::empty();
        for (position, certificate) in CertificateDer::pem_slice_iter(pem).enumerate() {
            let error = HttpSetupError::Certificate { position };
            let certificate = certificate.map_err(|_| error.clone())?;
            roots.add(certificate).map_err(|_| error)?;
        }
        if roots.is_empty() {
            return Err(HttpSetupError::NoCertificate);
        }
        self.client.tls = Arc::new(Tls::trusting(roots));
        Ok(self)
    }

    /// Allows a host to have private or loopback addresses (RFC 1918 and the like) for each issuer with a
    /// configured URL on that host: its own URL or its `jwks`. A discovery document cannot send another
    /// issuer's requests there.
    ///
    /// The host must match exactly, without a port. Link-local addresses and those of cloud metadata services
    /// stay refused.
    pub fn allow_private(mut self, host: &str) -> Self {
        self.private_hosts.allow(host);
        self
    }

    /// Allows a host to have private addresses for the issuer of this URL (byte for byte), whose discovery
    /// document names that host. It is stricter to name the keys with `jwks` and use
    /// [`HttpKeys::allow_private`], because the document is then not fetched.
    pub fn allow_private_for(mut self, issuer_url: &str, host: &str) -> Self {
        self.private_hosts.allow_for(issuer_url, host);
        self
    }

    /// Allows `http://` URLs of loopback hosts, for tests and development.
    pub fn allow_loopback_http(mut self) -> Self {
        self.client.loopback_http = true;
        self
    }

    /// Connects through a proxy (`http://host:port` or `https://…`, optionally with a user and a password).
    /// The proxy makes a tunnel (RFC 9110 section 9.3.6) and cannot read the contents.
    ///
    /// The proxy resolves host names, so it must refuse private addresses itself: only hosts that are IP
    /// addresses are still checked here. Loopback `http` URLs bypass the proxy.
    ///
    /// # Errors
    /// [`HttpSetupError::Proxy`] if the URL is not a valid proxy URL.
    pub fn proxy(mut self, url: &str) -> Result<Self, HttpSetupError> {
        let is_http = url.starts_with("http://") || url.starts_with("https://");
        let proxy = Proxy::new(url).ok().filter(|_| is_http);
        let proxy = proxy.filter(|proxy| !without_brackets(proxy.host()).is_empty());
        self.client.proxy = Some(proxy.ok_or(HttpSetupError::Proxy)?);
        Ok(self)
    }

    /// Sets the clock that measures the age of discovery documents and the time left of a fetch. The default
    /// is [`SystemClock`].
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.client.clock = clock;
        self
    }

    /// Returns a client with these rules, for requests that are not about keys. It shares the certificate authorities
    /// and the threads.
    pub fn http_client(&self) -> HttpClient {
        HttpClient {
            client: Client {
                private_hosts: self.private_hosts.of_configuration(),
                ..self.client.clone()
            },
        }
    }

    /// Fetches the keys of an issuer, and returns the URL that they are from. The set may have no usable key.
    ///
    /// # Errors
    /// [`FetchError`] if the keys cannot be fetched.
    pub fn discover(&self, issuer: &Issuer) -> Result<Discovered, FetchError> {
        let was_cached = self.jwks_uris.contains(&issuer.url);
        let discovered = self.read(issuer)?;
        // No keys at the cached URL: before that counts as a withdrawal, the issuer is asked for a new URL.
        if was_cached && !discovered.fetched.keys.has_key_for(issuer.tokens) {
            return self.read(issuer);
        }
        Ok(discovered)
    }

    fn read(&self, issuer: &Issuer) -> Result<Discovered, FetchError> {
        let client = self.client(issuer);
        let jwks_uri = match &issuer.jwks {
            Some(url) => url.clone(),
            None => self.jwks_uri(&client, &issuer.url)?,
        };
        let fetched = keys(&client, &jwks_uri);
        let is_usable = |fetched: &Fetched| fetched.keys.has_key_for(issuer.tokens);
        if !fetched.as_ref().is_ok_and(is_usable) {
            self.jwks_uris.remove(&issuer.url);
        }
        Ok(Discovered {
            jwks_uri,
            fetched: fetched?,
        })
    }

    /// Returns the client for the documents of an issuer.
    fn client(&self, issuer: &Issuer) -> Client {
        Client {
            private_hosts: self.private_hosts.of(issuer),
            ..self.client.clone()
        }
    }

    /// Returns the URL of the keys from the issuer's discovery document.
    fn jwks_uri(&self, client: &Client, issuer: &str) -> Result<String, FetchError> {
        let now = self.client.clock.now().monotonic;
        if let Some(jwks_uri) = self.jwks_uris.get(issuer, now) {
            return Ok(jwks_uri);
        }

        let http = |error| failed(IssuerDocument::Discovery, error);
        check_issuer_url(issuer).map_err(|fault| http(HttpFault::Url(fault).into()))?;
        let answer = client.get(&discovery::url(issuer)).map_err(http)?;
        let jwks_uri = discovery::jwks_uri(answer.text, issuer)?;
        let max_age = answer.max_age.unwrap_or(freshness::MAX);
        if let Some(until) = now.checked_add(max_age) {
            self.jwks_uris.insert(issuer, &jwks_uri, until);
        }
        Ok(jwks_uri)
    }
}

/// Fetches a key set.
fn keys(client: &Client, url: &str) -> Result<Fetched, FetchError> {
    let answer = client
        .get(url)
        .map_err(|error| failed(IssuerDocument::KeySet, error))?;
    Ok(Fetched {
        keys: KeySet::parse(&answer.text).map_err(FetchError::KeySet)?,
        max_age: answer.max_age,
    })
}

fn failed(document: IssuerDocument, error: LookupError) -> FetchError {
    match error {
        LookupError::NoThread => FetchError::NoThread,
        LookupError::Fault(fault) => FetchError::Http { document, fault },
    }
}

impl Default for HttpKeys {
    fn default() -> Self {
        Self::new()
    }
}

/// Does not show the proxy, whose URL can contain a password.
impl fmt::Debug for HttpKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpKeys")
            .field("private_hosts", &self.private_hosts)
            .field("loopback_http", &self.client.loopback_http)
            .finish_non_exhaustive()
    }
}

impl KeySource for HttpKeys {
    fn fetch(&self, issuer: &Issuer) -> Result<Fetched, FetchError> {
        self.discover(issuer).map(|discovered| discovered.fetched)
    }
}
