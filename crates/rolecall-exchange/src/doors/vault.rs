//! The door `vault`: the part of Vault's protocol that jobs use, answered from secrets of one's own. It is read only.
//!
//! A job logs in at `/v1/auth/MOUNT/login`, and reads `/v1/KV/data/PATH` with the client token that it gets: a sealed
//! session. Or it does both in one request (inline authentication).

mod answer;
mod credentials;
mod kv;
mod login;
mod own_token;
mod path;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, Response, StatusCode};
use axum::routing::any;
use axum::{Extension, Router};

use super::{At, Context};
use answer::Fault;

/// The maximum size of a body in bytes: a login has the job's token.
const MAX_BODY: usize = 32 * 1024;

/// Returns the routes of the door.
pub(super) fn router(at: Arc<At>) -> Router {
    Router::new()
        .route(&at.path("/v1/{*path}"), any(answered))
        .with_state(at)
}

async fn answered(
    State(at): State<Arc<At>>,
    Extension(context): Extension<Context>,
    request: Request,
) -> Response<Body> {
    match dispatched(&at, &context, request).await {
        Ok(response) => response,
        Err(fault) => fault.answer(),
    }
}

async fn dispatched(at: &At, context: &Context, request: Request) -> Result<Response<Body>, Fault> {
    let (parts, body) = request.into_parts();
    let raw = parts
        .uri
        .path()
        .strip_prefix(&at.path("/v1/"))
        .unwrap_or_default();
    let segments = path::segments(raw).ok_or_else(|| Fault::request("the path is not a plain one"))?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let is_read = parts.method == Method::GET;
    let is_write = parts.method == Method::POST || parts.method == Method::PUT;
    match segments.as_slice() {
        ["auth", "token", "lookup-self"] if is_read => own_token::lookup(at, context, &parts.headers).await,
        ["auth", "token", "renew-self"] if is_write => own_token::renew(at, context, &parts.headers).await,
        ["auth", "token", "revoke-self"] if is_write => own_token::revoke(at, &parts.headers).await,
        ["auth", "token", "lookup-self" | "renew-self" | "revoke-self"] => Err(Fault::unsupported()),
        ["auth", mount @ .., "login"] => {
            if !is_write {
                return Err(Fault::unsupported());
            }
            let body = to_bytes(body, MAX_BODY).await;
            let body = body.map_err(|_| Fault::request("the body is too long or incomplete"))?;
            login::login(at, context, &parts.headers, &mount.join("/"), &body).await
        }
        ["sys", "internal", "ui", "mounts", path @ ..] if is_read => {
            kv::mount(at, context, &parts.headers, &path.join("/")).await
        }
        path => match kv::below(at, path) {
            Some(["data", path @ ..]) if is_read && !path.is_empty() => {
                kv::read(at, context, &parts, &path.join("/")).await
            }
            Some(_) => Err(Fault::unsupported()),
            None if is_read || is_write => Err(Fault {
                status: StatusCode::NOT_FOUND,
                ..Fault::request("no handler for this route")
            }),
            None => Err(Fault::unsupported()),
        },
    }
}
