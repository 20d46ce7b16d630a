//! Requests about the own token of a client: lookup, renewal and revocation.

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::{At, Context};
use super::answer::{Fault, wrapped};
use super::credentials::{client_token, session};
use super::login::auth;

pub(super) async fn lookup(at: &At, context: &Context, headers: &HeaderMap) -> Result<Response<Body>, Fault> {
    let session = session(at, headers).await?;
    let begun = session.vault.as_ref().map_or(0, |vault| vault.begun_at);
    let mount = session.vault.as_ref().map_or("", |vault| vault.mount.as_str());
    let time = |seconds: i64| {
        Timestamp::from_second(seconds)
            .unwrap_or(Timestamp::MAX)
            .to_string()
    };
    let data = json!({
        "id": client_token(headers)?,
        "accessor": session.id,
        "creation_time": begun,
        "creation_ttl": session.expires_at.saturating_sub(begun),
        "issue_time": time(begun),
        "expire_time": time(session.expires_at),
        "ttl": session.expires_at.saturating_sub(at.exchange.now().as_secs()).max(0),
        "explicit_max_ttl": 0,
        "display_name": session.role,
        "entity_id": "",
        "meta": { "role": session.role },
        "num_uses": 0,
        "orphan": true,
        "path": format!("auth/{mount}/login"),
        "policies": [session.role],
        "renewable": false,
        "type": "service",
    });
    Ok(wrapped(context, &data, &Value::Null, &Value::Null))
}

/// Answers with the time that is left. No more can be had: a session ends with the job's token.
pub(super) async fn renew(at: &At, context: &Context, headers: &HeaderMap) -> Result<Response<Body>, Fault> {
    let session = session(at, headers).await?;
    let token = client_token(headers)?.unwrap_or_default();
    let warnings = json!(["the token ends with the job's token, and cannot be prolonged"]);
    Ok(wrapped(
        context,
        &Value::Null,
        &auth(at, &session, token),
        &warnings,
    ))
}

pub(super) async fn revoke(at: &At, headers: &HeaderMap) -> Result<Response<Body>, Fault> {
    let session = session(at, headers).await?;
    at.exchange
        .revoke(&session)
        .await
        .map_err(|refusal| Fault::of_read(&refusal))?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}
