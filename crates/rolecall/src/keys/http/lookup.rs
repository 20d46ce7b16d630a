//! Lookup of host names.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::keys::http_fault::HttpFault;

/// The maximum number of addresses to try; the HTTP library has the same limit.
const MAX_ADDRESSES: usize = 16;

type Ask = dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync;

/// A resolver of host names.
#[derive(Clone)]
pub(super) struct Lookup(Arc<Ask>);

impl Lookup {
    /// Returns the resolver of the operating system.
    pub(super) fn system() -> Self {
        Self(Arc::new(|host, port| {
            Ok((host, port).to_socket_addrs()?.collect())
        }))
    }

    /// Returns a scripted resolver.
    #[cfg(test)]
    pub(super) fn scripted(
        script: impl Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(script))
    }

    /// Returns all addresses of a host, at least one.
    ///
    /// A lookup of the operating system cannot be interrupted, so it runs on its own thread. After the time
    /// limit the thread is abandoned; it ends when the operating system gives up.
    pub(super) fn addresses(
        &self,
        host: &str,
        port: u16,
        limit: Duration,
    ) -> Result<Vec<SocketAddr>, HttpFault> {
        if let Ok(address) = host.parse() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let fault = || HttpFault::Lookup {
            host: host.to_owned(),
        };
        let (sender, receiver) = mpsc::sync_channel(1);
        let (lookup, name) = (self.clone(), host.to_owned());
        thread::Builder::new()
            .name("rolecall-lookup".to_owned())
            .spawn(move || sender.send((lookup.0)(&name, port)))
            .map_err(|_| fault())?;
        match receiver.recv_timeout(limit) {
            Ok(Ok(addresses)) if !addresses.is_empty() => Ok(addresses),
            Err(RecvTimeoutError::Timeout) => Err(HttpFault::Timeout { limit }),
            _ => Err(fault()),
        }
    }
}

/// Makes the HTTP library connect to addresses that were looked up and checked before. A second lookup could
/// return others.
#[derive(Debug)]
pub(super) struct Pinned(pub(super) Vec<SocketAddr>);

impl Resolver for Pinned {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut addresses = self.empty();
        for address in self.0.iter().take(MAX_ADDRESSES) {
            addresses.push(*address);
        }
        Ok(addresses)
    }
}
