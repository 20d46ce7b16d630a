//! The form of a door's protocol for errors that are none of its own: limits, bodies that do not come, methods and paths
//! that it does not have.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::{Extension, Router};
use serde_json::json;

use super::{At, Context, answer, aws, azure, gcp, vault};
use crate::config::DoorKind;

/// Returns routes whose errors all have the door's form.
pub(super) fn in_form(routes: Router, at: Arc<At>) -> Router {
    routes.layer(from_fn_with_state(at, formed))
}

async fn formed(
    State(at): State<Arc<At>>,
    Extension(context): Extension<Context>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let is_account = request.uri().path().contains("/serviceAccounts/");
    let of_aws = aws::fault::Form::of(request.headers());
    let plain = next.run(request).await;
    if plain.status().as_u16() < 400 || !is_plain(plain.headers()) {
        return plain;
    }
    let mut response = form(&at, &context, (is_account, of_aws), plain.status());
    for name in [ALLOW, RETRY_AFTER] {
        if let Some(value) = plain.headers().get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

/// Returns whether an answer is one of the server, and not of a door.
fn is_plain(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    content_type.is_none_or(|text| text.starts_with(b"text/plain"))
}

fn form(
    at: &At,
    context: &Context,
    (is_account, of_aws): (bool, aws::fault::Form),
    status: StatusCode,
) -> Response<Body> {
    let message = message(status);
    let is_temporary = matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    );
    let oauth = if is_temporary {
        "temporarily_unavailable"
    } else {
        "invalid_request"
    };
    match at.door.kind {
        DoorKind::Authorize | DoorKind::Request => answer::json(status, &json!({ "message": message })),
        DoorKind::Gcp if is_account => gcp::server_fault(status, message),
        DoorKind::Token | DoorKind::Gcp => {
            answer::json(status, &json!({ "error": oauth, "error_description": message }))
        }
        DoorKind::Azure => azure::server_fault(at, context, status, oauth, message),
        DoorKind::Aws => aws::fault::Fault::of_server(status, message).answer(&context.id, of_aws),
        DoorKind::Credentials => {
            let fault = aws::fault::Fault::of_server(status, message);
            answer::json(
                fault.status,
                &json!({ "code": fault.code, "message": fault.message }),
            )
        }
        DoorKind::Vault => vault::server_fault(status, message),
        DoorKind::OctoSts => {
            // The codes of gRPC: RESOURCE_EXHAUSTED, UNAVAILABLE, INVALID_ARGUMENT.
            let code = match status {
                StatusCode::TOO_MANY_REQUESTS => 8,
                StatusCode::SERVICE_UNAVAILABLE => 14,
                _ => 3,
            };
            answer::json(status, &json!({ "code": code, "message": message }))
        }
    }
}

fn message(status: StatusCode) -> &'static str {
    match status {
        StatusCode::TOO_MANY_REQUESTS => "too many requests at a time: wait and try again",
        StatusCode::SERVICE_UNAVAILABLE => "the exchange cannot answer now, try again",
        StatusCode::REQUEST_TIMEOUT => "the body did not come in time",
        StatusCode::PAYLOAD_TOO_LARGE => "the body has more than 64 KiB, or has ended early",
        StatusCode::METHOD_NOT_ALLOWED => "the path does not have this method",
        StatusCode::NOT_FOUND => "the door does not have this path",
        _ => "the request is malformed",
    }
}
