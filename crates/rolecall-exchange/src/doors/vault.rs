//! The door `vault`: the part of Vault's protocol that jobs use. It is read only.
//!
//! A job logs in at `/v1/auth/MOUNT/login`, and reads `/v1/KV/data/PATH` with the client token that it gets. Or it does
//! both in one request (inline authentication). Without an upstream, secrets of one's own are served, and the client
//! token is a sealed session. With one, Vault is asked: the door swaps the job's token for a role token, and relays a
//! closed list of requests.

mod answer;
mod credentials;
mod kv;
mod login;
mod own_token;
mod path;
mod relay;
mod renewal;
mod reply;
mod sending;
mod swap;

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, Response, StatusCode};
use axum::routing::any;
use axum::{Extension, Router};

use super::{At, Context};
use answer::Fault;

/// Returns an error of the server.
pub(super) fn server_fault(status: StatusCode, message: &str) -> Response<Body> {
    Fault::of_server(status, message).answer()
}

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
    let answered = if at.is_local() {
        dispatched(&at, &context, request).await
    } else {
        relay::dispatched(&at, &context, request).await
    };
    answered.unwrap_or_else(Fault::answer)
}

/// Returns the segments of the path of a request below `/v1/`.
fn segments(at: &At, parts: &Parts) -> Result<Vec<String>, Fault> {
    let path = parts.uri.path().strip_prefix(&at.path("/v1/"));
    path::segments(path.unwrap_or_default()).ok_or_else(|| Fault::request("the path is not a plain one"))
}

/// Returns the body of a login.
async fn login_body(body: Body) -> Result<Bytes, Fault> {
    let body = to_bytes(body, MAX_BODY).await;
    body.map_err(|_| Fault::request("the body is too long or incomplete"))
}

async fn dispatched(at: &At, context: &Context, request: Request) -> Result<Response<Body>, Fault> {
    let (parts, body) = request.into_parts();
    let segments = segments(at, &parts)?;
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
            let body = login_body(body).await?;
            login::login(at, context, &parts.headers, &mount.join("/"), &body).await
        }
        ["sys", "internal", "ui", "mounts", path @ ..] if is_read => {
            kv::mount(at, context, &parts.headers, &path.join("/")).await
        }
        path => match kv::below(at.door.settings.kv(), path) {
            Some(["data", path @ ..]) if is_read && !path.is_empty() => {
                kv::read(at, context, &parts, &path.join("/")).await
            }
            Some(_) => Err(Fault::unsupported()),
            None if is_read || is_write => Err(Fault::no_route()),
            None => Err(Fault::unsupported()),
        },
    }
}
