//! Faults from the HTTP library's errors. Those errors can contain what a server sent, so only their kind is
//! kept.

use std::io;

use rustls::CertificateError;

use super::limits::Limits;
use crate::keys::http_fault::{CertificateFault, HttpFault};

/// Returns whether a connection broke before there was a response, so that the request can be sent again.
pub(super) fn is_broken_connection(error: &ureq::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    let broken = [BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof];
    matches!(error, ureq::Error::Io(error) if broken.contains(&error.kind()))
}

/// Returns the fault of an error.
pub(super) fn fault(error: &ureq::Error, limits: Limits) -> HttpFault {
    match error {
        ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => HttpFault::Timeout {
            limit: limits.connect,
        },
        ureq::Error::Timeout(_) => HttpFault::Timeout { limit: limits.total },
        ureq::Error::Http(_) | ureq::Error::LargeResponseHeader(..) | ureq::Error::Protocol(_) => {
            HttpFault::Protocol
        }
        ureq::Error::BodyExceedsLimit(limit) => HttpFault::TooLarge {
            length: None,
            limit: *limit,
        },
        ureq::Error::ConnectProxyFailed(_) => HttpFault::Proxy,
        ureq::Error::Rustls(error) => tls(error),
        ureq::Error::Tls(_) | ureq::Error::TlsRequired => HttpFault::Tls,
        ureq::Error::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(error) => tls(error),
            None if error.kind() == io::ErrorKind::TimedOut => HttpFault::Timeout { limit: limits.total },
            None => HttpFault::Connection,
        },
        _ => HttpFault::Connection,
    }
}

fn tls(error: &rustls::Error) -> HttpFault {
    use CertificateError as Error;
    let rustls::Error::InvalidCertificate(error) = error else {
        return HttpFault::Tls;
    };
    HttpFault::Certificate(match error {
        Error::Expired | Error::ExpiredContext { .. } => CertificateFault::Expired,
        Error::NotValidYet | Error::NotValidYetContext { .. } => CertificateFault::NotYetValid,
        Error::NotValidForName | Error::NotValidForNameContext { .. } => CertificateFault::OtherHost,
        Error::UnknownIssuer => CertificateFault::UnknownAuthority,
        _ => CertificateFault::Other,
    })
}
