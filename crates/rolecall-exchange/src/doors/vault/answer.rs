//! Answers in Vault's form.

use axum::body::Body;
use axum::http::header::ALLOW;
use axum::http::{HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use super::super::{Context, answer};
use crate::exchange::{Class, Refusal};

/// Returns an answer with `data`, with `auth`, or with neither.
pub(super) fn wrapped(context: &Context, data: &Value, auth: &Value, warnings: &Value) -> Response<Body> {
    answer::json(
        StatusCode::OK,
        &json!({
            "request_id": context.id,
            "lease_id": "",
            "renewable": false,
            "lease_duration": 0,
            "data": data,
            "wrap_info": null,
            "warnings": warnings,
            "auth": auth,
        }),
    )
}

/// An error: a status and a message; none for a secret that does not exist.
pub(super) struct Fault {
    pub(super) status: StatusCode,
    pub(super) message: Option<String>,
}

impl Fault {
    pub(super) fn request(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            message: Some(message.into()),
        }
    }

    /// A token that is missing or not valid, or a path that is not for it.
    pub(super) fn denied() -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            message: Some("permission denied".to_owned()),
        }
    }

    pub(super) fn missing() -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            message: None,
        }
    }

    /// A path that is not one of the door.
    pub(super) fn no_route() -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            ..Self::request("no handler for this route")
        }
    }

    /// An upstream that does not answer in the form of the protocol.
    pub(super) fn no_upstream() -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            ..Self::request("Vault does not answer, try again")
        }
    }

    /// A write, or another operation that the door does not have.
    pub(super) fn unsupported() -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            message: Some("unsupported operation".to_owned()),
        }
    }

    /// Returns the answer to a refused login: Vault has 400 for it.
    pub(super) fn of_login(refusal: &Refusal) -> Self {
        match refusal.class() {
            Class::InvalidToken | Class::Expired | Class::Denied => Self::request(refusal.to_string()),
            Class::Unavailable => Self::unavailable(refusal),
        }
    }

    /// Returns the answer to a refused read.
    pub(super) fn of_read(refusal: &Refusal) -> Self {
        match refusal.class() {
            Class::InvalidToken | Class::Expired | Class::Denied => Self::denied(),
            Class::Unavailable => Self::unavailable(refusal),
        }
    }

    pub(super) fn of_server(status: StatusCode, message: &str) -> Self {
        Self {
            status,
            message: Some(message.to_owned()),
        }
    }

    fn unavailable(refusal: &Refusal) -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            message: Some(refusal.to_string()),
        }
    }

    pub(super) fn answer(self) -> Response<Body> {
        let errors: Vec<String> = self.message.into_iter().collect();
        let mut response = answer::json(self.status, &json!({ "errors": errors }));
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("GET"));
        }
        response
    }
}
