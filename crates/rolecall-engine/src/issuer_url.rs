//! Issuer identifiers (OpenID Connect Core section 2).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The rule that an issuer identifier breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssuerUrlFault {
    /// The path has a character that URLs do not allow.
    Character,
    /// The host is missing, or is neither a name nor an address.
    Host,
    /// The host has capital letters. Issuers write it in lower case, and the claim must have the same bytes.
    HostCase,
    /// The URL has a query or a fragment.
    QueryOrFragment,
    /// The scheme is neither `https`, nor `http` with a loopback host.
    Scheme,
    /// The URL has a user name.
    User,
}

/// Writes the rule.
impl fmt::Display for IssuerUrlFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Character => "its path must have only the ASCII characters of paths",
            Self::Host => "it must have a host: a name in ASCII, or an address",
            Self::HostCase => "its host must be in lower case",
            Self::QueryOrFragment => "it must have no query and no fragment",
            Self::Scheme => "it must begin with `https://`",
            Self::User => "it must have no user",
        })
    }
}

/// Checks an issuer URL. It is compared as it is written, and never normalised.
///
/// # Errors
/// Returns the first rule that the URL breaks.
pub fn check_issuer_url(url: &str) -> Result<(), IssuerUrlFault> {
    let (rest, secure) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (rest, true),
        (None, Some(rest)) => (rest, false),
        (None, None) => return Err(IssuerUrlFault::Scheme),
    };
    if rest.contains(['?', '#']) {
        return Err(IssuerUrlFault::QueryOrFragment);
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if authority.contains('@') {
        return Err(IssuerUrlFault::User);
    }
    let host = host(authority).ok_or(IssuerUrlFault::Host)?;
    if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(IssuerUrlFault::HostCase);
    }
    if !secure && !is_loopback(host) {
        return Err(IssuerUrlFault::Scheme);
    }
    let is_path_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:@/".contains(&byte);
    if path.bytes().all(is_path_byte) {
        Ok(())
    } else {
        Err(IssuerUrlFault::Character)
    }
}

/// Returns the host of an authority that is a host with or without a port (RFC 3986 section 3.2).
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

/// Returns true for a loopback host. Its traffic stays local, so `http` is safe (RFC 8252 section 8.3).
fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host == "[::1]"
        || host
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}
