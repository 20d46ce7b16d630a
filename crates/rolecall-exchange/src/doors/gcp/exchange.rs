//! The token exchange: a form, or the camelCase JSON of Google's tutorials.

use std::sync::Arc;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::super::body::{is_media_type, object};
use super::super::parameters::Parameters;
use super::super::token::{ACCESS_TOKEN, GRANT_TYPE, ID_TOKEN, JWT};
use super::super::{At, Context, answer};
use super::fault::Fault;
use super::{account, relay};
use crate::exchange::{Ask, Audience, Wanted, own_audience};

/// The body of a request. Members that are not here, such as `options`, change nothing; `scope` is for an upstream.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct TokenRequest {
    #[serde(alias = "grant_type")]
    grant_type: Option<String>,
    audience: Option<String>,
    scope: Option<String>,
    #[serde(alias = "requested_token_type")]
    requested_token_type: Option<String>,
    #[serde(alias = "subject_token")]
    subject_token: Option<String>,
    #[serde(alias = "subject_token_type")]
    subject_token_type: Option<String>,
    #[serde(alias = "actor_token")]
    actor_token: Option<String>,
}

pub(super) async fn exchange(
    State(at): State<Arc<At>>,
    Extension(context): Extension<Context>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    match answered(&at, &context, &headers, &body).await {
        Ok(response) => response,
        Err(fault) => fault.answer(),
    }
}

async fn answered(
    at: &At,
    context: &Context,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response<Body>, Fault> {
    let request = parse(headers, body)?;
    if request.grant_type.as_deref() != Some(GRANT_TYPE) {
        return Err(Fault {
            error: "unsupported_grant_type".into(),
            ..Fault::request(format!("the grant type is not `{GRANT_TYPE}`"))
        });
    }
    if request.actor_token.is_some() {
        return Err(Fault::request(
            "an actor token is not supported: a job acts for itself",
        ));
    }
    if !matches!(request.requested_token_type.as_deref(), None | Some(ACCESS_TOKEN)) {
        return Err(Fault::request(format!(
            "the requested token type is not `{ACCESS_TOKEN}`"
        )));
    }
    if !matches!(request.subject_token_type.as_deref(), Some(JWT | ID_TOKEN)) {
        return Err(Fault::request(format!(
            "the subject token type is neither `{JWT}` nor `{ID_TOKEN}`"
        )));
    }
    let token = request
        .subject_token
        .as_deref()
        .ok_or_else(|| Fault::request("the subject token is missing"))?;
    let audience = request
        .audience
        .as_deref()
        .ok_or_else(|| Fault::request("the audience is missing"))?;
    let wanted = Wanted::Grant {
        grant: "gcp_provider",
        value: audience,
        role: None,
    };
    let ask = context.ask(&at.door, token, wanted);
    if !at.is_local() {
        return relay::exchange(at, ask, audience, request.scope.as_deref()).await;
    }
    let ask = Ask {
        audience: Audience::Is(&own_audience(&at.door)),
        ..ask
    };
    let grant = at
        .exchange
        .grant(ask)
        .await
        .map_err(|refusal| Fault::of(&refusal))?;
    let access_token = at.exchange.role_token(&grant, &account::GRANTS);
    let access_token = access_token.map_err(|refusal| Fault::of(&refusal))?;
    Ok(answer::json(
        StatusCode::OK,
        &json!({
            "access_token": access_token,
            "issued_token_type": ACCESS_TOKEN,
            "token_type": "Bearer",
            "expires_in": grant.life.as_secs(),
        }),
    ))
}

/// Parses the body. A repeated parameter or member is refused.
fn parse(headers: &HeaderMap, body: &[u8]) -> Result<TokenRequest, Fault> {
    if is_media_type(headers, "application/json") {
        return object(body)
            .ok_or_else(|| Fault::request("the body is not a JSON object of texts, each given once"));
    }
    if !is_media_type(headers, "application/x-www-form-urlencoded") {
        return Err(Fault::request("the body is neither a form nor JSON"));
    }
    let form = Parameters::parse(body).map_err(|fault| Fault::request(fault.to_string()))?;
    let text = |name: &str| form.get(name).map(str::to_owned);
    Ok(TokenRequest {
        grant_type: text("grant_type"),
        audience: text("audience"),
        scope: text("scope"),
        requested_token_type: text("requested_token_type"),
        subject_token: text("subject_token"),
        subject_token_type: text("subject_token_type"),
        actor_token: text("actor_token"),
    })
}
