//! The routes for an orchestrator: whether the server lives, whether it can answer, and its metrics.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use axum::routing::get;
use serde_json::{Value, json};

use super::health::Health;
use crate::doors::answer;
use crate::exchange::Exchange;
use crate::telemetry;

/// The server, as its administrators see it.
#[derive(Clone)]
struct Admin {
    exchange: Arc<Exchange>,
    health: Arc<Health>,
}

/// Returns the routes.
pub(super) fn router(exchange: Arc<Exchange>, health: Arc<Health>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(Admin { exchange, health })
}

/// Answers 200 if tokens can be issued, else 503: a key signs, the audit log can be written if it is required, and not all
/// issuers lack keys after a failed fetch. One that does is a detail, for the others' jobs go on. So are files that are on
/// disk and not in use, and the memory of used tokens, which some doors need only.
async fn ready(State(Admin { exchange, health }): State<Admin>) -> Response<Body> {
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
    let audit = &exchange.audit;
    let (store, is_failing) = exchange.replay.state();
    let has_issuer = status.is_empty() || status.iter().any(|keys| keys.usable > 0 || keys.failures == 0);
    let is_ready = signs && audit.is_ready() && has_issuer;
    let code = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    answer::json(
        code,
        &json!({
            "ready": is_ready,
            "signing_key": signs,
            "audit": { "writable": audit.is_written() },
            "replay": { "store": store, "failing": is_failing },
            "issuers": issuers,
            "policies": health.policies.state(),
            "keys": { "stale": health.keys.get() },
            "session_keys": { "stale": health.session_keys.get() },
            "certificate": { "stale": health.certificate.get() },
        }),
    )
}

/// Answers with the metrics. Those of a state are taken now.
async fn metrics(State(Admin { exchange, health }): State<Admin>) -> String {
    let (keys, now) = (exchange.keys.load(), exchange.now());
    let signer = keys.signer(exchange.algorithm, now);
    telemetry::signing_key_age(signer.map(|key| key.age(now)));
    let lag = health.is_copied.then(|| exchange.audit.lag());
    telemetry::audit(exchange.audit.is_written(), lag);
    telemetry::connections(health.connections.open());
    let policies = health.policies.state();
    telemetry::stale("policies", policies.stale);
    telemetry::stale("last_good", !policies.remembered);
    telemetry::stale("keys", health.keys.get());
    telemetry::stale("session_keys", health.session_keys.get());
    telemetry::stale("certificate", health.certificate.get());
    for keys in exchange.gate.key_status() {
        telemetry::issuer_keys(&keys.issuer, keys.usable, keys.is_stale, keys.failures);
    }
    health.telemetry.text()
}
