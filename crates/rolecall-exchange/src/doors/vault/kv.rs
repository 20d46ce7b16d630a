//! The secrets engine KV, version 2, for reading.

use std::sync::Arc;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::parameters::Parameters;
use super::super::{At, Context};
use super::answer::{Fault, wrapped};
use super::login::authenticated;
use crate::exchange::ReadAsk;

/// Returns the segments of a path below an engine's mount, if it is there.
pub(super) fn below<'p, 's>(mount: &str, path: &'p [&'s str]) -> Option<&'p [&'s str]> {
    let mut rest = path;
    for segment in mount.split('/') {
        let (first, after) = rest.split_first()?;
        if *first != segment {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

/// Answers a read of a secret. A path that is not for the session is denied, whether it exists or not.
pub(super) async fn read(
    at: &At,
    context: &Context,
    parts: &Parts,
    path: &str,
) -> Result<Response<Body>, Fault> {
    let query = Parameters::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let query = query.map_err(|fault| Fault::request(fault.to_string()))?;
    if query.get("list").is_some() {
        return Err(Fault::unsupported());
    }
    let session = authenticated(at, context, &parts.headers).await?;
    let patterns = session
        .vault
        .as_ref()
        .map_or(&[][..], |vault| vault.secrets.as_slice());
    let ask = ReadAsk {
        id: &context.id,
        door: &at.door.name,
        peer: context.peer,
        session: &session,
        patterns,
        path,
    };
    let granted = at.exchange.grant_read(ask).await;
    granted.map_err(|refusal| Fault::of_read(&refusal))?;
    // There is one version of each secret; 0 means the last one.
    if !matches!(query.get("version"), None | Some("0" | "1")) {
        return Err(Fault::missing());
    }
    let secrets = at
        .exchange
        .secrets
        .as_ref()
        .map(Arc::clone)
        .ok_or_else(Fault::missing)?;
    let owned = path.to_owned();
    let read = tokio::task::spawn_blocking(move || secrets.read(&owned)).await;
    let secret = match read {
        Ok(Ok(Some(secret))) => secret,
        Ok(Ok(None)) => return Err(Fault::missing()),
        Ok(Err(error)) => {
            tracing::error!(request = context.id, %error, "a secret could not be read");
            return Err(failed());
        }
        Err(_) => return Err(failed()),
    };
    let changed_at = Timestamp::from_second(secret.changed_at).unwrap_or(Timestamp::MAX);
    let metadata = json!({
        "created_time": changed_at.to_string(),
        "custom_metadata": null,
        "deletion_time": "",
        "destroyed": false,
        "version": 1,
    });
    let data = json!({ "data": secret.fields, "metadata": metadata });
    Ok(wrapped(context, &data, &Value::Null, &Value::Null))
}

fn failed() -> Fault {
    Fault {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        ..Fault::request("the secret cannot be read")
    }
}

/// Answers which engine a path belongs to, which `vault kv get` asks first.
pub(super) async fn mount(
    at: &At,
    context: &Context,
    headers: &HeaderMap,
    path: &str,
) -> Result<Response<Body>, Fault> {
    let session = authenticated(at, context, headers).await?;
    let segments: Vec<&str> = path.split('/').collect();
    let reads = session.vault.is_some_and(|vault| !vault.secrets.is_empty());
    if !reads || below(at.door.settings.kv(), &segments).is_none() {
        return Err(Fault::denied());
    }
    let data = json!({
        "path": format!("{}/", at.door.settings.kv()),
        "type": "kv",
        "description": "",
        "options": { "version": "2" },
    });
    Ok(wrapped(context, &data, &Value::Null, &Value::Null))
}
