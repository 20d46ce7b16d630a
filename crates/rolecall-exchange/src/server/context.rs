//! The context of requests, and the limits that each of them has.

use std::net::{IpAddr, Ipv4Addr};

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::HeaderName;
use axum::http::{HeaderValue, Response, StatusCode};
use axum::middleware::{Next, from_fn};
use tokio::time::timeout;

use super::connections::Peer;
use super::limits::{MAX_BODY, REQUEST_TIME};
use crate::doors::Context;
use crate::random;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Returns routes with a context for each request, and with limits.
pub(super) fn layered(routes: Router) -> Router {
    routes
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(with_context))
}

/// Gives a request its identifier, and its answer, too.
async fn with_context(mut request: Request, next: Next) -> Response<Body> {
    let Ok(id) = random::identifier() else {
        return plain(StatusCode::SERVICE_UNAVAILABLE);
    };
    let peer = request.extensions().get::<Peer>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
    let header = HeaderValue::from_str(&id);
    let method = request.method().clone();
    // Not the query, which may have a token by mistake.
    let path = request.uri().path().to_owned();
    request.extensions_mut().insert(Context { id: id.clone(), peer });
    let answered = timeout(REQUEST_TIME, next.run(request)).await;
    let mut response = answered.unwrap_or_else(|_| plain(StatusCode::REQUEST_TIMEOUT));
    if let Ok(header) = header {
        response.headers_mut().insert(REQUEST_ID, header);
    }
    let status = response.status().as_u16();
    tracing::info!(request = id, %peer, %method, path, status, "answered");
    response
}

fn plain(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
