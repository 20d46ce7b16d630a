//! TLS connections to issuers.
//!
//! The TLS connector of the HTTP library is not used. For requests with limits of their own, it would read the
//! certificate authorities of the operating system each time, which takes 4 ms of the 5 ms of a request; and it
//! would resume sessions, in which no certificate is checked.

use std::fmt;
use std::io::{Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use rustls_platform_verifier::BuilderVerifierExt;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport, TransportAdapter,
    time,
};

use super::freshness;
use super::target::without_brackets;
use crate::keys::http_fault::HttpFault;

/// The TLS settings of all requests: the certificate authorities, which are read once in an hour.
#[derive(Default)]
pub(super) struct Tls {
    /// The certificate authorities to trust, if not those of the operating system.
    roots: Option<Arc<RootCertStore>>,
    settings: Mutex<Option<Settings>>,
}

struct Settings {
    config: Arc<ClientConfig>,
    until: Instant,
}

impl Tls {
    /// Returns settings that trust these certificate authorities and no others.
    pub(super) fn trusting(roots: RootCertStore) -> Self {
        Self {
            roots: Some(Arc::new(roots)),
            settings: Mutex::default(),
        }
    }

    /// Returns the connector for a request.
    ///
    /// # Errors
    /// [`HttpFault::NoRoots`] if the operating system has no certificate authorities. They are read again for
    /// the next request.
    pub(super) fn connector(&self, now: Instant) -> Result<TlsConnector, HttpFault> {
        // Locked while the authorities are read, so that requests that begin together read them once.
        let mut settings = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        settings.take_if(|settings| settings.until <= now);
        if let Some(settings) = &*settings {
            return Ok(TlsConnector(Arc::clone(&settings.config)));
        }
        let config = Arc::new(self.config()?);
        *settings = now.checked_add(freshness::MAX).map(|until| Settings {
            config: Arc::clone(&config),
            until,
        });
        Ok(TlsConnector(config))
    }

    fn config(&self) -> Result<ClientConfig, HttpFault> {
        let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let builder = builder.with_safe_default_protocol_versions();
        let builder = builder.map_err(|_| HttpFault::Tls)?;
        let builder = match &self.roots {
            Some(roots) => builder.with_root_certificates(Arc::clone(roots)),
            None => builder.with_platform_verifier().map_err(|_| HttpFault::NoRoots)?,
        };
        let mut config = builder.with_no_client_auth();
        config.resumption = Resumption::disabled();
        Ok(config)
    }
}

/// Begins TLS on a connection, if its URL says so.
pub(super) struct TlsConnector(Arc<ClientConfig>);

impl<In: Transport> Connector<In> for TlsConnector {
    type Out = Either<In, TlsTransport>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let Some(inner) = chained else {
            return Ok(None);
        };
        if !details.needs_tls() || inner.is_tls() {
            return Ok(Some(Either::A(inner)));
        }
        let host = without_brackets(details.uri.host().unwrap_or_default()).to_owned();
        let host = ServerName::try_from(host).map_err(|_| ureq::Error::Tls("the host is not valid"))?;
        let mut connection = ClientConnection::new(Arc::clone(&self.0), host)?;
        let mut inner = TransportAdapter::new(inner.boxed(), Arc::clone(&details.current_time));
        inner.set_timeout(left(details));
        connection.complete_io(&mut inner)?;
        Ok(Some(Either::B(TlsTransport {
            stream: StreamOwned::new(connection, inner),
            buffers: LazyBuffers::new(
                details.config.input_buffer_size(),
                details.config.output_buffer_size(),
            ),
        })))
    }
}

/// Returns the time left to connect: the connection was part of it.
fn left(details: &ConnectionDetails<'_>) -> NextTimeout {
    let mut timeout = details.timeout;
    if let time::Instant::Exact(start) = details.now
        && let time::Instant::Exact(now) = (details.current_time)()
        && let time::Duration::Exact(after) = timeout.after
    {
        timeout.after = time::Duration::Exact(after.saturating_sub(now.saturating_duration_since(start)));
    }
    timeout
}

impl fmt::Debug for TlsConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsConnector")
    }
}

/// A connection after the handshake.
pub(super) struct TlsTransport {
    stream: StreamOwned<ClientConnection, TransportAdapter>,
    buffers: LazyBuffers,
}

impl Transport for TlsTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.stream.get_mut().set_timeout(timeout);
        let output = self.buffers.output().get(..amount).unwrap_or_default();
        Ok(self.stream.write_all(output)?)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.stream.get_mut().set_timeout(timeout);
        let length = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(length);
        Ok(length > 0)
    }

    fn is_open(&mut self) -> bool {
        // No connection is used twice.
        false
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for TlsTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsTransport")
    }
}
