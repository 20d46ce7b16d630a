//! Faults of a fetch over the network.

use std::fmt;
use std::time::Duration;

use rolecall_engine::IssuerUrlFault;

/// A document that is fetched for an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssuerDocument {
    /// The discovery document (OpenID Connect Discovery 1.0 section 4).
    Discovery,
    /// The key set (RFC 7517 section 5).
    KeySet,
}

impl fmt::Display for IssuerDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Discovery => "discovery document",
            Self::KeySet => "key set",
        })
    }
}

/// Faults of a fetch over the network.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpFault {
    /// The host is or has an address that is not public. For plain `http`: one that is not a loopback
    /// address.
    Address {
        /// The host of the URL.
        host: String,
    },
    /// The server's certificate is refused (RFC 9110 section 4.3.4).
    Certificate(CertificateFault),
    /// The connection failed or broke.
    Connection,
    /// The response is compressed, which was not requested.
    ContentEncoding,
    /// The host name cannot be resolved.
    Lookup {
        /// The host of the URL.
        host: String,
    },
    /// The operating system has no certificate authorities.
    NoRoots,
    /// The response is not HTTP (RFC 9112).
    Protocol,
    /// The proxy did not open a tunnel.
    Proxy,
    /// The response has a status other than 200 (RFC 9110 section 15). Redirects are not followed.
    Status {
        /// The status code.
        status: u16,
    },
    /// The time limit of the fetch, or of connecting, is over.
    Timeout {
        /// The time limit.
        limit: Duration,
    },
    /// The TLS handshake failed: only TLS 1.2 and 1.3 are supported.
    Tls,
    /// The document is larger than the limit.
    TooLarge {
        /// The length in bytes, if the server states it.
        length: Option<u64>,
        /// The maximum in bytes.
        limit: u64,
    },
    /// The URL breaks a rule. No request was sent.
    Url(IssuerUrlFault),
}

/// The reason why a server's certificate is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateFault {
    /// The certificate has expired.
    Expired,
    /// The certificate is not valid yet.
    NotYetValid,
    /// Any other fault, such as a bad signature.
    Other,
    /// The certificate is for another host.
    OtherHost,
    /// The certificate is not from a trusted authority.
    UnknownAuthority,
}

impl HttpFault {
    /// Returns a stable identifier of the fault, such as `timeout`, for metrics and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Address { .. } => "address",
            Self::Certificate(_) => "certificate",
            Self::Connection => "connection",
            Self::ContentEncoding => "content_encoding",
            Self::Lookup { .. } => "lookup",
            Self::NoRoots => "no_roots",
            Self::Protocol => "protocol",
            Self::Proxy => "proxy",
            Self::Status { .. } => "status",
            Self::Timeout { .. } => "timeout",
            Self::Tls => "tls",
            Self::TooLarge { .. } => "too_large",
            Self::Url(_) => "url",
        }
    }

    /// Returns what to do about the fault, if there is a general answer.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::Address { .. } => {
                "allow private addresses for this host, if it is your own and publishes this issuer's keys"
            }
            Self::Certificate(CertificateFault::Expired | CertificateFault::NotYetValid) => {
                "have the server's certificate renewed, or correct the clock of this machine"
            }
            Self::Certificate(CertificateFault::OtherHost) => {
                "compare the host of the URL with the names in the server's certificate"
            }
            Self::Certificate(CertificateFault::UnknownAuthority) => {
                "trust the authority of the server's certificate, if it is your own"
            }
            Self::Connection | Self::Timeout { .. } => "check that this machine can reach the server",
            Self::Lookup { .. } => "check the URL, and that this machine can look up the host",
            Self::NoRoots => "install the certificates of public authorities, or set the ones to trust",
            Self::Proxy => "check the proxy's URL, and that it accepts requests of this machine",
            Self::Status { status: 300..=399 } => {
                "set the URL that the redirect leads to, if that is the issuer's"
            }
            Self::Status { status: 401 | 403 } => "have the issuer's documents made public",
            Self::Status { status: 404 } => "check the URL",
            Self::Status { status: 429 | 500.. } => "wait: the fetch is repeated",
            Self::Tls => "have the server support TLS 1.3 or 1.2",
            Self::Url(_) => "correct the URL",
            Self::Certificate(CertificateFault::Other)
            | Self::ContentEncoding
            | Self::Protocol
            | Self::Status { .. }
            | Self::TooLarge { .. } => return None,
        })
    }
}

impl fmt::Display for HttpFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address { host } => write!(f, "`{host}` has an address that is not public"),
            Self::Certificate(fault) => write!(f, "the server's certificate {fault}"),
            Self::Connection => f.write_str("the connection failed"),
            Self::ContentEncoding => f.write_str("the response is compressed"),
            Self::Lookup { host } => write!(f, "cannot look up `{host}`"),
            Self::NoRoots => f.write_str("this machine trusts no certificate authority"),
            Self::Protocol => f.write_str("the response is not HTTP"),
            Self::Proxy => f.write_str("the proxy refused the connection"),
            Self::Status { status } => write!(f, "the response has status {status}"),
            Self::Timeout { limit } => write!(f, "the request took longer than {} s", limit.as_secs_f64()),
            Self::Tls => f.write_str("the TLS handshake failed"),
            Self::TooLarge {
                length: Some(length),
                limit,
            } => {
                write!(f, "the response has {length} bytes; at most {limit} are allowed")
            }
            Self::TooLarge { length: None, limit } => {
                write!(f, "the response has more than {limit} bytes")
            }
            Self::Url(fault) => write!(f, "the URL is not valid: {fault}"),
        }
    }
}

impl fmt::Display for CertificateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expired => "has expired",
            Self::NotYetValid => "is not valid yet",
            Self::Other => "is not valid",
            Self::OtherHost => "is for another host",
            Self::UnknownAuthority => "is from an unknown authority",
        })
    }
}
