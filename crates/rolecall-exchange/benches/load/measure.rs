//! Throughput, latency and memory.

use std::time::Duration;

use crate::bare::Bare;
use crate::client::drive;
use crate::floor;
use crate::site::{Site, move_to_core};

/// The number of different tokens: more than the exchange remembers, so that each is verified each time.
const TOKENS: usize = 5_000;

/// As many as a peer may have requests under way.
const CONNECTIONS: usize = 64;

const TIME: Duration = Duration::from_secs(15);

pub(crate) fn measure() {
    move_to_core(1);
    println!("one core for the server, one for the client; audit on disk; each token verified");
    let (median, most) = floor::disk();
    println!("a line on the disk, alone: {median:.2} ms, and {most:.2} ms at the 99.9th percentile\n");
    println!(
        "| role tokens | floor/s | bare route/s | exchanges/s | of the floor | of the bare route | p50, p99 at half of that |"
    );
    println!("|---|---|---|---|---|---|---|");
    for algorithm in ["ES256", "RS256"] {
        let before = floor::per_second(algorithm);
        let site = Site::start(1_000, algorithm);
        let requests = site.requests(TOKENS, "4242");
        let run = |address: &str, rate, time| {
            let mut latencies = Vec::new();
            drive(
                address,
                CONNECTIONS,
                &requests,
                rate,
                time,
                |_, status, _, latency| {
                    assert_eq!(status, 200);
                    latencies.push(latency);
                },
            );
            latencies.sort_unstable();
            latencies
        };
        run(&site.address, None, Duration::from_secs(2));
        let rate = |latencies: &[Duration]| latencies.len() as f64 / TIME.as_secs_f64();
        let per_second = rate(&run(&site.address, None, TIME));
        let half = run(&site.address, Some(per_second / 2.0), TIME);
        let bare = Bare::start(algorithm);
        let bare = rate(&run(&bare.address, None, TIME));
        let at = |share: f64| half[(half.len() as f64 * share) as usize].as_secs_f64() * 1_000.0;
        let floor = (before + floor::per_second(algorithm)) / 2.0;
        println!(
            "| {algorithm} | {floor:.0} | {bare:.0} | {per_second:.0} | {:.2} | {:.2} | {:.2} ms, {:.2} ms |",
            per_second / floor,
            per_second / bare,
            at(0.5),
            at(0.99)
        );
    }
    println!("\n| roles | memory, MB | at most, MB |\n|---|---|---|");
    for roles in [10, 10_000] {
        let site = Site::start(roles, "ES256");
        let requests = site.requests(100, "4242");
        drive(
            &site.address,
            1,
            &requests,
            None,
            Duration::from_secs(1),
            |_, status, _, _| {
                assert_eq!(status, 200);
            },
        );
        let (now, most) = site.memory();
        println!("| {roles} | {now} | {most} |");
    }
}
