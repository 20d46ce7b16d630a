//! The door `authorize`: whether a job may pass a proxy, at `GET /authorize?role=NAME` with the job's token as bearer
//! token. For nginx' `auth_request`, Traefik's `forwardAuth` and Caddy's `forward_auth`.
//!
//! The proxy sets the URL, so the role is read from it, and from nothing that a client sends: not from headers, and not
//! from a query that the proxy adds to its own, because a second parameter is refused.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use axum::routing::get;
use axum::{Extension, Router};
use serde_json::json;

use super::parameters::Parameters;
use super::{At, Context, answer};
use crate::exchange::{Ask, Audience, Class, Grant, Refusal, Wanted};

const ROLE: HeaderName = HeaderName::from_static("x-rolecall-role");
const SUBJECT: HeaderName = HeaderName::from_static("x-rolecall-subject");

/// Returns the routes of the door.
pub(super) fn router(at: Arc<At>) -> Router {
    Router::new()
        .route(&at.path("/authorize"), get(authorize))
        .with_state(at)
}

async fn authorize(
    State(at): State<Arc<At>>,
    Extension(context): Extension<Context>,
    request: Request,
) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let query = Parameters::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let query = query.ok().filter(|query| query.len() == 1);
    let Some(role) = query.as_ref().and_then(|query| query.get("role")) else {
        // The proxy is not set up: all of them answer 500 to their client then.
        let message = "the query is not `role=NAME`: the proxy sets it, and nothing else";
        return answer::json(StatusCode::BAD_REQUEST, &json!({ "message": message }));
    };
    let token = match rolecall_tower::bearer(&parts) {
        Ok(Some(token)) => token,
        Ok(None) => return challenge(StatusCode::UNAUTHORIZED, None, None),
        // RFC 6750 has 400 for it. Proxies pass on 401 and 403 alone, and answer 500 for others.
        Err(fault) => {
            return challenge(
                StatusCode::UNAUTHORIZED,
                Some("invalid_request"),
                Some(fault.code()),
            );
        }
    };
    let ask = Ask {
        audience: Audience::None,
        ..context.ask(&at.door, token, Wanted::Role(role))
    };
    match at.exchange.grant(ask).await {
        Ok(grant) => passed(&grant),
        Err(refusal) => refused(&refusal),
    }
}

/// Returns the answer for a job that may pass.
fn passed(grant: &Grant) -> Response<Body> {
    let mut response = answer::json(StatusCode::OK, &json!({ "role": grant.role }));
    for (name, text) in [
        (ROLE, &*grant.role),
        (SUBJECT, grant.subject().unwrap_or_default()),
    ] {
        if let Ok(value) = HeaderValue::from_str(&percent_encoded(text)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Returns a text with a percent code for each byte that is not visible ASCII, and for `%`. Both headers are in each
/// answer: a proxy that copies the ones there are would let a client's own header through instead of a missing one.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'!'..=b'~' if byte != b'%' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Returns the answer to a refusal, as RFC 6750 section 3.1 has it.
fn refused(refusal: &Refusal) -> Response<Body> {
    match refusal.class() {
        Class::InvalidToken | Class::Expired => challenge(
            StatusCode::UNAUTHORIZED,
            Some("invalid_token"),
            Some(refusal.code()),
        ),
        Class::Denied => challenge(StatusCode::FORBIDDEN, Some("insufficient_scope"), None),
        Class::Unavailable => {
            let message = refusal.to_string();
            answer::json(StatusCode::SERVICE_UNAVAILABLE, &json!({ "message": message }))
        }
    }
}

fn challenge(
    status: StatusCode,
    error: Option<&'static str>,
    description: Option<&'static str>,
) -> Response<Body> {
    let mut text = "Bearer realm=\"rolecall\"".to_owned();
    for (name, value) in [("error", error), ("error_description", description)] {
        if let Some(value) = value {
            text.push_str(&format!(", {name}=\"{value}\""));
        }
    }
    let message = error.unwrap_or("no_credentials");
    let mut response = answer::json(status, &json!({ "message": message }));
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().insert(WWW_AUTHENTICATE, value);
    }
    response
}
