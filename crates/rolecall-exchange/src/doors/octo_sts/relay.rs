//! Installation tokens of octo-sts itself, for a role token.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Response, StatusCode};
use form_urlencoded::Serializer;
use rolecall::HttpResponse;
use serde::Deserialize;
use serde_json::json;

use super::super::body::object;
use super::super::{At, answer};
use super::Fault;
use crate::config::Exceed;
use crate::exchange::{Ask, Audience, Issued, Relay};

/// The lifetime of a role token for octo-sts, which verifies it at once.
const TOKEN_LIFE: Duration = Duration::from_secs(120);
/// The lifetime of installation tokens, which GitHub fixes.
const LIFE: Duration = Duration::from_secs(3_600);
/// The maximum length of a token in bytes.
const MAX_TOKEN: usize = 4 * 1024;
/// The maximum length of a message that is relayed, in characters.
const MAX_MESSAGE: usize = 1_024;

#[derive(Deserialize)]
struct Token {
    token: String,
}

/// An error in the form of gRPC-gateway.
#[derive(Deserialize)]
struct Refused {
    code: u8,
    message: String,
}

/// Swaps a job's token for an installation token of GitHub.
pub(super) async fn exchange(
    at: &At,
    ask: Ask<'_>,
    scope: &str,
    identity: &str,
) -> Result<Response<Body>, Fault> {
    // Known before it is asked for, so a role with a shorter life is refused without one being issued.
    let least = match at.door.settings.exceed() {
        Exceed::Refuse => LIFE,
        Exceed::Record => Duration::ZERO,
    };
    let ask = Ask {
        audience: Audience::Is(&at.door.bound_audience),
        relay: Some(Relay {
            token_life: TOKEN_LIFE,
            least,
        }),
        ..ask
    };
    let issued = at.exchange.issue(ask).await;
    let (grant, role_token) = issued.map_err(|refusal| Fault::of(&refusal))?;
    let query = Serializer::new(String::new())
        .append_pair("scope", scope)
        .append_pair("identity", identity)
        .finish();
    let headers = vec![
        ("accept", "application/json".to_owned()),
        ("authorization", format!("Bearer {role_token}")),
    ];
    let upstream = at.upstream().map_err(|_| Fault::unavailable())?;
    let reply = at
        .send(upstream, &format!("/sts/exchange?{query}"), headers, None)
        .await;
    let reply = reply.map_err(|_| Fault::unavailable())?;
    let token = read(&reply).unwrap_or_else(|| {
        tracing::warn!(
            upstream,
            status = reply.status,
            "the answer is not one of octo-sts"
        );
        Err(Fault::unavailable())
    })?;
    let accepted = at.exchange.accept(ask, Issued::of(&grant, Some(LIFE))).await;
    accepted.map_err(|refusal| Fault::of(&refusal))?;
    Ok(answer::json(StatusCode::OK, &json!({ "token": token })))
}

/// Reads an answer: a token, or an error. `None` if it has not the form of the protocol.
fn read(reply: &HttpResponse) -> Option<Result<String, Fault>> {
    let status = StatusCode::from_u16(reply.status).ok()?;
    if status == StatusCode::OK {
        let token = object::<Token>(&reply.body)?.token;
        let is_token =
            (1..=MAX_TOKEN).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic());
        return is_token.then_some(Ok(token));
    }
    let refused: Refused = object(&reply.body).filter(|_| status.is_client_error())?;
    let code = refused.code;
    tracing::warn!(code, "octo-sts refused a role token");
    let message = refused.message.chars().filter(|c| !c.is_control());
    // gRPC has the codes 1 to 16.
    (1..=16).contains(&code).then(|| {
        Err(Fault {
            code,
            status,
            message: message.take(MAX_MESSAGE).collect(),
        })
    })
}
