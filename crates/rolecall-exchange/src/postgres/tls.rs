//! TLS to the database. The certificate of its server is verified always, with the name of the host.

use std::fs;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address::Security;
use crate::failure::Failure;

/// Returns the client of a connection.
pub(super) fn client(security: &Security) -> Result<MakeRustlsConnect, Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::new(format!("cannot verify the database: {error}"));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(&error))?;
    let builder = match security {
        // Not used: such a connection has no TLS.
        Security::Plain => builder.with_root_certificates(RootCertStore::empty()),
        Security::System => builder.with_platform_verifier().map_err(|error| wrong(&error))?,
        Security::Roots(path) => {
            let shown = path.display();
            let cannot = |error: &dyn std::fmt::Display| wrong(&format!("`{shown}`: {error}"));
            let pem = fs::read(path).map_err(|error| cannot(&error))?;
            let mut roots = RootCertStore::empty();
            for certificate in CertificateDer::pem_slice_iter(&pem) {
                let certificate = certificate.map_err(|error| cannot(&error))?;
                roots.add(certificate).map_err(|error| cannot(&error))?;
            }
            if roots.is_empty() {
                return Err(cannot(&"it has no certificate in PEM"));
            }
            builder.with_root_certificates(roots)
        }
    };
    Ok(MakeRustlsConnect::new(builder.with_no_client_auth()))
}
