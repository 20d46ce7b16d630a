//! Connections: accepted, limited, and drained at the end.

use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower::ServiceExt as _;

use super::limits::{
    ACCEPT_PAUSE, CONNECTION_TIME, DRAIN_TIME, HANDSHAKE_TIME, HEADER_TIME, MAX_HEADER_COUNT, MAX_HEADERS,
};
use super::peers::Peers;
use super::tls::Certificates;
use crate::telemetry;

/// The address of a connection's peer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// A listener with what it serves.
pub(super) struct Served {
    pub(super) listener: TcpListener,
    pub(super) certificates: Option<Arc<Certificates>>,
    pub(super) routes: Router,
    pub(super) peers: Arc<Peers>,
    /// The places of connections.
    pub(super) places: Arc<Semaphore>,
}

impl Served {
    /// Accepts connections until the server stops, and ends when they have ended or the deadline has come.
    pub(super) async fn serve(self, mut stopped: watch::Receiver<bool>) {
        let mut connections = JoinSet::new();
        loop {
            // A connection that waits for a place waits in the queue of the system, which is bounded.
            let place = tokio::select! {
                place = Arc::clone(&self.places).acquire_owned() => place,
                _ = stopped.wait_for(|stopped| *stopped) => break,
            };
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                _ = stopped.wait_for(|stopped| *stopped) => break,
            };
            while connections.try_join_next().is_some() {}
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
            let Some(of_peer) = self.peers.connect(peer.0) else {
                telemetry::limited("connections");
                continue;
            };
            let (routes, stopped) = (self.routes.clone(), stopped.clone());
            let certificates = self.certificates.clone();
            connections.spawn(async move {
                let _held = (place, of_peer);
                match certificates {
                    None => connection(stream, peer, routes, stopped).await,
                    Some(certificates) => match timeout(HANDSHAKE_TIME, certificates.accept(stream)).await {
                        Ok(Ok(stream)) => connection(stream, peer, routes, stopped).await,
                        Ok(Err(error)) => tracing::debug!(peer = %peer.0, %error, "the TLS handshake failed"),
                        Err(_) => tracing::debug!(peer = %peer.0, "the TLS handshake took too long"),
                    },
                }
            });
        }
        drop(self.listener);
        let all = async { while connections.join_next().await.is_some() {} };
        if timeout(DRAIN_TIME, all).await.is_err() {
            tracing::warn!("requests were still under way at the deadline");
        }
    }
}

/// Serves the requests of a connection, until its client or the server ends it, or its time is over. The request that is
/// under way then is answered.
async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: Peer,
    routes: Router,
    mut stopped: watch::Receiver<bool>,
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
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        _ = stopped.wait_for(|stopped| *stopped) => None,
        () = sleep(CONNECTION_TIME) => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            connection.as_mut().graceful_shutdown();
            timeout(DRAIN_TIME, connection).await.unwrap_or(Ok(()))
        }
    };
    // A connection that ends with an error concerns its client alone.
    if let Err(error) = ended {
        tracing::debug!(peer = %peer.0, %error, "a connection ended early");
    }
}
