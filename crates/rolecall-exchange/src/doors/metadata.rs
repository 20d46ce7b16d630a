//! The documents of the exchange as an issuer: discovery (OpenID Connect Discovery section 3, RFC 8414) and the key set.
//!
//! They are always served, whatever doors are open. AWS, Google Cloud and Entra ID fetch them over the internet; AWS
//! gives up after 5 seconds, and octo-sts reads 100 KiB at most.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, Response, StatusCode};
use axum::routing::get;
use serde_json::{Value, json};

use super::answer;
use super::token::GRANT_TYPE;
use crate::config::{Door, DoorKind, IssuerUrl};
use crate::exchange::Exchange;
use crate::signing::SigningAlgorithm;

/// The time in seconds for which the documents may be stored. Keys are published a day before they sign.
const MAX_AGE: &str = "max-age=300";

/// Returns the routes, below the path of the issuer.
pub(super) fn router(exchange: Arc<Exchange>, doors: &[Door]) -> Router {
    let path = exchange.issuer.path().to_owned();
    let document = document(&exchange.issuer, exchange.algorithm, doors);
    let discovery = get(move || std::future::ready(stored(&document)));
    let paths = [
        format!("{path}/.well-known/openid-configuration"),
        format!("/.well-known/oauth-authorization-server{path}"),
    ];
    let router = Router::new().route(&format!("{path}/jwks"), get(jwks));
    let router = paths
        .iter()
        .fold(router, |router, path| router.route(path, discovery.clone()));
    router.with_state(exchange)
}

async fn jwks(State(exchange): State<Arc<Exchange>>) -> Response<Body> {
    stored(&exchange.keys.load().jwks(exchange.now()))
}

/// Returns the discovery document.
pub(crate) fn document(issuer: &IssuerUrl, algorithm: SigningAlgorithm, doors: &[Door]) -> Value {
    let issuer = issuer.as_str();
    let token_door = doors.iter().find(|door| door.kind == DoorKind::Token);
    let token_endpoint = token_door.map_or_else(
        || "urn:rolecall:no-token-endpoint".to_owned(),
        |door| format!("{issuer}{}/token", door.prefix()),
    );
    // OpenID Connect Discovery demands RS256, and go-oidc verifies with what is listed.
    let mut algorithms = vec![SigningAlgorithm::RS256.name()];
    if algorithm != SigningAlgorithm::RS256 {
        algorithms.push(algorithm.name());
    }
    json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/jwks"),
        // OpenID Connect Discovery requires it. The exchange has no login page.
        "authorization_endpoint": "urn:rolecall:no-authorization-endpoint",
        "token_endpoint": token_endpoint,
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "claims_supported": ["iss", "sub", "aud", "iat", "nbf", "exp", "jti", "role", "act"],
        "grant_types_supported": [GRANT_TYPE],
        "token_endpoint_auth_methods_supported": ["none"],
    })
}

/// Returns a public document.
fn stored(document: &Value) -> Response<Body> {
    let mut response = answer::json(StatusCode::OK, document);
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static(MAX_AGE));
    response
}
