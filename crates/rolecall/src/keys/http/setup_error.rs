//! Why a network source cannot be set up as asked.

use std::error::Error;
use std::fmt;

/// Why a source of keys cannot be set up as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpSetupError {
    /// A certificate is none that could vouch for others.
    Certificate {
        /// Its place in the text, from 0.
        position: usize,
    },
    /// There is no certificate in the text: without one, no server would be trusted.
    NoCertificate,
    /// The URL is no proxy's: `http` or `https`, a host, perhaps a user, a password and a port. It is not repeated here,
    /// because it can hold a password.
    Proxy,
}

impl HttpSetupError {
    /// A word for the error that stays the same from version to version.
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
                    "certificate {position} (from 0) is none that could vouch for others"
                )
            }
            Self::NoCertificate => {
                f.write_str("there is no certificate, beginning with `-----BEGIN CERTIFICATE-----`")
            }
            Self::Proxy => f.write_str("the URL of the proxy is not of the form `http://host:port`"),
        }
    }
}

impl Error for HttpSetupError {}
