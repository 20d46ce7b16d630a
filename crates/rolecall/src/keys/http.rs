//! Keys over the network.
//!
//! Who can change what comes back decides whose tokens are accepted. So there is one way to ask: `https`, at an address of
//! the internet, without credentials, cookies, redirects or anything of the environment, within limits of time and size.

mod address;
mod client;
mod discovery;
mod fault;
mod freshness;
mod lookup;
mod private_hosts;
#[cfg(test)]
mod rebinding;
mod setup_error;
#[cfg(test)]
mod stalls;
mod target;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rolecall_engine::{Issuer, check_issuer_url};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use ureq::Proxy;
use ureq::tls::{Certificate, RootCerts};

use crate::clock::{Clock, SystemClock};
use crate::key_set::KeySet;
use crate::keys::fetch_error::FetchError;
use crate::keys::http_fault::{HttpFault, IssuerDocument};
use crate::keys::{Fetched, KeySource};
use client::{Client, Limits};
use lookup::Lookup;
use private_hosts::PrivateHosts;
use target::bare;

pub use setup_error::HttpSetupError;

/// Reads keys over the network: OpenID Connect Discovery 1.0 and JWK sets, by `https`.
///
/// An issuer that says where its keys are ([`Issuer::jwks`]) is asked for them there. Of any other, the document below its
/// URL says where they are; that is remembered for at most an hour, and not after there were no keys or they could not be
/// read.
///
/// Each document is asked for on a connection of its own, with TLS 1.2 or 1.3 and the certificates that the operating
/// system trusts. It may be 256 KiB long, and take 5 s in all, 2 s of them until there is a connection. Only an answer with
/// status 200 counts; redirects are not followed. No credentials or cookies are sent, and the environment is not looked at
/// (but where the operating system keeps its certificates elsewhere, `SSL_CERT_FILE` and `SSL_CERT_DIR` may say so).
///
/// A host must have public addresses only, and what was checked is what is connected to.
///
/// A clone shares what is remembered.
#[derive(Clone)]
pub struct HttpKeys {
    /// Without private hosts: those depend on the issuer.
    client: Client,
    private_hosts: PrivateHosts,
    /// Where the keys of issuers are, by the URL of the issuer.
    remembered: Arc<Mutex<BTreeMap<String, Remembered>>>,
}

struct Remembered {
    jwks_uri: String,
    until: Instant,
}

/// The keys of an issuer, and where they were found.
#[derive(Debug)]
pub struct Discovered {
    /// Where the keys are: what the configuration says or, if it says nothing, the discovery document of the issuer.
    pub jwks_uri: String,
    /// The keys.
    pub fetched: Fetched,
}

impl HttpKeys {
    /// A source with the strict rules above.
    pub fn new() -> Self {
        Self {
            client: Client {
                clock: Arc::new(SystemClock),
                limits: Limits::STRICT,
                lookup: Lookup::system(),
                loopback_http: false,
                private_hosts: BTreeSet::new(),
                proxy: None,
                roots: RootCerts::PlatformVerifier,
            },
            private_hosts: PrivateHosts::default(),
            remembered: Arc::default(),
        }
    }

    /// Trusts the authorities of these certificates (PEM, RFC 7468), and no longer those that the operating system trusts.
    ///
    /// # Errors
    /// [`HttpSetupError`] if there is no certificate, or one that cannot vouch for others.
    pub fn roots(mut self, pem: &[u8]) -> Result<Self, HttpSetupError> {
        let mut roots = Vec::new();
        for (position, certificate) in CertificateDer::pem_slice_iter(pem).enumerate() {
            let error = HttpSetupError::Certificate { position };
            let certificate = certificate.map_err(|_| error.clone())?;
            roots.push(Certificate::from_der(&certificate).to_owned());
            RootCertStore::empty().add(certificate).map_err(|_| error)?;
        }
        if roots.is_empty() {
            return Err(HttpSetupError::NoCertificate);
        }
        self.client.roots = RootCerts::Specific(Arc::new(roots));
        Ok(self)
    }

    /// Lets a host have addresses of one's own network or machine (RFC 1918 and the like), for each issuer whose configuration
    /// is on it: its URL, or the URL of its `jwks`. A discovery document cannot lead another issuer there.
    ///
    /// It is the exact host, without a port. Link-local addresses and those where clouds tell machines their secrets stay
    /// refused.
    pub fn allow_private(mut self, host: &str) -> Self {
        self.private_hosts.allow(host);
        self
    }

