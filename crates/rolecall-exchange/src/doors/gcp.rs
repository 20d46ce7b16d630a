//! The door `gcp`: Google Cloud's token exchange, `POST /v1/token`, and
//! `POST /v1/projects/-/serviceAccounts/EMAIL:generateAccessToken` with the token of the first as bearer token.
//!
//! The first token is a role token whose audience is this door, so that nothing else takes it. The second one has the
//! audience that the role grants.
//!
//! With an upstream, the door asks Google's token service with a role token. What Google then does for a service
//! account, clients ask Google itself.

mod account;
mod exchange;
mod fault;
mod relay;

use std::sync::Arc;

use axum::Router;
use axum::routing::post;

use super::At;
pub(super) use account::server_fault;

/// Returns the routes of the door.
pub(super) fn router(at: Arc<At>) -> Router {
    Router::new()
        .route(&at.path("/v1/token"), post(exchange::exchange))
        .route(
            &at.path("/v1/projects/-/serviceAccounts/{account}"),
            post(account::generate),
        )
        .with_state(at)
}
