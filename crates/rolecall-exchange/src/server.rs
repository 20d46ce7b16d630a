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
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::config::{Door, Listen};
use crate::doors;
use crate::exchange::Exchange;
use crate::failure::Failure;

use connections::Served;
pub(crate) use health::Health;
use peers::Peers;
pub(crate) use reload::Files;
pub(crate) use tls::Certificates;

/// The open listeners, before they serve.
pub(crate) struct Listeners {
    /// The listener of the doors.
    pub(crate) main: TcpListener,
    /// The listener for the documents alone.
    pub(crate) public: Option<TcpListener>,
    pub(crate) admin: Option<TcpListener>,
    pub(crate) certificates: Option<Arc<Certificates>>,
}

/// The routes of the listeners, with the limits of their requests.
pub(crate) struct Routes {
    main: (Router, Arc<Peers>),
    public: (Router, Arc<Peers>),
    admin: (Router, Arc<Peers>),
}

impl Routes {
    /// Builds the routes of the open doors.
    pub(crate) fn new(
        exchange: &Arc<Exchange>,
        doors: &[Door],
        health: &Arc<Health>,
        listen: &Listen,
    ) -> Self {
        // Without TLS, a peer other than a proxy would send tokens in the clear.
        let peers = || Arc::new(Peers::new(listen.trusted_proxies.clone(), listen.tls.is_none()));
        let (main, public) = (peers(), peers());
        let admin = Arc::new(Peers::new(Vec::new(), false));
        let routes = doors::router(exchange, doors, &|door| {
            // Places of its own: a door that waits for its upstream closes no other.
            let door = context::bounded(door, semaphore(limits::MAX_IN_FLIGHT));
            context::limited(door, Arc::clone(&main))
        });
        let documents = || context::limited(doors::documents(exchange, doors), Arc::clone(&public));
        let probes = admin::router(Arc::clone(exchange), Arc::clone(health));
        Self {
            main: (
                context::identified(routes.merge(documents()), Arc::clone(&main)),
                main,
            ),
            public: (context::identified(documents(), Arc::clone(&public)), public),
            admin: (
                context::identified(context::limited(probes, Arc::clone(&admin)), Arc::clone(&admin)),
                admin,
            ),
        }
    }
}

impl Listeners {
    /// Opens the listeners of a configuration.
    pub(crate) fn open(listen: &Listen) -> Result<Self, Failure> {
        let certificates = listen.tls.as_ref().map(Certificates::read).transpose()?;
        Ok(Self {
            main: bind(listen.address)?,
            public: bind_optional(listen.public)?,
            admin: bind_optional(listen.admin)?,
            certificates: certificates.map(Arc::new),
        })
    }

    /// Returns the URLs of the listeners, for a file.
    pub(crate) fn addresses(&self) -> io::Result<Value> {
        let scheme = if self.certificates.is_some() {
            "https"
        } else {
            "http"
        };
        let url = |scheme: &str, listener: &TcpListener| Ok(format!("{scheme}://{}", listener.local_addr()?));
        let optional = |scheme: &str, listener: &Option<TcpListener>| -> io::Result<Option<String>> {
            listener
                .as_ref()
                .map(|listener| url(scheme, listener))
                .transpose()
        };
        Ok(json!({
            "url": url(scheme, &self.main)?,
            "public": optional(scheme, &self.public)?,
            "admin": optional("http", &self.admin)?,
        }))
    }

    /// Serves requests until `stop` ends, and then those that are under way, up to a deadline.
    pub(crate) async fn run<T>(self, routes: Routes, health: &Health, stop: impl Future<Output = T>) -> T {
        let (stopping, stopped) = watch::channel(false);
        let most = limits::connections();
        let (places, of_admin) = (semaphore(most), semaphore(limits::MAX_ADMIN_CONNECTIONS));
        health.connections.set(most, &places);
        let listeners = [
            (Some(self.main), routes.main, &places, true),
            (self.public, routes.public, &places, true),
            (self.admin, routes.admin, &of_admin, false),
        ];
        let mut servers = JoinSet::new();
        for (listener, (routes, peers), places, has_tls) in listeners {
            let Some(listener) = listener else { continue };
            let served = Served {
                listener,
                certificates: self.certificates.clone().filter(|_| has_tls),
                routes,
                peers,
                places: Arc::clone(places),
            };
            servers.spawn(served.serve(stopped.clone()));
        }
        let ended = stop.await;
        // The receivers are gone only if all servers are.
        let _ = stopping.send(true);
        servers.join_all().await;
        ended
    }
}

fn semaphore(places: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(places))
}

fn bind_optional(address: Option<SocketAddr>) -> Result<Option<TcpListener>, Failure> {
    match address {
        Some(address) => bind(address).map(Some),
        None => Ok(None),
    }
}

fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    listen(address).map_err(|error| {
        Failure::new(format!("cannot listen on `{address}`: {error}"))
            .help("use an address of this machine, and a port that is free")
    })
}

/// Listens with a long queue. `TcpListener::bind` has one of 128 connections: those of a burst that find no place in it are
/// made a second later.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A server that was just stopped leaves connections that wait for their end.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(limits::BACKLOG)
}
