//! The server: listeners, TLS, limits and the end.

mod admin;
mod connections;
mod context;
mod health;
mod limits;
mod peers;
mod reload;
mod tls;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use ipnet::IpNet;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::config::Listen;
use crate::doors;
use crate::exchange::Exchange;
use crate::failure::Failure;

use connections::serve;
pub(crate) use health::Health;
use peers::Peers;
pub(crate) use reload::reload;
pub(crate) use tls::Certificates;

/// The open listeners, before they serve.
pub(crate) struct Listeners {
    pub(crate) doors: TcpListener,
    pub(crate) public: Option<TcpListener>,
    pub(crate) admin: Option<TcpListener>,
    pub(crate) certificates: Option<Arc<Certificates>>,
    proxies: Vec<IpNet>,
}

impl Listeners {
    /// Opens the listeners of a configuration.
    pub(crate) async fn open(listen: &Listen) -> Result<Self, Failure> {
        let certificates = listen.tls.as_ref().map(Certificates::read).transpose()?;
        Ok(Self {
            doors: bind(listen.address).await?,
            public: bind_optional(listen.public).await?,
            admin: bind_optional(listen.admin).await?,
            certificates: certificates.map(Arc::new),
            proxies: listen.trusted_proxies.clone(),
        })
    }

    /// Serves requests until `stop` ends, and then those that are under way, up to a deadline.
    pub(crate) async fn run(
        self,
        exchange: &Arc<Exchange>,
        health: &Arc<Health>,
        doors: &[crate::config::Door],
        stop: impl Future<Output = ()>,
    ) {
        let (stopping, stopped) = tokio::sync::watch::channel(false);
        // Without TLS, a peer other than a proxy would send tokens in the clear.
        let only_proxies = self.certificates.is_none();
        let peers = || Arc::new(Peers::new(self.proxies.clone(), only_proxies));
        let served = |listener, certificates, routes, peers: Arc<Peers>| {
            let routes = context::layered(routes, Arc::clone(&peers));
            serve(listener, certificates, routes, peers, stopped.clone())
        };
        let certificates = || self.certificates.clone();
        let mut servers = JoinSet::new();
        servers.spawn(served(
            self.doors,
            certificates(),
            doors::router(exchange, doors),
            peers(),
        ));
        if let Some(listener) = self.public {
            let routes = doors::documents(exchange);
            servers.spawn(served(listener, certificates(), routes, peers()));
        }
        if let Some(listener) = self.admin {
            let routes = admin::router(Arc::clone(exchange), Arc::clone(health));
            servers.spawn(served(
                listener,
                None,
                routes,
                Arc::new(Peers::new(Vec::new(), false)),
            ));
        }
        stop.await;
        // The receivers are gone only if all servers are.
        let _ = stopping.send(true);
        servers.join_all().await;
    }
}

async fn bind_optional(address: Option<SocketAddr>) -> Result<Option<TcpListener>, Failure> {
    match address {
        Some(address) => bind(address).await.map(Some),
        None => Ok(None),
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::new(format!("cannot listen on `{address}`: {error}")))
}
