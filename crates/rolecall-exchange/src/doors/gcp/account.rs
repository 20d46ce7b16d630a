//! Access tokens of service accounts: `EMAIL:generateAccessToken`.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::super::body::object;
use super::super::{At, Context, answer};
use crate::exchange::{Ask, Class, Refusal, Wanted};

/// The grants that the first token carries: those that are compared here.
pub(super) const GRANTS: [&str; 2] = ["gcp_service_account", "audience"];

/// The method of the service account, after its e-mail address.
const METHOD: &str = ":generateAccessToken";

/// The lifetime of tokens for which none is asked.
const DEFAULT_LIFE: Duration = Duration::from_secs(3600);

/// The maximum size of a body in bytes.
const MAX_BODY: usize = 16 * 1024;

/// The body of a request. The scopes change nothing: the role says what the token is for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct TokenRequest {
    delegates: Option<Vec<String>>,
    lifetime: Option<String>,
}

pub(super) async fn generate(
    State(at): State<Arc<At>>,
    Extension(context): Extension<Context>,
    Path(account): Path<String>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Some(email) = account.strip_suffix(METHOD) else {
        return Fault::new(Status::NotFound, "there is no such method").answer();
    };
    if !at.is_local() {
        let message =
            "ask https://iamcredentials.googleapis.com, with the access token of Google's token service";
        return Fault::new(Status::NotFound, message).answer();
    }
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return Fault::new(Status::InvalidArgument, "the body is too long or incomplete").answer();
    };
    match answered(&at, &context, &parts, email, &body).await {
        Ok(response) => response,
        Err(fault) => fault.answer(),
    }
}

async fn answered(
    at: &At,
    context: &Context,
    parts: &Parts,
    email: &str,
    body: &[u8],
) -> Result<Response<Body>, Fault> {
    let token = match rolecall_tower::bearer(parts) {
        Ok(Some(token)) => token,
        Ok(None) => return Err(Fault::new(Status::Unauthenticated, "the access token is missing")),
        Err(fault) => return Err(Fault::new(Status::InvalidArgument, fault.to_string())),
    };
    let request: TokenRequest = match body {
        [] => TokenRequest::default(),
        body => object(body).ok_or_else(|| {
            Fault::new(
                Status::InvalidArgument,
                "the body is not a request for a token in JSON",
            )
        })?,
    };
    if request.delegates.is_some_and(|delegates| !delegates.is_empty()) {
        return Err(Fault::new(
            Status::InvalidArgument,
            "`delegates` is not supported",
        ));
    }
    let life = match request.lifetime {
        None => DEFAULT_LIFE,
        Some(text) => lifetime(&text).ok_or_else(|| {
            Fault::new(
                Status::InvalidArgument,
                "`lifetime` is not a number of seconds, such as `900s`",
            )
        })?,
    };
    let wanted = Wanted::Grant {
        grant: "gcp_service_account",
        value: email,
        role: None,
    };
    let ask = Ask {
        life: Some(life),
        ..context.ask(&at.door, token, wanted)
    };
    let grant = at
        .exchange
        .grant_again(ask)
        .await
        .map_err(|refusal| Fault::of(&refusal))?;
    let access_token = at
        .exchange
        .role_token(&grant, &[])
        .map_err(|refusal| Fault::of(&refusal))?;
    // The Python client takes whole seconds and `Z` only.
    let expires_at = Timestamp::from_second(grant.expires_at().as_secs()).unwrap_or(Timestamp::MAX);
    let expires_at = expires_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    Ok(answer::json(
        StatusCode::OK,
        &json!({ "accessToken": access_token, "expireTime": expires_at }),
    ))
}

/// Returns a lifetime such as `3600s`, which is not zero.
fn lifetime(text: &str) -> Option<Duration> {
    let seconds = text.strip_suffix('s')?;
    if !seconds.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = seconds.parse().ok().filter(|seconds| *seconds > 0)?;
    Some(Duration::from_secs(seconds))
}

/// A status of Google's APIs.
#[derive(Clone, Copy)]
enum Status {
    InvalidArgument,
    NotFound,
    PermissionDenied,
    Unauthenticated,
    Unavailable,
}

/// An error response in the form of Google's APIs.
struct Fault {
    status: Status,
    message: String,
}

impl Fault {
    fn new(status: Status, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { status, message }
    }

    fn of(refusal: &Refusal) -> Self {
        let status = match refusal.class() {
            Class::InvalidToken | Class::Expired => Status::Unauthenticated,
            Class::Denied => Status::PermissionDenied,
            Class::Unavailable => Status::Unavailable,
        };
        Self::new(status, refusal.to_string())
    }

    fn answer(self) -> Response<Body> {
        let (code, status) = match self.status {
            Status::InvalidArgument => (StatusCode::BAD_REQUEST, "INVALID_ARGUMENT"),
            Status::NotFound => (StatusCode::NOT_FOUND, "NOT_FOUND"),
            Status::PermissionDenied => (StatusCode::FORBIDDEN, "PERMISSION_DENIED"),
            Status::Unauthenticated => (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"),
            Status::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"),
        };
        error(code, status, &self.message)
    }
}

/// Returns an error of the server.
pub(in crate::doors) fn server_fault(code: StatusCode, message: &str) -> Response<Body> {
    let status = match code {
        StatusCode::TOO_MANY_REQUESTS => "RESOURCE_EXHAUSTED",
        StatusCode::SERVICE_UNAVAILABLE => "UNAVAILABLE",
        StatusCode::NOT_FOUND => "NOT_FOUND",
        _ => "INVALID_ARGUMENT",
    };
    error(code, status, message)
}

fn error(code: StatusCode, status: &str, message: &str) -> Response<Body> {
    let error = json!({ "code": code.as_u16(), "message": message, "status": status });
    answer::json(code, &json!({ "error": error }))
}
