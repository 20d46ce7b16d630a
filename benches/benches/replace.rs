//! Memory and time of replacing a large policy set, again and again.
//!
//! The environment chooses the allocator (`MALLOC_ARENA_MAX`, `LD_PRELOAD`).

#![allow(
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and cannot run without its input"
)]

use std::time::{Duration, Instant};
use std::{fs, thread};

use rolecall::{FileKeys, Gate, KeySources, PolicySet, Source};
use rolecall_benches::policy_set;

const ROLES: usize = 100_000;
const ISSUERS: usize = 4_000;

fn main() {
    issuers();
    let sources = KeySources::new().otherwise(FileKeys::new("no file"));
    let gate = Gate::builder(policy_set(ROLES), sources).build().expect("a gate");
    println!("{ROLES} roles: {} MB", memory());
    for _ in 0..5 {
        // As a service does it: on a thread of its own.
        let gate = gate.clone();
        let thread = thread::spawn(move || {
            let set = policy_set(ROLES);
            let start = Instant::now();
            gate.replace_policies(set).expect("policies");
            start.elapsed()
        });
        let took = thread.join().expect("a thread");
        thread::sleep(Duration::from_secs(1));
        println!("replaced in {:.2} ms: {} MB", took.as_secs_f64() * 1e3, memory());
    }
}

fn issuers() {
    let policy = || {
        let text = (0..ISSUERS).map(|number| {
            format!("issuer i{number} {{ url \"https://i{number}.example\" profile gitlab-ci audience \"bench\" }}\n")
        });
        PolicySet::compile([Source::new("bench.policy", text.collect::<String>())]).expect("policies")
    };
    let sources = KeySources::new().otherwise(FileKeys::new("no file"));
    let gate = Gate::builder(policy(), sources).build().expect("a gate");
    let set = policy();
    let start = Instant::now();
    gate.replace_policies(set).expect("policies");
    println!(
        "{ISSUERS} issuers replaced in {:.2} ms",
        start.elapsed().as_secs_f64() * 1e3
    );
}

/// Returns the resident memory of this process in MB.
fn memory() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes: Option<usize> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kilobytes.unwrap_or(0) / 1_000
}
