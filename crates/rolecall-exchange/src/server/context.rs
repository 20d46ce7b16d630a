//! The context of requests, and the limits that each of them has.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{HOST, HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, Response, StatusCode, Version};
use axum::middleware::{Next, from_fn_with_state};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::connections::Peer;
use super::limits::{BODY_TIME, MAX_BODY, REQUEST_TIME};
use super::peers::Peers;
use crate::doors::Context;
use crate::excerpt::shortened;
use crate::random;
use crate::telemetry;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The maximum length of a path in a log, in bytes.
const MAX_PATH: usize = 256;

/// Returns routes that give each request a context. It is the outermost layer.
pub(super) fn identified(routes: Router, peers: Arc<Peers>) -> Router {
    routes.layer(from_fn_with_state(peers, with_context))
}

/// Returns routes with the limits of each request, and of each peer.
pub(super) fn limited(routes: Router, peers: Arc<Peers>) -> Router {
    routes.layer(from_fn_with_state(peers, within_limits))
}

/// Returns routes of which a bounded number of requests is worked on at a time.
pub(super) fn bounded(routes: Router, places: Arc<Semaphore>) -> Router {
    routes.layer(from_fn_with_state(places, with_place))
}

/// Gives a request its identifier, and its answer, too.
async fn with_context(State(peers): State<Arc<Peers>>, mut request: Request, next: Next) -> Response<Body> {
    let Ok(id) = random::identifier() else {
        return plain(StatusCode::SERVICE_UNAVAILABLE);
    };
    if !names_host(&request) {
        return plain(StatusCode::BAD_REQUEST);
    }
    let peer = request.extensions().get::<Peer>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
    let peer = peers.client(peer, request.headers());
    let header = HeaderValue::from_str(&id);
    let method = request.method().clone();
    // Not the query, which may have a token by mistake.
    let path = shortened(request.uri().path(), MAX_PATH);
    request.extensions_mut().insert(Context { id: id.clone(), peer });
    let mut response = next.run(request).await;
    if let Ok(header) = header {
        response.headers_mut().insert(REQUEST_ID, header);
    }
    let status = response.status().as_u16();
    tracing::info!(request = id, %peer, %method, path, status, "answered");
    response
}

/// Returns whether a request names its host once, as it must since HTTP/1.1 (RFC 9112 section 3.2).
fn names_host(request: &Request) -> bool {
    let count = request.headers().get_all(HOST).iter().count();
    count == 1 || (count == 0 && request.version() == Version::HTTP_10)
}

/// Reads the body, and answers, each within its time.
async fn within_limits(State(peers): State<Arc<Peers>>, request: Request, next: Next) -> Response<Body> {
    let peer = request.extensions().get::<Context>().map(|context| context.peer);
    let Some(_place) = peer.and_then(|peer| peers.request(peer)) else {
        return over(StatusCode::TOO_MANY_REQUESTS, "peer_requests");
    };
    let (parts, body) = request.into_parts();
    let body = match timeout(BODY_TIME, to_bytes(body, MAX_BODY)).await {
        Ok(Ok(body)) => Body::from(body),
        // Or the client has gone, and reads no answer.
        Ok(Err(_)) => return plain(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => return plain(StatusCode::REQUEST_TIMEOUT),
    };
    let answered = timeout(REQUEST_TIME, next.run(Request::from_parts(parts, body))).await;
    answered.unwrap_or_else(|_| over(StatusCode::SERVICE_UNAVAILABLE, "time"))
}

async fn with_place(State(places): State<Arc<Semaphore>>, request: Request, next: Next) -> Response<Body> {
    match places.try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_) => over(StatusCode::SERVICE_UNAVAILABLE, "requests"),
    }
}

/// Answers a request over a limit, which may be repeated soon.
fn over(status: StatusCode, limit: &'static str) -> Response<Body> {
    telemetry::limited(limit);
    let mut response = plain(status);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// Returns an answer in no form of a protocol, which the door gives it.
fn plain(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
