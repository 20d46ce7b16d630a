//! The context of requests, and the limits that each of them has.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use tokio::time::timeout;

use super::connections::Peer;
use super::limits::{MAX_BODY, REQUEST_TIME};
use super::peers::{Limit, Peers};
use crate::doors::Context;
use crate::random;
use crate::telemetry;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Returns routes with a context for each request, and with limits.
pub(super) fn layered(routes: Router, peers: Arc<Peers>) -> Router {
    routes
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(peers, with_context))
}

/// Gives a request its identifier, and its answer, too.
async fn with_context(State(peers): State<Arc<Peers>>, mut request: Request, next: Next) -> Response<Body> {
    let Ok(id) = random::identifier() else {
        return plain(StatusCode::SERVICE_UNAVAILABLE);
    };
    let peer = request.extensions().get::<Peer>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
    let peer = peers.client(peer, request.headers());
    let header = HeaderValue::from_str(&id);
    let method = request.method().clone();
    // Not the query, which may have a token by mistake.
    let path = request.uri().path().to_owned();
    request.extensions_mut().insert(Context { id: id.clone(), peer });
    let mut response = match peers.request(peer) {
        Ok(_places) => {
            let answered = timeout(REQUEST_TIME, next.run(request)).await;
            answered.unwrap_or_else(|_| plain(StatusCode::REQUEST_TIMEOUT))
        }
        Err(limit) => over(limit),
    };
    if let Ok(header) = header {
        response.headers_mut().insert(REQUEST_ID, header);
    }
    let status = response.status().as_u16();
    tracing::info!(request = id, %peer, %method, path, status, "answered");
    response
}

/// Answers a request over a limit, which may be repeated soon.
fn over(limit: Limit) -> Response<Body> {
    let (status, name) = match limit {
        Limit::Peer => (StatusCode::TOO_MANY_REQUESTS, "peer_requests"),
        Limit::All => (StatusCode::SERVICE_UNAVAILABLE, "requests"),
    };
    telemetry::limited(name);
    let mut response = plain(status);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn plain(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
