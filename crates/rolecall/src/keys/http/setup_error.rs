//! Error of the setup of a network key source.

use std::error::Error;
use std::fmt;

/// The reason why a network key source cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpSetupError {
    /// A certificate cannot be a certificate authority.
    Certificate {
        /// The index of the certificate in the text, from 0.
        position: usize,
    },
    /// The text has no certificate, so no server would be trusted.
    NoCertificate,
    /// The URL is not a valid proxy URL: `http` or `https`, a host, and optionally a user, a password and a
    /// port. The error does not contain it, because it can contain a password.
    Proxy,
}

impl HttpSetupError {
    /// Returns a stable identifier of the error, such as `no_certificate`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Certificate { .. } => "certificate",
            Self::NoCertificate => "no_certificate",
            Self::Proxy => "proxy",
        }
    }
}

impl fmt::Display for HttpSetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate { position } => {
                write!(
                    f,
                    "certificate {position} (from 0) cannot be a certificate authority"
                )
            }
            Self::NoCertificate => {
                f.write_str("there is no certificate; it must begin with `-----BEGIN CERTIFICATE-----`")
            }
            Self::Proxy => f.write_str("the URL of the proxy is not of the form `http://host:port`"),
        }
    }
}

impl Error for HttpSetupError {}
