//! Refused requests, and their responses.

use std::error::Error;
use std::fmt;

use http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use rolecall::Denial;

use crate::bearer::BearerFault;
use crate::challenge::Realm;

/// The time in seconds after which a request may be repeated whose keys are not there: the most that `HttpKeys` takes
/// for a document.
const RETRY_SECONDS: &str = "5";

/// A refused request: the reason, for the service, and the response, for the requester.
///
/// | reason | status | `www-authenticate` |
/// |---|---|---|
/// | no credentials, or of another scheme | 401 | `Bearer realm="…"` (RFC 6750 section 3.1: no error code) |
/// | [`BearerFault`] | 400 | `error="invalid_request"` |
/// | the token is not accepted | 401 | `error="invalid_token"` |
/// | the token does not get the role | 403 | `error="insufficient_scope"` |
/// | the issuer's keys are not there | 503 | none; `retry-after: 5` |
///
/// The response has no body. For a token or a header, `error_description` is the code of the fault, such as
/// `expired`; for a role it is left out. The response never contains the token, a role or an accepted value. A
/// service that answers otherwise builds its own response from [`Refusal::reason`], or adds a body to
/// [`Refusal::response`].
///
/// `cache-control: no-store` is always there. RFC 9111 does not require it, as no cache may store these statuses
/// by itself; but content delivery networks are often set to cache errors, and would answer other requesters
/// with this refusal.
#[derive(Clone, Debug)]
pub struct Refusal {
    reason: RefusalReason,
    realm: Realm,
}

/// The reason why a request is refused.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RefusalReason {
    /// The request has no `authorization` header, or one of another scheme than `Bearer`.
    NoCredentials,
    /// The credentials are not exactly one bearer token.
    Malformed(BearerFault),
    /// The token is not accepted, or does not get the role. The reason of a denied role is not for the
    /// requester.
    Denied(Denial),
}

/// A class of refusals, with its status and its error code (RFC 6750 section 3.1).
pub(crate) enum Class {
    NoCredentials,
    InvalidRequest(&'static str),
    InvalidToken(&'static str),
    InsufficientScope,
    Unavailable,
}

impl Refusal {
    pub(crate) fn new(reason: RefusalReason, realm: Realm) -> Self {
        Self { reason, realm }
    }

    /// Returns the reason.
    pub fn reason(&self) -> &RefusalReason {
        &self.reason
    }

    pub(crate) fn class(&self) -> Class {
        match &self.reason {
            RefusalReason::NoCredentials => Class::NoCredentials,
            RefusalReason::Malformed(fault) => Class::InvalidRequest(fault.code()),
            RefusalReason::Denied(Denial::Token(error)) if error.is_temporary() => Class::Unavailable,
            RefusalReason::Denied(Denial::Token(error)) => Class::InvalidToken(error.code()),
            RefusalReason::Denied(_) => Class::InsufficientScope,
        }
    }

    /// Returns the status of the response.
    pub fn status(&self) -> StatusCode {
        match self.class() {
            Class::NoCredentials | Class::InvalidToken(_) => StatusCode::UNAUTHORIZED,
            Class::InvalidRequest(_) => StatusCode::BAD_REQUEST,
            Class::InsufficientScope => StatusCode::FORBIDDEN,
            Class::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Returns a stable identifier of the refusal for the requester: `no_credentials`, or that of the
    /// [`BearerFault`] or the [`Denial`].
    pub fn code(&self) -> &'static str {
        match &self.reason {
            RefusalReason::NoCredentials => "no_credentials",
            RefusalReason::Malformed(fault) => fault.code(),
            RefusalReason::Denied(denial) => denial.code(),
        }
    }

    /// Returns the response, with an empty body. The refusal itself is in its extensions, where a layer around
    /// this one finds it.
    pub fn response<B: Default>(&self) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = self.status();
        let challenge = |error, code| Some(self.realm.challenge(error, code));
        let challenge = match self.class() {
            Class::NoCredentials => challenge(None, None),
            Class::InvalidRequest(code) => challenge(Some("invalid_request"), Some(code)),
            Class::InvalidToken(code) => challenge(Some("invalid_token"), Some(code)),
            Class::InsufficientScope => challenge(Some("insufficient_scope"), None),
            Class::Unavailable => None,
        };
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match challenge {
            Some(challenge) => headers.insert(WWW_AUTHENTICATE, challenge),
            None => headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS)),
        };
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            RefusalReason::NoCredentials => f.write_str("the request has no bearer token"),
            RefusalReason::Malformed(fault) => fault.fmt(f),
            RefusalReason::Denied(denial) => denial.fmt(f),
        }
    }
}

impl Error for Refusal {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.reason {
            RefusalReason::NoCredentials => None,
            RefusalReason::Malformed(fault) => Some(fault),
            RefusalReason::Denied(denial) => Some(denial),
        }
    }
}
