//! From the name of a host to the addresses that are connected to.

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

/// The most addresses that are tried, as with the library.
const MOST_ADDRESSES: usize = 16;

type Ask = dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync;

/// Looks up the addresses of a host.
#[derive(Clone)]
pub(super) struct Lookup(Arc<Ask>);

impl Lookup {
    /// As the operating system does it.
    pub(super) fn system() -> Self {
        Self(Arc::new(|host, port| {
            Ok((host, port).to_socket_addrs()?.collect())
        }))
    }

    /// As a test says.
    #[cfg(test)]
    pub(super) fn scripted(
        script: impl Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(script))
    }

    /// All addresses of a host: one at least.
    ///
    /// The operating system cannot be interrupted, so it is asked on a thread, which is left behind when it takes too long
    /// and ends when the system gives up.
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
            Err(RecvTimeoutError::Timeout) => Err(HttpFault::Timeout),
            _ => Err(fault()),
        }
    }
}

/// Tells the library where to connect to: to these addresses, which were looked up once and checked. Were it to look them
/// up again, it could get others.
#[derive(Debug)]
pub(super) struct Pinned(pub(super) Vec<SocketAddr>);

impl Resolver for Pinned {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut addresses = self.empty();
        for address in self.0.iter().take(MOST_ADDRESSES) {
            addresses.push(*address);
        }
        Ok(addresses)
    }
}
