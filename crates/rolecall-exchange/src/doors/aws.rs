//! The door `aws`: AWS' Query protocol for `AssumeRoleWithWebIdentity`, and `GetCallerIdentity`.
//!
//! Without an upstream, it answers for services of one's own and for tests: the session token of its keys is a sealed
//! session, so any instance verifies what is signed with them. They open nothing at AWS. With an upstream, it asks AWS
//! for keys with a role token, as the door `credentials` does.

mod arn;
mod assume;
pub(super) mod credentials;
pub(super) mod fault;
mod identity;
mod relay;
mod reply;
mod xml;

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::Response;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::routing::post;
use axum::{Extension, Router};

use super::parameters::Parameters;
use super::{At, Context};
use fault::{Fault, Form};

/// Returns whether a text is the ARN of an IAM role.
pub(crate) fn is_role_arn(text: &str) -> bool {
    arn::RoleArn::parse(text).is_some()
}

/// The action that takes a token.
const ACTION: &str = "AssumeRoleWithWebIdentity";
/// The version of the API.
const VERSION: &str = "2011-06-15";

/// Returns the routes of the door: its own path, and for the door `aws` those that SDKs of Python and JavaScript are often
/// given.
pub(super) fn router(at: Arc<At>) -> Router {
    let base = at.path("");
    let mut router = Router::new();
    let paths = if at.door.prefix().is_empty() {
        &["/", "/aws", "/aws/", "/awsjs", "/awsjs/"][..]
    } else {
        &["/"]
    };
    for path in paths {
        router = router.route(&format!("{base}{path}"), post(answer));
    }
    if !base.is_empty() {
        router = router.route(&base, post(answer));
    }
    router.with_state(at)
}

async fn answer(
    State(at): State<Arc<At>>,
    Extension(context): Extension<Context>,
    parts: Parts,
    body: Result<Bytes, BytesRejection>,
) -> Response<Body> {
    let answered = match body {
        Ok(body) => answered(&at, &context, &parts, &body).await,
        Err(_) => Err(Fault::validation("The request is too large, or has ended early.")),
    };
    answered.unwrap_or_else(|fault| fault.answer(&context.id, Form::of(&parts.headers)))
}

async fn answered(at: &At, context: &Context, parts: &Parts, body: &[u8]) -> Result<Response<Body>, Fault> {
    let content_type = parts
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = content_type
        .and_then(|value| value.split(';').next())
        .map(str::trim);
    if !media_type.is_some_and(|media| media.eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
        return Err(Fault::action("this one"));
    }
    let form = Parameters::parse(body).map_err(|fault| Fault::validation(fault.to_string()))?;
    if form.get("Version") != Some(VERSION) {
        return Err(Fault::validation(format!("`Version` is not {VERSION}.")));
    }
    match form.get("Action") {
        Some(ACTION) => assume::answer(at, context, &form).await,
        Some("GetCallerIdentity") => identity::answer(at, context, (parts, body), &form).await,
        Some(other) if other.len() <= 64 && other.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            Err(Fault::action(&format!("`{other}`")))
        }
        Some(_) => Err(Fault::action("this one")),
        None => Err(Fault::missing("Action")),
    }
}
