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
    pub(crate) public: TcpListener,
    pub(crate) admin: Option<TcpListener>,
    pub(crate) certificates: Option<Arc<Certificates>>,
    proxies: Vec<IpNet>,
}

impl Listeners {
    /// Opens the listeners of a configuration.
    pub(crate) async fn open(listen: &Listen) -> Result<Self, Failure> {
        let certificates = listen.tls.as_ref().map(Certificates::read).transpose()?;
        let admin = match listen.admin {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        Ok(Self {
            public: bind(listen.address).await?,
            admin,
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
        let peers = Arc::new(Peers::new(self.proxies, only_proxies));
        let routes = context::layered(doors::router(exchange, doors), Arc::clone(&peers));
        let public = serve(self.public, self.certificates, routes, peers, stopped.clone());
        let admin = async {
            if let Some(listener) = self.admin {
                let peers = Arc::new(Peers::new(Vec::new(), false));
                let routes = admin::router(Arc::clone(exchange), Arc::clone(health));
                let routes = context::layered(routes, Arc::clone(&peers));
                serve(listener, None, routes, peers, stopped).await;
            }
        };
        let stop = async {
            stop.await;
            // The receivers are gone only if both servers are.
            let _ = stopping.send(true);
        };
        tokio::join!(public, admin, stop);
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::new(format!("cannot listen on `{address}`: {error}")))
}
