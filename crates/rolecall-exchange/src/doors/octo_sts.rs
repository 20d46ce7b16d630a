//! The door `octo_sts`: the protocol of octo-sts, `GET /sts/exchange?scope=…&identity=…` with the job's token as bearer
//! token. Errors have the form of gRPC-gateway.
//!
//! Without an upstream, it answers with a role token. With one, it asks octo-sts with a role token.

mod relay;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};
use axum::routing::get;
use axum::{Extension, Router};
use serde_json::json;

use super::parameters::Parameters;
use super::{At, Context, answer};
use crate::exchange::{Class, Refusal, Wanted};

/// Returns the routes of the door.
pub(super) fn router(at: Arc<At>) -> Router {
    Router::new()
        .route(&at.path("/sts/exchange"), get(exchange))
        .with_state(at)
}

async fn exchange(
    State(at): State<Arc<At>>,
    Extension(context): Extension<Context>,
    request: Request,
) -> Response<Body> {
    let (parts, _) = request.into_parts();
    match answered(&at, &context, &parts).await {
        Ok(response) => response,
        Err(fault) => fault.answer(),
    }
}

async fn answered(at: &At, context: &Context, parts: &Parts) -> Result<Response<Body>, Fault> {
    let token = match rolecall_tower::bearer(parts) {
        Ok(Some(token)) => token,
        Ok(None) => {
            return Err(Fault::unauthenticated(
                "the job's token is missing: send it as bearer token",
            ));
        }
        Err(fault) => return Err(Fault::argument(fault.to_string())),
    };
    let query = Parameters::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let query = query.map_err(|fault| Fault::argument(fault.to_string()))?;
    let (Some(scope), Some(identity)) = (query.get("scope"), query.get("identity")) else {
        return Err(Fault::argument("`scope` or `identity` is missing"));
    };
    // The first `#` of the grant ends its scope.
    if scope.contains('#') {
        return Err(Fault::argument("`scope` has a `#`"));
    }
    let wanted = Wanted::Grant {
        grant: "octo_sts",
        value: &format!("{scope}#{identity}"),
        role: None,
    };
    let ask = context.ask(&at.door, token, wanted);
    if !at.is_local() {
        return relay::exchange(at, ask, scope, identity).await;
    }
    let issued = at.exchange.issue(ask).await;
    let (_, role_token) = issued.map_err(|refusal| Fault::of(&refusal))?;
    Ok(answer::json(StatusCode::OK, &json!({ "token": role_token })))
}

/// An error: a code of gRPC with its status in HTTP.
struct Fault {
    code: u8,
    status: StatusCode,
    message: String,
}

impl Fault {
    fn argument(message: impl Into<String>) -> Self {
        Self {
            code: 3,
            status: StatusCode::BAD_REQUEST,
            message: message.into(),
        }
    }

    fn unauthenticated(message: impl Into<String>) -> Self {
        Self {
            code: 16,
            status: StatusCode::UNAUTHORIZED,
            message: message.into(),
        }
    }

    /// Returns the error of an upstream that does not answer in the form of the protocol.
    fn unavailable() -> Self {
        Self {
            code: 14,
            status: StatusCode::SERVICE_UNAVAILABLE,
            message: "octo-sts does not answer, try again".to_owned(),
        }
    }

    fn of(refusal: &Refusal) -> Self {
        let message = refusal.to_string();
        let (code, status) = match refusal.class() {
            Class::InvalidToken | Class::Expired => return Self::unauthenticated(message),
            Class::Denied => (7, StatusCode::FORBIDDEN),
            Class::Unavailable => (14, StatusCode::SERVICE_UNAVAILABLE),
        };
        Self {
            code,
            status,
            message,
        }
    }

    fn answer(self) -> Response<Body> {
        let body = json!({ "code": self.code, "message": self.message });
        answer::json(self.status, &body)
    }
}
