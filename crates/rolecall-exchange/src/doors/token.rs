//! The door `token`: OAuth 2.0 token exchange (RFC 8693) at `POST /token`.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::post;
use axum::{Extension, Router};
use serde_json::json;

use super::body::is_media_type;
use super::parameters::Parameters;
use super::{At, Context, answer};
use crate::exchange::{Class, Refusal, Wanted};

pub(crate) const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
pub(crate) const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
pub(super) const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
pub(super) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// The beginning of a scope that names a role.
const ROLE_SCOPE: &str = "role:";

/// Returns the routes of the door.
pub(super) fn router(at: Arc<At>) -> Router {
    Router::new()
        .route(&at.path("/token"), post(exchange))
        .with_state(at)
}

async fn exchange(
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
    if !is_media_type(headers, "application/x-www-form-urlencoded") {
        return Err(Fault::request(
            "the body is not `application/x-www-form-urlencoded`",
        ));
    }
    let form = Parameters::parse(body).map_err(|fault| Fault::request(fault.to_string()))?;
    if form.get("grant_type") != Some(GRANT_TYPE) {
        return Err(Fault {
            error: "unsupported_grant_type",
            ..Fault::request(format!("`grant_type` is not `{GRANT_TYPE}`"))
        });
    }
    if form.get("actor_token").is_some() || form.get("actor_token_type").is_some() {
        return Err(Fault::request(
            "`actor_token` is not supported: a job acts for itself",
        ));
    }
    let token = form
        .get("subject_token")
        .ok_or_else(|| Fault::request("`subject_token` is missing"))?;
    if !matches!(form.get("subject_token_type"), Some(JWT | ID_TOKEN)) {
        return Err(Fault::request(format!(
            "`subject_token_type` is neither `{JWT}` nor `{ID_TOKEN}`"
        )));
    }
    let token_type = match form.get("requested_token_type") {
        None | Some(JWT) => JWT,
        Some(ID_TOKEN) => ID_TOKEN,
        Some(ACCESS_TOKEN) => ACCESS_TOKEN,
        Some(_) => {
            return Err(Fault::request(format!(
                "`requested_token_type` is none of `{JWT}`, `{ID_TOKEN}` and `{ACCESS_TOKEN}`"
            )));
        }
    };
    let wanted = wanted(&form)?;
    let issued = at.exchange.issue(context.ask(&at.door, token, wanted)).await;
    let (grant, role_token) = issued.map_err(|refusal| Fault::of(&refusal))?;
    Ok(answer::json(
        StatusCode::OK,
        &json!({
            "access_token": role_token,
            "issued_token_type": token_type,
            "token_type": "Bearer",
            "expires_in": grant.life.as_secs(),
        }),
    ))
}

/// Returns what is asked for: `audience` or `resource`, and the role in `scope`.
fn wanted(form: &Parameters) -> Result<Wanted<'_>, Fault> {
    let value = match (form.get("audience"), form.get("resource")) {
        (Some(audience), Some(resource)) if audience != resource => {
            return Err(Fault::target(
                "`audience` and `resource` differ: a role token has one audience",
            ));
        }
        (audience, resource) => audience.or(resource),
    };
    let role = match form.get("scope") {
        None => None,
        Some(scope) => Some(scope.strip_prefix(ROLE_SCOPE).ok_or(Fault {
            error: "invalid_scope",
            ..Fault::request("`scope` is not `role:NAME`")
        })?),
    };
    match (value, role) {
        (Some(value), role) => Ok(Wanted::Grant {
            grant: "audience",
            value,
            role,
        }),
        (None, Some(role)) => Ok(Wanted::Role(role)),
        (None, None) => Err(Fault::request(
            "`audience` is missing: give the audience of the role token, or `scope=role:NAME`",
        )),
    }
}

/// An error response (RFC 6749 section 5.2).
struct Fault {
    status: StatusCode,
    error: &'static str,
    description: String,
}

impl Fault {
    fn request(description: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error: "invalid_request",
            description: description.into(),
        }
    }

    fn target(description: impl Into<String>) -> Self {
        Self {
            error: "invalid_target",
            ..Self::request(description)
        }
    }

    /// Returns the response to a refusal. RFC 8693 section 2.2.2 has `invalid_request` for a token that is not accepted,
    /// and `invalid_target` for an audience that the token does not get.
    fn of(refusal: &Refusal) -> Self {
        let description = refusal.description();
        match refusal.class() {
            Class::InvalidToken | Class::Expired => Self::request(description),
            Class::Denied => Self::target(description),
            Class::Unavailable => Self {
                status: StatusCode::SERVICE_UNAVAILABLE,
                error: "temporarily_unavailable",
                description,
            },
        }
    }

    fn answer(self) -> Response<Body> {
        let body = json!({ "error": self.error, "error_description": self.description });
        answer::json(self.status, &body)
    }
}
