//! Throughput, latency and memory.

use std::time::Duration;

use crate::client::drive;
use crate::floor;
use crate::site::{Site, move_to_core};

/// The number of different tokens: more than the exchange remembers, so that each is verified each time.
const TOKENS: usize = 5_000;

const TIME: Duration = Duration::from_secs(15);

pub(crate) fn measure() {
    move_to_core(1);
    println!("one core for the server, one for the client; audit on disk; each token verified\n");
    println!(
        "| role tokens | floor/s | exchanges/s | of the floor | of the floor, by processor time | p50, p99 at half of that |"
    );
    println!("|---|---|---|---|---|---|");
    for algorithm in ["ES256", "RS256"] {
        let before = floor::per_second(algorithm);
        let site = Site::start(1_000, algorithm);
        let requests = site.requests(TOKENS, "4242");
        let run = |rate, time| {
            let mut latencies = Vec::new();
            drive(
                &site.address,
                32,
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
        run(None, Duration::from_secs(2));
        let used = site.processor_time();
        let full = run(None, TIME);
        let used = site.processor_time() - used;
        let per_second = full.len() as f64 / TIME.as_secs_f64();
        let half = run(Some(per_second / 2.0), TIME);
        let at = |share: f64| half[(half.len() as f64 * share) as usize].as_secs_f64() * 1_000.0;
        let floor = (before + floor::per_second(algorithm)) / 2.0;
        println!(
            "| {algorithm} | {floor:.0} | {per_second:.0} | {:.2} | {:.2} | {:.2} ms, {:.2} ms |",
            per_second / floor,
            full.len() as f64 / used / floor,
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
