//! Connections: accepted, limited, and drained at the end.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tower::ServiceExt as _;

use super::limits::{
    ACCEPT_PAUSE, DRAIN_TIME, HANDSHAKE_TIME, HEADER_TIME, MAX_CONNECTIONS, MAX_HEADER_COUNT, MAX_HEADERS,
};
use super::peers::Peers;
use super::tls::Certificates;
use crate::telemetry;

/// The address of a connection's peer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// Accepts connections until the server stops, and ends when they have ended or the deadline has come.
pub(super) async fn serve(
    listener: TcpListener,
    certificates: Option<Arc<Certificates>>,
    routes: Router,
    peers: Arc<Peers>,
    mut stopped: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    loop {
        // A connection that waits for a place waits in the queue of the system, which is bounded.
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        // Without it, a small answer waits for the acknowledgement of the one before.
        let _ = stream.set_nodelay(true);
        let peer = Peer(address.ip().to_canonical());
        let Some(of_peer) = peers.connect(peer.0) else {
            telemetry::limited("connections");
            continue;
        };
        telemetry::connections(MAX_CONNECTIONS.saturating_sub(places.available_permits()));
        let (routes, watcher) = (routes.clone(), graceful.watcher());
        let certificates = certificates.clone();
        tokio::spawn(async move {
            let _places = (place, of_peer);
            match certificates {
                None => connection(stream, peer, routes, watcher).await,
                Some(certificates) => match timeout(HANDSHAKE_TIME, certificates.accept(stream)).await {
                    Ok(Ok(stream)) => connection(stream, peer, routes, watcher).await,
                    Ok(Err(error)) => tracing::debug!(peer = %peer.0, %error, "the TLS handshake failed"),
                    Err(_) => tracing::debug!(peer = %peer.0, "the TLS handshake took too long"),
                },
            }
        });
    }
    drop(listener);
    if timeout(DRAIN_TIME, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way at the deadline");
    }
}

/// Serves the requests of a connection.
async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: Peer,
    routes: Router,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let service = routes.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer);
        request.map(axum::body::Body::new)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(MAX_HEADERS)
        .max_headers(MAX_HEADER_COUNT)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    // A connection that ends with an error concerns its client alone.
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(peer = %peer.0, %error, "a connection ended early");
    }
}
