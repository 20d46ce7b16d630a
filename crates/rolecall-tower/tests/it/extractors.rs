//! The extractors for axum.

use axum::Router;
use axum::extract::FromRef;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http_body_util::BodyExt;
use rolecall::Roles;
use rolecall_tower::{GuardLayer, HttpGate, Refusal, RequireRole, Role, TokenRoles};
use serde_json::json;
use tower::ServiceExt;

use crate::stage::{good, header, request, stage};

struct Deploy;

impl Role for Deploy {
    const NAME: &'static str = "deploy";
}

struct Admin;

impl Role for Admin {
    const NAME: &'static str = "admin";
}

/// The state of a service, which has more than the gate.
#[derive(Clone)]
struct State {
    gate: HttpGate,
}

impl FromRef<State> for HttpGate {
    fn from_ref(state: &State) -> Self {
        state.gate.clone()
    }
}

async fn deploy(ruling: RequireRole<Deploy>) -> String {
    ruling.token().subject().to_owned()
}

async fn admin(_: RequireRole<Admin>) -> &'static str {
    "admin"
}

async fn optional(ruling: Option<RequireRole<Deploy>>) -> &'static str {
    ruling.map_or("anonymous", |_| "deploy")
}

async fn own_response(ruling: Result<RequireRole<Admin>, Refusal>) -> Response {
    match ruling {
        Ok(_) => "admin".into_response(),
        Err(refusal) => (StatusCode::IM_A_TEAPOT, refusal.code()).into_response(),
    }
}

async fn all(roles: Option<TokenRoles>) -> String {
    let roles = roles.map(|TokenRoles(roles)| roles);
    let names = roles.iter().flat_map(Roles::iter);
    names
        .filter_map(|decision| Some(format!("{} ", decision.role()?.name)))
        .collect()
}

#[tokio::test]
async fn extractors_guard_handlers() {
    let (gate, issuer) = stage();
    let service = Router::new()
        .route("/deploy", post(deploy))
        .route("/admin", post(admin))
        .route("/optional", post(optional))
        .route("/own", post(own_response))
        .route("/all", post(all))
        .route(
            "/layer",
            post(deploy).layer(GuardLayer::new(gate.clone(), "admin").unwrap()),
        )
        .with_state(State { gate });
    let good = format!("Bearer {}", good(&issuer));
    let none = format!("Bearer {}", issuer.token(json!({})));
    let rows: [(&str, Option<&str>, u16, &str); 14] = [
        ("/deploy", Some(&good), 200, "canary"),
        ("/deploy", Some(&none), 403, ""),
        ("/deploy", None, 401, ""),
        ("/admin", Some(&good), 403, ""),
        ("/optional", Some(&good), 200, "deploy"),
        ("/optional", None, 200, "anonymous"),
        ("/optional", Some(&none), 403, ""),
        ("/optional", Some("Bearer x"), 401, ""),
        ("/optional", Some("Bearer"), 400, ""),
        ("/own", Some(&good), 418, "denied"),
        ("/all", Some(&good), 200, "deploy "),
        ("/all", Some(&none), 200, ""),
        ("/all", Some("Bearer x"), 401, ""),
        ("/layer", Some(&good), 403, ""),
    ];
    for (path, token, status, body) in rows {
        let headers: Vec<&str> = token.into_iter().collect();
        let response = service.clone().oneshot(request(&headers, path)).await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path} {token:?}");
        let is_refused = matches!(status, 400..=403);
        assert_eq!(header(&response, "www-authenticate").is_some(), is_refused);
        let found = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(&*found, body.as_bytes(), "{path} {token:?}");
    }
}
