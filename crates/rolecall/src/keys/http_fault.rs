//! Why a document could not be fetched over the network.

use std::fmt;

use rolecall_engine::IssuerUrlFault;

/// A document that is fetched for an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssuerDocument {
    /// What the issuer says about itself (OpenID Connect Discovery 1.0 section 4).
    Discovery,
    /// The issuer's keys (RFC 7517 section 5).
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

/// Why a document could not be fetched over the network.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpFault {
    /// The host has an address that is not on the public internet, or is one itself. (Of plain `http`: that is not this
    /// machine.)
    Address {
        /// The host, as it stands in the URL.
        host: String,
    },
    /// The server could not show who it is (RFC 9110 section 4.3.4).
    Certificate(CertificateFault),
    /// No connection came about, or it broke.
    Connection,
    /// The answer is compressed, although that was not asked for.
    ContentEncoding,
    /// The host has no address that could be found.
    Lookup {
        /// The host, as it stands in the URL.
        host: String,
    },
    /// This machine has no list of authorities that certificates could be checked with.
    NoRoots,
    /// The answer is not HTTP (RFC 9112).
    Protocol,
    /// The proxy makes no connection.
    Proxy,
    /// The answer has another status than 200 (RFC 9110 section 15). Nothing is read from elsewhere: a redirect is one.
    Status {
        /// The status.
        status: u16,
    },
    /// It took too long.
    Timeout,
    /// There was no agreement on how to encrypt: TLS 1.2 and 1.3 are spoken.
    Tls,
    /// The document is larger than any that is read.
    TooLarge {
        /// The most bytes that it may have.
        limit: usize,
    },
    /// The URL breaks a rule. Nothing was asked for.
    Url(IssuerUrlFault),
}

/// Why the certificate of a server is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateFault {
    /// Its time is over.
    Expired,
    /// Its time has not come yet.
    NotYetValid,
    /// Something else, such as a bad signature.
    Other,
    /// It is for other hosts.
    OtherHost,
    /// No authority that is trusted here vouches for it.
    UnknownAuthority,
}

impl HttpFault {
    /// A word for the fault that stays the same from version to version.
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
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::TooLarge { .. } => "too_large",
            Self::Url(_) => "url",
        }
    }

    /// What to do about it, where there is something to say.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::Address { .. } => {
                "allow private addresses for this host, if it is one of your own and this issuer's keys are there"
            }
            Self::Certificate(CertificateFault::Expired | CertificateFault::NotYetValid) => {
                "have the server's certificate renewed, or correct the clock of this machine"
            }
            Self::Certificate(CertificateFault::OtherHost) => {
                "compare the host of the URL with the names in the server's certificate"
            }
            Self::Certificate(CertificateFault::UnknownAuthority) => {
                "trust the authority of the server's certificate, if it is one of your own"
            }
            Self::Connection | Self::Timeout => "see whether this machine can reach the server",
            Self::Lookup { .. } => "see whether the URL is right and this machine can look up the host",
            Self::NoRoots => "install the certificates of public authorities, or say which ones to trust",
            Self::Proxy => "see whether the proxy's URL is right and it lets this machine through",
            Self::Status { status: 300..=399 } => "write the URL that it leads to, if that is the issuer's",
            Self::Status { status: 401 | 403 } => "have the issuer's documents made public",
            Self::Status { status: 404 } => "see whether the URL is right",
            Self::Status { status: 429 | 500.. } => "wait: it is tried again",
            Self::Tls => "have the server speak TLS 1.3 or 1.2",
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
            Self::ContentEncoding => f.write_str("the answer is compressed"),
            Self::Lookup { host } => write!(f, "`{host}` was not found"),
            Self::NoRoots => f.write_str("no authority is trusted on this machine"),
            Self::Protocol => f.write_str("the answer is not HTTP"),
            Self::Proxy => f.write_str("the proxy refused"),
            Self::Status { status } => write!(f, "the answer has status {status}"),
            Self::Timeout => f.write_str("it took too long"),
            Self::Tls => f.write_str("no agreement on how to encrypt"),
            Self::TooLarge { limit } => write!(f, "it has more than {limit} bytes"),
            Self::Url(fault) => write!(f, "its URL is refused: {fault}"),
        }
    }
}

impl fmt::Display for CertificateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expired => "has expired",
            Self::NotYetValid => "is not valid yet",
            Self::Other => "is refused",
            Self::OtherHost => "is for other hosts",
            Self::UnknownAuthority => "is of an unknown authority",
        })
    }
}
