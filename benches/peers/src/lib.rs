//! Measures several ways to do one piece of work, side by side.
//!
//! The time is the thread's own CPU time: on a shared machine the clock on the wall also counts the neighbours. The ways
//! take turns, round after round, so that what disturbs one disturbs all; the median of the rounds is what counts.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// How many rounds there are.
const ROUNDS: usize = 11;

/// How long one way is measured in a round.
const SLICE: Duration = Duration::from_millis(60);

/// A way to do the work. It is told how many times it was called before, to rotate its inputs.
pub struct Way<'a> {
    name: &'static str,
    work: Box<dyn FnMut(usize) + 'a>,
    times: Vec<f64>,
}

/// A way to do the work.
pub fn way<'a>(name: &'static str, work: impl FnMut(usize) + 'a) -> Way<'a> {
    Way {
        name,
        work: Box::new(work),
        times: Vec::new(),
    }
}

/// Measures the ways and prints a table: nanoseconds of CPU time for each, and how many times the first one's that is.
pub fn compare(title: &str, mut ways: Vec<Way<'_>>) {
    for round in 0..=ROUNDS {
        for way in &mut ways {
            let time = measure(way, if round == 0 { SLICE / 4 } else { SLICE });
            // The first round only warms up.
            if round > 0 {
                way.times.push(time);
            }
        }
    }
    println!("\n{title}\n");
    println!("| | ns | x | spread of the rounds |");
    println!("|---|---:|---:|---:|");
    let medians: Vec<[f64; 3]> = ways.iter_mut().map(|way| quartiles(&mut way.times)).collect();
    for (way, [low, median, high]) in ways.iter().zip(&medians) {
        let ratio = median / medians[0][1];
        println!(
            "| {} | {median:.0} | {ratio:.2} | {low:.0} to {high:.0} |",
            way.name
        );
    }
}

/// Nanoseconds of CPU time for one call.
fn measure(way: &mut Way<'_>, slice: Duration) -> f64 {
    let (mut calls, mut batch) = (0_usize, 1_usize);
    let start = cpu_time();
    loop {
        for call in calls..calls + batch {
            (way.work)(call);
        }
        calls += batch;
        let spent = cpu_time() - start;
        if spent >= slice {
            return spent.as_nanos() as f64 / calls as f64;
        }
        // Ask for the time rarely: it costs some, too.
        batch = (batch * 2).min(4_096);
    }
}

/// How long this thread has worked.
pub fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// The first quartile, the median and the third.
fn quartiles(times: &mut [f64]) -> [f64; 3] {
    times.sort_by(f64::total_cmp);
    [times.len() / 4, times.len() / 2, times.len() * 3 / 4].map(|place| times[place])
}
