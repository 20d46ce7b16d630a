//! Peers: their addresses behind proxies, and the number of connections and requests of each.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::HeaderMap;
use ipnet::IpNet;

use super::limits::{MAX_PEER_CONNECTIONS, MAX_PEER_REQUESTS};
use crate::audit::network;

/// The peers of a listener.
#[derive(Debug)]
pub(super) struct Peers {
    /// The proxies whose `X-Forwarded-For` names the client.
    proxies: Vec<IpNet>,
    /// True if only proxies may connect, because there is no TLS.
    only_proxies: bool,
    connections: Arc<Counts>,
    requests: Arc<Counts>,
}

/// A place for a connection. Dropping it frees the place.
#[derive(Debug)]
pub(super) struct Place {
    counts: Arc<Counts>,
    peer: IpAddr,
}

/// The numbers for each peer.
#[derive(Debug, Default)]
struct Counts(Mutex<HashMap<IpAddr, usize>>);

impl Peers {
    pub(super) fn new(proxies: Vec<IpNet>, only_proxies: bool) -> Self {
        Self {
            proxies,
            only_proxies,
            connections: Arc::default(),
            requests: Arc::default(),
        }
    }

    /// Returns a place for a connection; `None` if the peer has too many, or may not connect. A proxy has as many as
    /// all peers together.
    pub(super) fn connect(&self, peer: IpAddr) -> Option<Option<Place>> {
        if self.is_proxy(peer) {
            return Some(None);
        }
        if self.only_proxies && !peer.is_loopback() {
            return None;
        }
        self.connections.enter(peer, MAX_PEER_CONNECTIONS).map(Some)
    }

    /// Returns a place for a request; `None` if the client has too many under way.
    pub(super) fn request(&self, client: IpAddr) -> Option<Place> {
        self.requests.enter(client, MAX_PEER_REQUESTS)
    }

    /// Returns the address of the client: the last one that is not a proxy's. Only proxies are believed.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        let headers: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
        for header in headers.into_iter().rev() {
            let Ok(text) = header.to_str() else { return client };
            for entry in text.rsplit(',') {
                if !self.is_proxy(client) {
                    return client;
                }
                let Some(before) = address(entry.trim()) else {
                    return client;
                };
                client = before;
            }
        }
        client
    }

    fn is_proxy(&self, peer: IpAddr) -> bool {
        self.proxies.iter().any(|proxies| proxies.contains(&peer))
    }
}

/// Parses an address with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let address = text.parse::<IpAddr>().ok();
    let address = address.or_else(|| text.parse().ok().map(|address: SocketAddr| address.ip()));
    address.map(|address| address.to_canonical())
}

impl Counts {
    fn enter(self: &Arc<Self>, peer: IpAddr, most: usize) -> Option<Place> {
        let peer = network(peer);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.get(&peer).copied().unwrap_or_default();
        if count >= most {
            return None;
        }
        counts.insert(peer, count.saturating_add(1));
        Some(Place {
            counts: Arc::clone(self),
            peer,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.peer) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.remove(&self.peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_proxies_name_the_client() {
        let peers = Peers::new(vec!["10.0.0.0/8".parse().unwrap()], false);
        for (peer, headers, client) in [
            ("192.0.2.1", vec!["198.51.100.1"], "192.0.2.1"),
            ("10.0.0.1", vec![], "10.0.0.1"),
            ("10.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            (
                "10.0.0.1",
                vec!["203.0.113.9, 198.51.100.1, 10.0.0.2"],
                "198.51.100.1",
            ),
            ("10.0.0.1", vec!["203.0.113.9", "198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", vec!["[2001:db8::1]:80"], "2001:db8::1"),
            ("10.0.0.1", vec!["198.51.100.1, unknown"], "10.0.0.1"),
        ] {
            let mut map = HeaderMap::new();
            for header in &headers {
                map.append("x-forwarded-for", HeaderValue::from_static(header));
            }
            assert_eq!(peers.client(ip(peer), &map), ip(client), "{peer} {headers:?}");
        }
    }

    #[test]
    fn a_peer_has_a_bounded_number_of_places() {
        let peers = Peers::new(vec!["10.0.0.0/8".parse().unwrap()], true);
        assert!(peers.connect(ip("192.0.2.1")).is_none(), "without TLS");
        let proxy: Vec<_> = (0..5_000).filter_map(|_| peers.connect(ip("10.0.0.1"))).collect();
        assert_eq!(proxy.len(), 5_000);
        let peers = Peers::new(Vec::new(), false);
        let mut places: Vec<_> = (0..1_000)
            .filter_map(|_| peers.connect(ip("192.0.2.1")))
            .collect();
        assert_eq!(places.len(), MAX_PEER_CONNECTIONS);
        assert!(peers.connect(ip("192.0.2.2")).is_some());
        places.pop();
        assert!(peers.connect(ip("192.0.2.1")).is_some());
        let places: Vec<_> = (0..1_000)
            .filter_map(|_| peers.request(ip("192.0.2.1")))
            .collect();
        assert_eq!(places.len(), MAX_PEER_REQUESTS);
        assert!(peers.request(ip("192.0.2.1")).is_none());
        drop(places);
        assert!(peers.request(ip("192.0.2.1")).is_some());
    }
}
