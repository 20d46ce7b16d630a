//! The server: listeners, TLS, limits and the end.

mod admin;
mod connections;
mod context;
mod limits;
mod tls;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::config::Listen;
use crate::doors;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::policies::PolicyStatus;

pub(crate) use connections::serve;
pub(crate) use tls::Certificates;

/// The open listeners, before they serve.
pub(crate) struct Listeners {
    pub(crate) public: TcpListener,
    pub(crate) admin: Option<TcpListener>,
    pub(crate) certificates: Option<Arc<Certificates>>,
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
        })
    }

    /// Serves requests until `stop` ends, and then those that are under way, up to a deadline.
    pub(crate) async fn run(
        self,
        exchange: &Arc<Exchange>,
        policies: Arc<PolicyStatus>,
        doors: &[crate::config::Door],
        stop: impl Future<Output = ()>,
    ) {
        let (stopping, stopped) = tokio::sync::watch::channel(false);
        let routes = context::layered(doors::router(exchange, doors));
        let public = serve(self.public, self.certificates, routes, stopped.clone());
        let admin = async {
            if let Some(listener) = self.admin {
                let routes = context::layered(admin::router(Arc::clone(exchange), policies));
                serve(listener, None, routes, stopped).await;
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
