//! The certificate of the server, which is replaced while it runs.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::config::TlsFile;
use crate::failure::Failure;

/// The certificate in use.
pub(crate) struct Certificates {
    files: TlsFile,
    current: ArcSwap<ServerConfig>,
}

impl Certificates {
    /// Reads the certificate and its key.
    pub(crate) fn read(files: &TlsFile) -> Result<Self, Failure> {
        Ok(Self {
            current: ArcSwap::from(config(files)?),
            files: files.clone(),
        })
    }

    /// Returns the files.
    pub(super) fn files(&self) -> [PathBuf; 2] {
        [self.files.certificate.clone(), self.files.key.clone()]
    }

    /// Reads the files again. If they cannot be used, the certificate stays.
    pub(crate) fn reload(&self) -> Result<(), Failure> {
        self.current.store(config(&self.files)?);
        Ok(())
    }

    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        TlsAcceptor::from(self.current.load_full()).accept(stream).await
    }
}

/// Returns the settings for TLS 1.2 and 1.3: AWS fetches keys with either.
fn config(files: &TlsFile) -> Result<Arc<ServerConfig>, Failure> {
    let (certificate, key) = (files.certificate.display(), files.key.display());
    let cannot = |path: &dyn std::fmt::Display, error: &dyn std::fmt::Display| {
        Failure::new(format!("cannot use `{path}`: {error}"))
    };
    let pem = fs::read(&files.certificate).map_err(|error| cannot(&certificate, &error))?;
    let chain = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|error| cannot(&certificate, &error))?;
    let pem = fs::read(&files.key).map_err(|error| cannot(&key, &error))?;
    let private = PrivateKeyDer::from_pem_slice(&pem).map_err(|error| cannot(&key, &error))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| cannot(&certificate, &error))?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|error| cannot(&certificate, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
