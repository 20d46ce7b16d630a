//! The routes for an orchestrator: whether the server lives, and whether it can answer.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use axum::routing::get;
use serde_json::{Value, json};

use crate::doors::answer;
use crate::exchange::Exchange;
use crate::policies::PolicyStatus;

/// Returns the routes.
pub(super) fn router(exchange: Arc<Exchange>, policies: Arc<PolicyStatus>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .with_state((exchange, policies))
}

/// Answers 200 if tokens can be issued, else 503: a key signs, and no issuer lacks keys after a failed fetch.
async fn ready(State((exchange, policies)): State<(Arc<Exchange>, Arc<PolicyStatus>)>) -> Response<Body> {
    let signs = exchange
        .keys
        .load()
        .signer(exchange.algorithm, exchange.now())
        .is_some();
    let status = exchange.gate.key_status();
    let issuers: Vec<Value> = status
        .iter()
        .map(|keys| json!({ "issuer": keys.issuer, "keys": keys.usable, "stale": keys.is_stale, "failures": keys.failures }))
        .collect();
    let is_ready = signs && status.iter().all(|keys| keys.usable > 0 || keys.failures == 0);
    let code = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    answer::json(
        code,
        &json!({ "ready": is_ready, "signing_key": signs, "issuers": issuers, "policies": policies.state() }),
    )
}
