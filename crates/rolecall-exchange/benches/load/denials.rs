//! The time that a denial takes: of a role that exists, and of one that does not. A caller must not tell one from the other.

use std::time::{Duration, Instant};

use crate::client::Connection;
use crate::site::Site;

/// The number of requests of each kind.
const COUNT: usize = 20_000;

pub(crate) fn measure() {
    let site = Site::start(1_000, "ES256");
    let job = |audience: &str| site.request_for(0, "4242", audience);
    // Other jobs get the first.
    let requests = [job("https://r7.example"), job("https://r7.exampl3")];
    let mut connection = Connection::open(&site.address);
    let mut times = [Vec::new(), Vec::new()];
    for number in 0..2 * COUNT {
        let kind = number % 2;
        connection.send(&requests[kind], Instant::now());
        let (status, _, time) = loop {
            if let Some(answer) = connection.answer() {
                break answer;
            }
        };
        assert_eq!(status, 400);
        times[kind].push(time);
    }
    println!("| the role | p10 | p50 | p90 |\n|---|---|---|---|");
    for (name, times) in ["is of other jobs", "does not exist"].into_iter().zip(&mut times) {
        times.sort_unstable();
        let at = |share: usize| (times[times.len() * share / 100].as_nanos() as f64) / 1_000.0;
        println!(
            "| {name} | {:.1} µs | {:.1} µs | {:.1} µs |",
            at(10),
            at(50),
            at(90)
        );
    }
    // Whether a request of one kind takes longer than the next of the other one: half of them, if nothing tells them apart.
    let longer = pairs_longer(&times);
    println!(
        "a role of others takes longer in {:.1} % of pairs",
        longer * 100.0
    );
}

/// Returns how often a time of the first list is longer than one of the second: all pairs, from sorted lists.
fn pairs_longer([one, other]: &[Vec<Duration>; 2]) -> f64 {
    let shorter = |time: &Duration| other.partition_point(|other| other < time) as f64;
    one.iter().map(shorter).sum::<f64>() / (one.len() as f64 * other.len() as f64)
}
