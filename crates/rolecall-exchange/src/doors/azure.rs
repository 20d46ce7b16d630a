//! The door `azure`: Entra ID's token endpoint for applications with a federated credential,
//! `POST /TENANT/oauth2/v2.0/token`, and the discovery document that msal and the JavaScript library read before.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::{get, post};
use axum::{Extension, Router};
use jiff::Timestamp;
use serde_json::json;

use super::body::is_media_type;
use super::parameters::Parameters;
use super::{At, Context, answer};
use crate::exchange::{Class, Refusal, Wanted};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Returns the routes of the door.
pub(super) fn router(at: Arc<At>) -> Router {
    Router::new()
        .route(
            &at.path("/{tenant}/v2.0/.well-known/openid-configuration"),
            get(discovery),
        )
        .route(&at.path("/{tenant}/oauth2/v2.0/token"), post(token))
        .with_state(at)
}

/// Answers for each tenant alike: the document says nothing of the policies.
async fn discovery(State(at): State<Arc<At>>, Path(tenant): Path<String>) -> Response<Body> {
    if !is_tenant(&tenant) {
        return answer::json(StatusCode::NOT_FOUND, &json!({ "error": "invalid_tenant" }));
    }
    let base = format!("{}{}/{tenant}", at.exchange.issuer.as_str(), at.door.prefix());
    answer::json(
        StatusCode::OK,
        &json!({
            "issuer": format!("{base}/v2.0"),
            "token_endpoint": format!("{base}/oauth2/v2.0/token"),
            // The clients require it. The exchange has no login page.
            "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
            "jwks_uri": format!("{}/jwks", at.exchange.issuer.as_str()),
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
        }),
    )
}

/// Returns whether a text can be a tenant: an identifier or a domain, without a slash.
fn is_tenant(text: &str) -> bool {
    let is_ours = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !text.is_empty() && text.len() <= 255 && text.bytes().all(is_ours)
}

async fn token(
    State(at): State<Arc<At>>,
    Extension(context): Extension<Context>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    match answered(&at, &context, &tenant, &headers, &body).await {
        Ok(response) => response,
        Err(fault) => fault.answer(&at, &context),
    }
}

async fn answered(
    at: &At,
    context: &Context,
    tenant: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response<Body>, Fault> {
    if !is_tenant(tenant) {
        return Err(Fault::request(
            90_002,
            "the tenant is not an identifier or a domain",
        ));
    }
    if !is_media_type(headers, "application/x-www-form-urlencoded") {
        return Err(Fault::request(
            900_144,
            "the body is not `application/x-www-form-urlencoded`",
        ));
    }
    let form = Parameters::parse(body).map_err(|fault| Fault::request(90_014, fault.to_string()))?;
    let required = |name: &str| {
        let missing = || Fault::request(900_144, format!("`{name}` is missing"));
        form.get(name).ok_or_else(missing)
    };
    if required("grant_type")? != "client_credentials" {
        return Err(Fault {
            error: "unsupported_grant_type",
            ..Fault::request(70_003, "`grant_type` is not `client_credentials`")
        });
    }
    if required("client_assertion_type")? != ASSERTION_TYPE || form.get("client_secret").is_some() {
        let message = format!("the client proves itself by an assertion of the type `{ASSERTION_TYPE}`");
        return Err(Fault::request(900_144, message));
    }
    let client = required("client_id")?;
    // The role says what the token is for. The scope is demanded as Entra ID does.
    required("scope")?;
    let wanted = Wanted::Grant {
        grant: "azure_client",
        value: &format!("{tenant}/{client}"),
        role: None,
    };
    let ask = context.ask(&at.door, required("client_assertion")?, wanted);
    let issued = at.exchange.issue(ask).await;
    let (grant, access_token) = issued.map_err(|refusal| Fault::of(&refusal))?;
    let life = grant.life.as_secs();
    Ok(answer::json(
        StatusCode::OK,
        &json!({
            "token_type": "Bearer",
            "expires_in": life,
            "ext_expires_in": life,
            "access_token": access_token,
        }),
    ))
}

/// Returns an error of the server.
pub(super) fn server_fault(
    at: &At,
    context: &Context,
    status: StatusCode,
    error: &'static str,
    message: &str,
) -> Response<Body> {
    Fault::of_server(status, error, message).answer(at, context)
}

/// An error response in the form of Entra ID.
struct Fault {
    status: StatusCode,
    error: &'static str,
    /// The number after `AADSTS`.
    code: u32,
    message: String,
}

impl Fault {
    fn request(code: u32, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error: "invalid_request",
            code,
            message: message.into(),
        }
    }

    fn of(refusal: &Refusal) -> Self {
        let unauthorized = (StatusCode::UNAUTHORIZED, "invalid_client");
        let ((status, error), code) = match refusal.class() {
            Class::InvalidToken => (unauthorized, 50_027),
            Class::Expired => (unauthorized, 700_024),
            Class::Denied => (unauthorized, 700_213),
            Class::Unavailable => (
                (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
                90_033,
            ),
        };
        let message = match refusal.class() {
            Class::Denied => {
                "No matching federated identity record found for presented assertion subject".to_owned()
            }
            _ => refusal.to_string(),
        };
        Self {
            status,
            error,
            code,
            message,
        }
    }

    /// Returns an error of the server: 90033 is a transient one.
    fn of_server(status: StatusCode, error: &'static str, message: &str) -> Self {
        let is_client_error = status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS;
        Self {
            status,
            error,
            code: if is_client_error { 900_144 } else { 90_033 },
            message: message.to_owned(),
        }
    }

    fn answer(self, at: &At, context: &Context) -> Response<Body> {
        let time = Timestamp::from_second(at.exchange.now().as_secs()).unwrap_or(Timestamp::MAX);
        let body = json!({
            "error": self.error,
            "error_description": format!("AADSTS{}: {}.", self.code, self.message),
            "error_codes": [self.code],
            "timestamp": time.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
            "trace_id": context.id,
            "correlation_id": context.id,
        });
        answer::json(self.status, &body)
    }
}
