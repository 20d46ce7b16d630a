//! Requests to Vault. Of a client's headers, only Vault's token, its mark of requests and its namespace are sent, and
//! the path is written anew from its segments.

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode};

use super::super::At;
use super::answer::Fault;
use super::credentials::{NAMESPACE, REQUEST, TOKEN, client_token, namespace, one};
use super::path;
use super::reply::{self, Said, relayed};

/// The maximum length of a client token in bytes.
const MAX_TOKEN: usize = 8 * 1024;

/// The headers of a request to Vault.
pub(super) type Headers = Vec<(&'static str, String)>;

/// Returns the headers that are sent with each request: Vault's mark of requests, and the namespace, in lower case.
pub(super) fn forwarded(headers: &HeaderMap) -> Result<Headers, Fault> {
    let mut sent = vec![("accept", "application/json".to_owned())];
    if one(headers, REQUEST)? == Some("true") {
        sent.push((REQUEST, "true".to_owned()));
    }
    let namespace = namespace(headers)?;
    if !namespace.is_empty() {
        sent.push((NAMESPACE, namespace));
    }
    Ok(sent)
}

/// Returns the headers of a request with the client's token, which must be one of Vault.
///
/// A JWT may be a job's token or a role token, and a sealed session is one of another door: Vault never sees them.
pub(super) fn with_token(at: &At, headers: &HeaderMap) -> Result<Headers, Fault> {
    let token = client_token(headers)?.ok_or_else(Fault::denied)?;
    let is_plain = token.len() <= MAX_TOKEN && token.bytes().all(|byte| byte.is_ascii_graphic());
    // A JSON object in base64url begins like this.
    let is_jwt = token.starts_with("eyJ") && token.contains('.');
    let is_session = at.exchange.sealer.load().is_sealed(token);
    if !is_plain || is_jwt || is_session {
        return Err(Fault::denied());
    }
    let mut sent = forwarded(headers)?;
    sent.push((TOKEN, token.to_owned()));
    Ok(sent)
}

/// Sends a request to Vault, and reads the answer.
pub(super) async fn send(
    at: &At,
    segments: &[&str],
    query: &str,
    mut headers: Headers,
    body: Option<Vec<u8>>,
) -> Result<Said, Fault> {
    if body.as_ref().is_some_and(|body| !body.is_empty()) {
        headers.push(("content-type", "application/json".to_owned()));
    }
    let upstream = at.upstream().map_err(|_| Fault::no_upstream())?;
    let path = format!("/v1{}{query}", path::encoded(segments));
    let reply = at.send(upstream, &path, headers, body).await;
    let reply = reply.map_err(|_| Fault::no_upstream())?;
    let status = reply.status;
    reply::read(reply).ok_or_else(|| {
        let message = match status {
            300..=399 => "Vault redirects, as a standby does: name the active node, or let standbys forward",
            _ => "the answer is not one of Vault",
        };
        tracing::warn!(upstream, status, "{message}");
        Fault::no_upstream()
    })
}

/// Returns an answer of Vault for the client.
pub(super) fn answer(said: Said) -> Response<Body> {
    match said {
        Said::Json(_, body) => relayed(StatusCode::OK, body),
        Said::Refused(status, body) => relayed(status, body),
        Said::Nothing => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            response
        }
    }
}
