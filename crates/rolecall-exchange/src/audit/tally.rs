//! Counts of refusals, so that no peer fills the disk with lines.
//!
//! A refusal of a verified token has a line of its own, up to a number for each peer and minute. All others are counted,
//! and each minute they become a line for each peer and reason.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

/// The maximum number of lines of refusals in a minute, for a peer and in all.
const MAX_LINES: (u32, u32) = (30, 600);
/// The maximum number of peers and reasons that are counted apart.
const MAX_COUNTED: usize = 256;

/// The refusals since the last lines.
#[derive(Debug, Default)]
pub(crate) struct Tally(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    lines: HashMap<IpAddr, u32>,
    all_lines: u32,
    counted: BTreeMap<(IpAddr, &'static str), u64>,
    /// Refusals of further peers.
    others: u64,
}

impl Tally {
    /// Returns whether a refusal gets a line of its own, or counts it.
    pub(crate) fn admits(&self, peer: IpAddr, reason: &'static str) -> bool {
        let peer = network(peer);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = &mut *counts;
        let is_known = counts.lines.contains_key(&peer);
        let has_room = counts.all_lines < MAX_LINES.1 && (is_known || counts.lines.len() < MAX_COUNTED);
        let lines = counts.lines.get(&peer).copied().unwrap_or_default();
        if !has_room || lines >= MAX_LINES.0 {
            counts.count(peer, reason);
            return false;
        }
        counts.lines.insert(peer, lines.saturating_add(1));
        counts.all_lines = counts.all_lines.saturating_add(1);
        true
    }

    /// Counts a refusal of a token that was not verified.
    pub(crate) fn count(&self, peer: IpAddr, reason: &'static str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.count(network(peer), reason);
    }

    /// Returns the records of what was counted, and begins again.
    pub(crate) fn take(&self, now: i64) -> Vec<Value> {
        let counts = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let record = |peer: Option<IpAddr>, reason: Option<&str>, count: u64| json!({ "time": now, "outcome": "counted", "peer": peer, "reason": reason, "count": count });
        let counted = counts.counted.into_iter();
        let mut records: Vec<Value> = counted
            .map(|((peer, reason), count)| record(Some(peer), Some(reason), count))
            .collect();
        if counts.others > 0 {
            records.push(record(None, None, counts.others));
        }
        records
    }
}

impl Counts {
    fn count(&mut self, peer: IpAddr, reason: &'static str) {
        let has_room = self.counted.len() < MAX_COUNTED;
        match self.counted.get_mut(&(peer, reason)) {
            Some(count) => *count = count.saturating_add(1),
            None if has_room => {
                self.counted.insert((peer, reason), 1);
            }
            None => self.others = self.others.saturating_add(1),
        }
    }
}

/// Returns the address that stands for a peer: with IPv6, a peer has a network of 64 bits.
pub(crate) fn network(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V4(_) => peer,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn a_peer_has_a_bounded_number_of_lines_and_the_rest_is_counted() {
        let tally = Tally::default();
        let lines = (0..100).filter(|_| tally.admits(peer(1), "no_role")).count();
        assert_eq!(lines, 30);
        assert!(tally.admits(peer(2), "no_role"), "another peer has its own");
        tally.count(peer(1), "malformed");
        let records = tally.take(60);
        let counts: Vec<_> = records
            .iter()
            .map(|record| (&record["reason"], &record["count"]))
            .collect();
        assert_eq!(
            counts,
            [(&json!("malformed"), &json!(1)), (&json!("no_role"), &json!(70))]
        );
        assert!(tally.take(120).is_empty());
        assert!(tally.admits(peer(1), "no_role"), "a minute later");
    }

    #[test]
    fn many_peers_together_are_bounded() {
        let tally = Tally::default();
        let mut lines = 0;
        for n in 0..10_000_u32 {
            let address = IpAddr::from(n.to_be_bytes());
            lines += u32::from(tally.admits(address, "no_role"));
        }
        assert!(lines <= 600, "{lines}");
        assert!(tally.take(0).len() <= 257);
        let one: IpAddr = "2001:db8::1".parse().unwrap();
        let other: IpAddr = "2001:db8::2".parse().unwrap();
        assert_eq!(network(one), network(other));
    }
}
