//! The requests that are relayed to Vault: a closed list.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Response};

use super::super::parameters::Parameters;
use super::super::{At, Context};
use super::answer::Fault;
use super::sending::{answer, send, with_token};
use super::{kv, login_body, renewal, segments, swap};

pub(super) async fn dispatched(
    at: &Arc<At>,
    context: &Context,
    request: Request,
) -> Result<Response<Body>, Fault> {
    let (parts, body) = request.into_parts();
    let segments = segments(at, &parts)?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let query = query(&parts)?;
    let headers = &parts.headers;
    let is_read = parts.method == Method::GET;
    let is_write = parts.method == Method::POST || parts.method == Method::PUT;
    match segments.as_slice() {
        ["auth", "token", "lookup-self"] if is_read && query.is_empty() => {
            let headers = with_token(at, headers)?;
            Ok(answer(send(at, &segments, "", headers, None).await?))
        }
        ["auth", "token", "renew-self"] if is_write && query.is_empty() => {
            let body = login_body(body).await?;
            renewal::renew(at, context, headers, &body).await
        }
        ["auth", "token", "revoke-self"] if is_write && query.is_empty() => {
            let headers = with_token(at, headers)?;
            Ok(answer(send(at, &segments, "", headers, Some(Vec::new())).await?))
        }
        ["auth", "token", "lookup-self" | "renew-self" | "revoke-self"] => Err(Fault::unsupported()),
        ["auth", mount @ .., "login"] if is_write && query.is_empty() => {
            let body = login_body(body).await?;
            swap::login(at, context, headers, &mount.join("/"), &body).await
        }
        ["auth", .., "login"] => Err(Fault::unsupported()),
        ["sys", "internal", "ui", "mounts", path @ ..] if is_read && query.is_empty() => {
            if below(at, path).is_none() {
                return Err(Fault::denied());
            }
            read(at, context, headers, &segments, "").await
        }
        path => match below(at, path) {
            Some(["data", secret @ ..]) if is_read && !secret.is_empty() => {
                read(at, context, headers, &segments, &query).await
            }
            Some(["metadata", secret @ ..]) if is_read && !secret.is_empty() && query.is_empty() => {
                read(at, context, headers, &segments, "").await
            }
            Some(_) => Err(Fault::unsupported()),
            None if is_read || is_write => Err(Fault::no_route()),
            None => Err(Fault::unsupported()),
        },
    }
}

/// Returns the segments of a path below a mount whose secrets may be read.
fn below<'p, 's>(at: &At, path: &'p [&'s str]) -> Option<&'p [&'s str]> {
    at.door.settings.reads().find_map(|mount| kv::below(mount, path))
}

/// Returns the query that is sent: the version of a secret, or nothing.
fn query(parts: &Parts) -> Result<String, Fault> {
    let query = Parameters::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let query = query.map_err(|fault| Fault::request(fault.to_string()))?;
    if query.get("list").is_some() {
        return Err(Fault::unsupported());
    }
    if query.names().any(|name| name != "version") {
        return Err(Fault::request("the query has a parameter that is not `version`"));
    }
    match query.get("version") {
        None => Ok(String::new()),
        Some(text) if text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(format!("?version={text}"))
        }
        Some(_) => Err(Fault::request("`version` is not a number")),
    }
}

/// Relays a read, with the client's token or with inline authentication.
async fn read(
    at: &Arc<At>,
    context: &Context,
    headers: &HeaderMap,
    segments: &[&str],
    query: &str,
) -> Result<Response<Body>, Fault> {
    let headers = match swap::inline(at, context, headers).await? {
        Some(swapped) => swapped,
        None => with_token(at, headers)?,
    };
    Ok(answer(send(at, segments, query, headers, None).await?))
}