    /// Lets a host have such addresses for the issuer of this URL (byte for byte), whose discovery document says that its
    /// keys are there. To name the keys with `jwks` and to use [`HttpKeys::allow_private`] is stricter: the document is not
    /// asked for then.
    pub fn allow_private_for(mut self, issuer_url: &str, host: &str) -> Self {
        self.private_hosts.allow_for(issuer_url, host);
        self
    }

    /// Lets URLs begin with `http://`, if they lead to this machine: for tests and development.
    pub fn allow_loopback_http(mut self) -> Self {
        self.client.loopback_http = true;
        self
    }

    /// Goes through a proxy (`http://host:port` or `https://…`, perhaps with a user and a password), which connects to the
    /// server (RFC 9110 section 9.3.6) and sees nothing of what is said.
    ///
    /// The proxy looks up the hosts, so it must be the one who refuses private addresses: only hosts that are addresses are
    /// still checked here. To this machine, plain `http` goes directly.
    ///
    /// # Errors
    /// [`HttpSetupError::Proxy`] if the URL is no proxy's.
    pub fn proxy(mut self, url: &str) -> Result<Self, HttpSetupError> {
        let is_http = url.starts_with("http://") || url.starts_with("https://");
        let proxy = Proxy::new(url).ok().filter(|_| is_http);
        let proxy = proxy.filter(|proxy| !bare(proxy.host()).is_empty());
        self.client.proxy = Some(proxy.ok_or(HttpSetupError::Proxy)?);
        Ok(self)
    }

    /// Looks at this clock, and not at the machine's, to know when a discovery document is too old and what time is left.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.client.clock = clock;
        self
    }

    /// Reads the keys of an issuer, and says where they are. There may be none that can be used.
    ///
    /// # Errors
    /// [`FetchError`] if they could not be read.
    pub fn discover(&self, issuer: &Issuer) -> Result<Discovered, FetchError> {
        let was_remembered = self.remembered().contains_key(&issuer.url);
        let discovered = self.read(issuer)?;
        // No keys where they were an hour ago: before that counts as a withdrawal, the issuer is asked if they have moved.
        if was_remembered && discovered.fetched.keys.is_empty() {
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
        if fetched.as_ref().map_or(true, |fetched| fetched.keys.is_empty()) {
            self.remembered().remove(&issuer.url);
        }
        Ok(Discovered {
            jwks_uri,
            fetched: fetched?,
        })
    }

    /// Returns what the documents of an issuer are fetched with.
    fn client(&self, issuer: &Issuer) -> Client {
        Client {
            private_hosts: self.private_hosts.of(issuer),
            ..self.client.clone()
        }
    }

    /// Where the keys of an issuer are, as it says itself.
    fn jwks_uri(&self, client: &Client, issuer: &str) -> Result<String, FetchError> {
        let now = self.client.clock.now().monotonic;
        self.remembered().retain(|_, remembered| now < remembered.until);
        if let Some(remembered) = self.remembered().get(issuer) {
            return Ok(remembered.jwks_uri.clone());
        }

        let http = |fault| FetchError::Http {
            document: IssuerDocument::Discovery,
            fault,
        };
        check_issuer_url(issuer).map_err(|fault| http(HttpFault::Url(fault)))?;
        let answer = client.get(&discovery::url(issuer)).map_err(http)?;
        let jwks_uri = discovery::jwks_uri(answer.text, issuer)?;
        let max_age = answer.max_age.unwrap_or(freshness::LONGEST);
        if let Some(until) = now.checked_add(max_age) {
            let remembered = Remembered {
                jwks_uri: jwks_uri.clone(),
                until,
            };
            self.remembered().insert(issuer.to_owned(), remembered);
        }
        Ok(jwks_uri)
    }

    fn remembered(&self) -> MutexGuard<'_, BTreeMap<String, Remembered>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Fetches a key set.
fn keys(client: &Client, url: &str) -> Result<Fetched, FetchError> {
    let answer = client.get(url).map_err(|fault| FetchError::Http {
        document: IssuerDocument::KeySet,
        fault,
    })?;
    Ok(Fetched {
        keys: KeySet::parse(&answer.text).map_err(FetchError::KeySet)?,
        max_age: answer.max_age,
    })
}

impl Default for HttpKeys {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows no proxy: its URL can hold a password.
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
