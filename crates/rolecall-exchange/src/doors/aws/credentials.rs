//! The door `credentials`: AWS' container credentials protocol, `GET /aws/credentials/ROLE`, with the job's token in
//! the header `authorization`.
//!
//! SDKs find it by `AWS_CONTAINER_CREDENTIALS_FULL_URI`, and send the text of `AWS_CONTAINER_AUTHORIZATION_TOKEN` or of
//! the file `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` as it is, without a scheme.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::get;
use axum::{Extension, Router};
use serde_json::json;

use super::arn::RoleArn;
use super::fault::Fault;
use super::relay;
use crate::doors::{At, Context, answer};
use crate::exchange::Wanted;

/// The maximum length of a token in bytes.
const MAX_TOKEN: usize = 16 * 1024;

/// Returns the routes of the door.
pub(in crate::doors) fn router(at: Arc<At>) -> Router {
    Router::new()
        .route(&at.path("/aws/credentials/{role}"), get(credentials))
        .with_state(at)
}

async fn credentials(
    State(at): State<Arc<At>>,
    Extension(context): Extension<Context>,
    Path(role): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    match answered(&at, &context, &role, &headers).await {
        Ok(response) => response,
        Err(fault) => {
            let body = json!({ "code": fault.code, "message": fault.message });
            answer::json(fault.status, &body)
        }
    }
}

async fn answered(
    at: &At,
    context: &Context,
    role: &str,
    headers: &HeaderMap,
) -> Result<Response<Body>, Fault> {
    let token = token(headers)?;
    let wanted = Wanted::RoleWith {
        role,
        grant: "aws_role",
    };
    let ask = relay::ask(context.ask(&at.door, token, wanted));
    let grant = at
        .exchange
        .grant(ask)
        .await
        .map_err(|refusal| Fault::of(&refusal))?;
    let arn = grant.texts("aws_role").next();
    let arn = arn.filter(|arn| RoleArn::parse(arn).is_some()).ok_or_else(|| {
        tracing::error!(role, "the grant `aws_role` is not the ARN of a role");
        Fault::unavailable()
    })?;
    let keys = relay::credentials(at, context, (ask, &grant), arn).await?;
    let body = json!({
        "AccessKeyId": keys.access_key_id,
        "SecretAccessKey": keys.secret,
        "Token": keys.token,
        "Expiration": keys.expiration.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "RoleArn": arn,
    });
    Ok(answer::json(StatusCode::OK, &body))
}

/// Returns the job's token: the whole value of the one header `authorization`.
fn token(headers: &HeaderMap) -> Result<&str, Fault> {
    let fault = |message: &str| Fault::new(StatusCode::UNAUTHORIZED, "MissingAuthenticationToken", message);
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Err(fault(
            "The job's token is missing: set AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE.",
        ));
    };
    let text = value.to_str().ok().filter(|text| {
        let is_token = text.bytes().all(|byte| byte.is_ascii_graphic());
        is_token && (1..=MAX_TOKEN).contains(&text.len())
    });
    match (text, values.next()) {
        (Some(text), None) => Ok(text),
        _ => Err(fault(
            "The header `authorization` is not one token alone, without a scheme.",
        )),
    }
}
