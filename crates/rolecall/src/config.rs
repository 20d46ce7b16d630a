//! Which issuers a verifier takes on: a loose one is refused before any token is read.

use std::error::Error;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use rolecall_engine::Issuer;

/// Why an issuer cannot be trusted as it is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// Two issuers have one URL, so that a token would be of both.
    DuplicateUrl {
        /// The URL.
        url: String,
    },
    /// The leeway is more than [`Issuer::LONGEST_LEEWAY`].
    LeewayTooLong {
        /// The name of the issuer.
        issuer: String,
        /// The leeway.
        leeway: Duration,
    },
    /// The longest life of a token is nothing, or more than [`Issuer::LONGEST_MAX_AGE`].
    MaxAgeOutOfRange {
        /// The name of the issuer.
        issuer: String,
        /// The longest life.
        max_age: Duration,
    },
    /// The issuer may sign with nothing.
    NoAlgorithm {
        /// The name of the issuer.
        issuer: String,
    },
    /// The issuer has no audience, or an empty one: its tokens for anybody would be accepted here.
    NoAudience {
        /// The name of the issuer.
        issuer: String,
    },
    /// The URL is no issuer identifier (OpenID Connect Core section 2): `https`, or `http` on this machine; a host, perhaps
    /// a port and a path; no user, query or fragment; ASCII.
    Url {
        /// The name of the issuer.
        issuer: String,
        /// The URL.
        url: String,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateUrl { url } => write!(f, "two issuers have the URL `{}`", url.escape_debug()),
            Self::LeewayTooLong { issuer, leeway } => {
                let longest = Issuer::LONGEST_LEEWAY.as_secs();
                write!(
                    f,
                    "issuer `{issuer}` has a leeway of {} s, more than {longest} s",
                    leeway.as_secs()
                )
            }
            Self::MaxAgeOutOfRange { issuer, max_age } => {
                let longest = Issuer::LONGEST_MAX_AGE.as_secs();
                write!(
                    f,
                    "issuer `{issuer}` has a max_age of {} s, and not 1 to {longest} s",
                    max_age.as_secs()
                )
            }
            Self::NoAlgorithm { issuer } => write!(f, "issuer `{issuer}` has no algorithm"),
            Self::NoAudience { issuer } => write!(f, "issuer `{issuer}` has no audience, or an empty one"),
            Self::Url { issuer, url } => {
                write!(
                    f,
                    "issuer `{issuer}` has `{}`, which is no URL of an issuer",
                    url.escape_debug()
                )
            }
        }
    }
}

impl Error for ConfigError {}

/// Checks what one issuer says of itself.
pub(crate) fn check(issuer: &Issuer) -> Result<(), ConfigError> {
    let name = || issuer.name.clone();
    if !is_issuer_url(&issuer.url) {
        return Err(ConfigError::Url {
            issuer: name(),
            url: issuer.url.clone(),
        });
    }
    if issuer.audiences.is_empty() || issuer.audiences.iter().any(String::is_empty) {
        return Err(ConfigError::NoAudience { issuer: name() });
    }
    if issuer.algorithms.is_empty() {
        return Err(ConfigError::NoAlgorithm { issuer: name() });
    }
    if issuer.leeway > Issuer::LONGEST_LEEWAY {
        return Err(ConfigError::LeewayTooLong {
            issuer: name(),
            leeway: issuer.leeway,
        });
    }
    if issuer.max_age.as_secs() == 0 || issuer.max_age > Issuer::LONGEST_MAX_AGE {
        return Err(ConfigError::MaxAgeOutOfRange {
            issuer: name(),
            max_age: issuer.max_age,
        });
    }
    Ok(())
}

/// Whether the text is an issuer identifier. It is only compared, never taken apart again, so its spelling stays as it is.
fn is_issuer_url(url: &str) -> bool {
    let (rest, secure) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (rest, true),
        (_, Some(rest)) => (rest, false),
        _ => return false,
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let is_path_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:@/".contains(&byte);
    let Some(host) = host(authority) else {
        return false;
    };
    path.bytes().all(is_path_byte) && (secure || is_loopback(host))
}

/// The host of an authority, if that is nothing but a host and perhaps a port (RFC 3986 section 3.2).
fn host(authority: &str) -> Option<&str> {
    let end = match authority.strip_prefix('[') {
        Some(_) => authority.find(']')?.checked_add(1)?,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at_checked(end)?;
    let port_is_fine = port.is_empty()
        || port
            .strip_prefix(':')
            .is_some_and(|port| !port.starts_with('+') && port.parse::<u16>().is_ok());
    (port_is_fine && is_host(host)).then_some(host)
}

fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
        }
    }
}

/// Whether only this machine can answer: there, keys and tokens cannot be changed on their way (RFC 8252 section 8.3).
fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host == "[::1]"
        || host
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}
