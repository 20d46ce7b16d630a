//! Errors of AWS' Query protocol.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde_json::json;

use super::xml;
use crate::doors::answer;
use crate::exchange::{Class, Refusal};
use crate::sessions::SignatureFault;

/// The form of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::doors) enum Form {
    Xml,
    /// For a client of a JSON protocol, which has an action that only AWS has.
    Json,
}

impl Form {
    /// Returns the form for a request with these headers.
    pub(in crate::doors) fn of(headers: &HeaderMap) -> Self {
        let content_type = headers
            .get(CONTENT_TYPE)
            .map_or(b"".as_slice(), HeaderValue::as_bytes);
        if headers.contains_key("x-amz-target") && content_type.starts_with(b"application/x-amz-json-") {
            Self::Json
        } else {
            Self::Xml
        }
    }
}

/// An error with AWS' code.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::doors) struct Fault {
    pub(in crate::doors) status: StatusCode,
    pub(in crate::doors) code: String,
    pub(in crate::doors) message: String,
}

impl Fault {
    pub(super) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
        }
    }

    pub(super) fn validation(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "ValidationError", message)
    }

    pub(super) fn missing(parameter: &str) -> Self {
        let message = format!("The request must contain the parameter {parameter}.");
        Self::new(StatusCode::BAD_REQUEST, "MissingParameter", message)
    }

    /// Returns the error of an action that the exchange does not have.
    pub(super) fn action(name: &str) -> Self {
        let message = format!(
            "The exchange is not AWS, and does not have {name}. Let jobs get their keys with AWS_CONTAINER_CREDENTIALS_FULL_URI: all other calls then go to AWS."
        );
        Self::new(StatusCode::BAD_REQUEST, "InvalidAction", message)
    }

    /// Returns the error of a session token that does not open: why is not said.
    pub(super) fn token() -> Self {
        let message = "The security token included in the request is invalid.";
        Self::new(StatusCode::FORBIDDEN, "InvalidClientTokenId", message)
    }

    pub(super) fn signature(fault: SignatureFault) -> Self {
        let (status, code, message) = match fault {
            SignatureFault::Missing => (
                StatusCode::FORBIDDEN,
                "MissingAuthenticationToken",
                "The request is not signed.",
            ),
            SignatureFault::Malformed => (
                StatusCode::BAD_REQUEST,
                "IncompleteSignature",
                "The signature is not an AWS4-HMAC-SHA256 header for `sts` that signs `host`, `x-amz-date` and \
                 `x-amz-security-token`.",
            ),
            SignatureFault::Skewed => (
                StatusCode::FORBIDDEN,
                "SignatureDoesNotMatch",
                "The signature is not of now: it may be five minutes old. Check the clock.",
            ),
            SignatureFault::Mismatch => (
                StatusCode::FORBIDDEN,
                "SignatureDoesNotMatch",
                "The signature does not match the request and the keys.",
            ),
        };
        Self::new(status, code, message)
    }

    /// Returns the error of a refusal. An unknown role and a forbidden one give the same.
    pub(super) fn of(refusal: &Refusal) -> Self {
        match refusal.class() {
            Class::Denied if *refusal == Refusal::LongLife => {
                Self::new(StatusCode::FORBIDDEN, "AccessDenied", refusal.to_string())
            }
            Class::Denied => Self::new(
                StatusCode::FORBIDDEN,
                "AccessDenied",
                "Not authorized to perform sts:AssumeRoleWithWebIdentity",
            ),
            Class::InvalidToken => Self::new(
                StatusCode::BAD_REQUEST,
                "InvalidIdentityToken",
                refusal.to_string(),
            ),
            Class::Expired => Self::new(
                StatusCode::BAD_REQUEST,
                "ExpiredTokenException",
                refusal.to_string(),
            ),
            Class::Unavailable => Self::unavailable(),
        }
    }

    /// Returns the error of something that is not available, after which SDKs try again.
    pub(super) fn unavailable() -> Self {
        let message = "The exchange cannot answer now, try again.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", message)
    }

    /// Returns an error of the server. AWS answers 400 to too many requests, and its SDKs read the code.
    pub(in crate::doors) fn of_server(status: StatusCode, message: &str) -> Self {
        match status {
            StatusCode::TOO_MANY_REQUESTS => Self::new(StatusCode::BAD_REQUEST, "Throttling", message),
            StatusCode::SERVICE_UNAVAILABLE => Self::unavailable(),
            StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_FOUND => {
                Self::new(status, "InvalidAction", message)
            }
            _ => Self::new(status, "ValidationError", message),
        }
    }

    /// Returns the answer to a request with this identifier.
    pub(in crate::doors) fn answer(self, request: &str, form: Form) -> Response<Body> {
        if form == Form::Json {
            let body = json!({ "__type": self.code, "message": self.message });
            return answer::json(self.status, &body);
        }
        let of_client = self.status.is_client_error();
        let error = [
            xml::text("Type", if of_client { "Sender" } else { "Receiver" }),
            xml::text("Code", &self.code),
            xml::text("Message", &self.message),
        ];
        let error = xml::element("Error", &error.concat());
        let id = xml::text("RequestId", request);
        xml::document(self.status, "ErrorResponse", &format!("{error}{id}"))
    }
}
