//! Errors of the token exchange.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::{Response, StatusCode};
use serde_json::json;

use super::super::answer;
use crate::exchange::{Class, Refusal};

/// An error response (RFC 6749 section 5.2) with Google's codes.
pub(super) struct Fault {
    pub(super) status: StatusCode,
    pub(super) error: Cow<'static, str>,
    pub(super) description: String,
}

impl Fault {
    pub(super) fn request(description: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error: "invalid_request".into(),
            description: description.into(),
        }
    }

    /// Returns the error of an upstream that does not answer in Google's form.
    pub(super) fn unavailable() -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            error: "temporarily_unavailable".into(),
            description: "the token service of Google does not answer, try again".to_owned(),
        }
    }

    pub(super) fn of(refusal: &Refusal) -> Self {
        let (status, error) = match refusal.class() {
            Class::InvalidToken | Class::Expired => (StatusCode::BAD_REQUEST, "invalid_grant"),
            Class::Denied => (StatusCode::BAD_REQUEST, "unauthorized_client"),
            Class::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
        };
        let description = refusal.to_string();
        Self {
            status,
            error: error.into(),
            description,
        }
    }

    pub(super) fn answer(self) -> Response<Body> {
        let body = json!({ "error": self.error, "error_description": self.description });
        answer::json(self.status, &body)
    }
}
