//! The door `request`: GitHub's protocol for ID tokens, `GET /id-token?audience=…[&role=…]` with the job's token as
//! bearer token.
//!
//! Clients that know `ACTIONS_ID_TOKEN_REQUEST_URL` add `&audience=…` to the URL without a look at it, so it needs a
//! `?`: `https://sts.acme.example/id-token?v=1`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use axum::routing::get;
use axum::{Extension, Router};
use serde_json::json;

use super::parameters::Parameters;
use super::{At, Context, answer};
use crate::exchange::{Class, Refusal, Wanted};

/// Returns the routes of the door.
pub(super) fn router(at: Arc<At>) -> Router {
    Router::new()
        .route(&at.path("/id-token"), get(id_token))
        .with_state(at)
}

async fn id_token(
    State(at): State<Arc<At>>,
    Extension(context): Extension<Context>,
    request: Request,
) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let token = match rolecall_tower::bearer(&parts) {
        Ok(Some(token)) => token,
        Ok(None) => {
            return refused(
                StatusCode::UNAUTHORIZED,
                "the job's token is missing: send it as bearer token",
            );
        }
        Err(fault) => return refused(StatusCode::BAD_REQUEST, &fault.to_string()),
    };
    let query = Parameters::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let query = match query {
        Ok(query) => query,
        Err(fault) => return refused(StatusCode::BAD_REQUEST, &fault.to_string()),
    };
    let wanted = match (query.get("audience"), query.get("role")) {
        (Some(value), role) => Wanted::Grant {
            grant: "audience",
            value,
            role,
        },
        (None, Some(role)) => Wanted::Role(role),
        (None, None) => return refused(StatusCode::BAD_REQUEST, "`audience` is missing"),
    };
    match at.exchange.issue(context.ask(&at.door, token, wanted)).await {
        Ok((_, role_token)) => answer::json(StatusCode::OK, &json!({ "value": role_token })),
        Err(refusal) => refused(status(&refusal), &refusal.description()),
    }
}

fn status(refusal: &Refusal) -> StatusCode {
    match refusal.class() {
        Class::InvalidToken | Class::Expired => StatusCode::UNAUTHORIZED,
        Class::Denied => StatusCode::FORBIDDEN,
        Class::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Returns an error as clients of this protocol show it.
fn refused(status: StatusCode, message: &str) -> Response<Body> {
    answer::json(status, &json!({ "message": message }))
}
