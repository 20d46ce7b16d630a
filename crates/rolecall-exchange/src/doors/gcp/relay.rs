//! Access tokens of Google's token service itself, for a role token.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Response, StatusCode};
use form_urlencoded::Serializer;
use rolecall::HttpResponse;
use serde::Deserialize;
use serde_json::json;

use super::super::body::object;
use super::super::token::{ACCESS_TOKEN, GRANT_TYPE, JWT};
use super::super::{At, answer};
use super::fault::Fault;
use crate::exchange::{Ask, Audience, Issued, Relay};

/// The longest lifetime of a role token for Google.
const TOKEN_LIFE: Duration = Duration::from_secs(600);
/// The scope for clients that name none.
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";
/// The maximum length of scopes in bytes.
const MAX_SCOPE: usize = 2_048;
/// The maximum length of an access token in bytes.
const MAX_TOKEN: usize = 16 * 1024;
/// The maximum length of a message that is relayed, in characters.
const MAX_MESSAGE: usize = 1_024;

/// An access token in the form of the protocol (RFC 8693 section 2.2.1).
#[derive(Deserialize)]
struct Token {
    access_token: String,
    #[serde(default)]
    issued_token_type: Option<String>,
    token_type: String,
    expires_in: u64,
}

/// An error in the form of the protocol (RFC 6749 section 5.2).
#[derive(Deserialize)]
struct Refused {
    error: String,
    #[serde(default)]
    error_description: String,
}

/// Swaps a job's token for an access token of Google.
pub(super) async fn exchange(
    at: &At,
    ask: Ask<'_>,
    provider: &str,
    scope: Option<&str>,
) -> Result<Response<Body>, Fault> {
    let scope = scope.unwrap_or(SCOPE);
    if scope.len() > MAX_SCOPE || !scope.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err(Fault::request("the scope is too long, or is not visible ASCII"));
    }
    let ask = Ask {
        audience: Audience::Is(provider),
        relay: Some(Relay {
            token_life: TOKEN_LIFE,
            least: Duration::ZERO,
        }),
        ..ask
    };
    let issued = at.exchange.issue(ask).await;
    let (grant, role_token) = issued.map_err(|refusal| Fault::of(&refusal))?;
    let form = Serializer::new(String::new())
        .append_pair("grant_type", GRANT_TYPE)
        .append_pair("audience", provider)
        .append_pair("scope", scope)
        .append_pair("requested_token_type", ACCESS_TOKEN)
        .append_pair("subject_token_type", JWT)
        .append_pair("subject_token", &role_token)
        .finish();
    let headers = vec![
        ("accept", "application/json".to_owned()),
        ("content-type", "application/x-www-form-urlencoded".to_owned()),
    ];
    let upstream = at.upstream().map_err(|_| Fault::unavailable())?;
    let reply = at
        .send(upstream, "/v1/token", headers, Some(form.into_bytes()))
        .await;
    let reply = reply.map_err(|_| Fault::unavailable())?;
    let token = read(&reply).unwrap_or_else(|| {
        let status = reply.status;
        tracing::warn!(
            upstream,
            status,
            "the answer is not one of Google's token service"
        );
        Err(Fault::unavailable())
    })?;
    let issued = Issued::of(&grant, Some(Duration::from_secs(token.expires_in)));
    let accepted = at.exchange.accept(ask, issued).await;
    accepted.map_err(|refusal| Fault::of(&refusal))?;
    let body = json!({
        "access_token": token.access_token,
        "issued_token_type": ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": token.expires_in,
    });
    Ok(answer::json(StatusCode::OK, &body))
}

/// Reads an answer: an access token, or Google's error. `None` if it has not the form of the protocol.
fn read(reply: &HttpResponse) -> Option<Result<Token, Fault>> {
    let status = StatusCode::from_u16(reply.status).ok()?;
    if status == StatusCode::OK {
        let token: Token = object(&reply.body)?;
        let is_plain = token.access_token.bytes().all(|byte| byte.is_ascii_graphic());
        let is_access = token
            .issued_token_type
            .as_deref()
            .is_none_or(|kind| kind == ACCESS_TOKEN);
        let is_token = (1..=MAX_TOKEN).contains(&token.access_token.len())
            && is_plain
            && is_access
            && token.token_type.eq_ignore_ascii_case("bearer");
        return is_token.then_some(Ok(token));
    }
    let refused: Refused = object(&reply.body).filter(|_| status.is_client_error())?;
    let is_code = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if refused.error.is_empty() || refused.error.len() > 64 || !refused.error.bytes().all(is_code) {
        return None;
    }
    tracing::warn!(code = refused.error, "Google refused a role token");
    let description = refused.error_description.chars().filter(|c| !c.is_control());
    Some(Err(Fault {
        status,
        error: refused.error.into(),
        description: description.take(MAX_MESSAGE).collect(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(status: u16, text: &str) -> Option<Result<u64, (u16, String)>> {
        let read = read(&HttpResponse {
            status,
            content_type: None,
            body: text.as_bytes().to_vec(),
        })?;
        let fault = |fault: Fault| (fault.status.as_u16(), fault.error.into_owned());
        Some(read.map(|token| token.expires_in).map_err(fault))
    }

    #[test]
    fn only_answers_of_the_protocol_are_read() {
        let token = r#"{"access_token":"ya29.x","issued_token_type":"urn:ietf:params:oauth:token-type:access_token","token_type":"Bearer","expires_in":3599}"#;
        assert_eq!(read_text(200, token), Some(Ok(3599)));
        let refused = r#"{"error":"invalid_grant","error_description":"no"}"#;
        let error = (400, "invalid_grant".to_owned());
        assert_eq!(read_text(400, refused), Some(Err(error)));
        let long = token.replace("ya29.x", &"x".repeat(MAX_TOKEN + 1));
        for (status, text) in [
            (200, refused),
            (200, ""),
            (200, "[]"),
            (200, "<html></html>"),
            (200, &token.replace("Bearer", "mac")),
            (200, &token.replace("access_token\"", "id_token\"")),
            (200, &token.replace("3599", "-1")),
            (200, &token.replace("ya29.x", "")),
            (200, &token.replace("ya29.x", "a b")),
            (200, &token.replace(",\"expires_in\":3599", "")),
            (200, &long),
            (201, token),
            (302, token),
            (400, token),
            (500, refused),
            (400, r#"{"error":{"code":400,"status":"INVALID_ARGUMENT"}}"#),
            (400, r#"{"error":"<script>"}"#),
        ] {
            assert!(read_text(status, text).is_none(), "{status} {text}");
        }
    }
}
