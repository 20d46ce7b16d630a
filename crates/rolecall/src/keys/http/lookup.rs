//! Lookup of host names.

use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::mpsc::{self, TryRecvError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::keys::http_fault::HttpFault;
use crate::threads::{Lane, Limits, Refused, Workers};

/// The maximum number of addresses to try; the HTTP library has the same limit.
const MAX_ADDRESSES: usize = 16;

/// The maximum number of lookups at once.
const MAX_LOOKUPS: usize = 24;

/// The maximum number of lookups that wait for a thread.
const MAX_WAITING: usize = 1_024;

type Ask = dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync;

/// A resolver of host names. A clone has the same threads.
#[derive(Clone)]
pub(super) struct Lookup {
    ask: Arc<Ask>,
    threads: Workers,
    /// The hosts whose last lookup took longer than its limit.
    slow: Arc<Mutex<BTreeMap<String, Slow>>>,
}

/// The state of an abandoned lookup. The operating system may need half a minute to give it up.
#[derive(Clone, Copy)]
enum Slow {
    /// It has its thread; the host is not looked up again.
    Running,
    /// It has ended. The next one uses a share of the threads only.
    Ended,
}

/// Error of a lookup.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LookupError {
    /// The operating system did not start a thread.
    NoThread,
    Fault(HttpFault),
}

impl From<HttpFault> for LookupError {
    fn from(fault: HttpFault) -> Self {
        Self::Fault(fault)
    }
}

impl Lookup {
    /// Returns the resolver of the operating system.
    pub(super) fn system() -> Self {
        Self::new(|host, port| Ok((host, port).to_socket_addrs()?.collect()))
    }

    /// Returns a scripted resolver.
    #[cfg(test)]
    pub(super) fn scripted(
        script: impl Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static,
    ) -> Self {
        Self::new(script)
    }

    fn new(ask: impl Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static) -> Self {
        Self {
            ask: Arc::new(ask),
            threads: Workers::new(Limits::new("rolecall-lookup", MAX_LOOKUPS, MAX_WAITING)),
            slow: Arc::default(),
        }
    }

    /// Makes lookups fail because no thread can be started.
    #[cfg(test)]
    pub(super) fn without_threads(mut self) -> Self {
        self.threads = Workers::unstartable();
        self
    }

    /// Returns all addresses of a host, at least one.
    ///
    /// A lookup of the operating system cannot be interrupted, so it runs on another thread. After the time
    /// limit it is abandoned; its thread is free again when the operating system gives up.
    pub(super) fn addresses(
        &self,
        host: &str,
        port: u16,
        limit: Duration,
    ) -> Result<Vec<SocketAddr>, LookupError> {
        if let Ok(address) = host.parse() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let timeout = || LookupError::Fault(HttpFault::Timeout { limit });
        let lane = match self.slow().get(host) {
            None => Lane::Usual,
            Some(Slow::Ended) => Lane::Slow,
            // Another lookup would hang, too.
            Some(Slow::Running) => return Err(timeout()),
        };
        let (sender, receiver) = mpsc::sync_channel(1);
        let wanted = Arc::new(());
        let is_wanted = Arc::downgrade(&wanted);
        let (lookup, name) = (self.clone(), host.to_owned());
        let run = self.threads.run(lane, move || {
            let is_wanted = || is_wanted.strong_count() > 0;
            let found = is_wanted().then(|| (lookup.ask)(&name, port));
            let mut slow = lookup.slow();
            if is_wanted() {
                slow.remove(&name);
                let _ = found.map(|found| sender.send(found));
            } else {
                slow.insert(name, Slow::Ended);
            }
        });
        match run {
            Ok(()) => {}
            Err(Refused::NoThread) => return Err(LookupError::NoThread),
            Err(Refused::Full) => return Err(timeout()),
        }
        let found = receiver.recv_timeout(limit).or_else(|_| {
            // The lookup may have ended just now, so this looks once more under the lock, and then abandons it.
            let mut slow = self.slow();
            let found = receiver.try_recv();
            if matches!(found, Err(TryRecvError::Empty)) {
                slow.insert(host.to_owned(), Slow::Running);
                drop(wanted);
            }
            found
        });
        match found {
            Ok(Ok(addresses)) if !addresses.is_empty() => Ok(addresses),
            Err(TryRecvError::Empty) => Err(timeout()),
            _ => Err(LookupError::Fault(HttpFault::Lookup {
                host: host.to_owned(),
            })),
        }
    }

    fn slow(&self) -> MutexGuard<'_, BTreeMap<String, Slow>> {
        self.slow.lock().unwrap_or_else(PoisonError::into_inner)
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
