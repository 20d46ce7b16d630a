//! Measures several ways to do one piece of work, side by side.
//!
//! The time is the thread's own CPU time: on a shared machine the clock on the wall also counts the neighbours. The ways
//! take turns, round after round, so that what disturbs one disturbs all; the median of the rounds is what counts.

use rolecall_benches::timing::{cpu_time, three_digits, time};
use std::time::Duration;

/// How many rounds there are.
const ROUNDS: usize = 11;

/// How long one way is measured in a round.
const SLICE: Duration = Duration::from_millis(60);

/// A way that takes longer than this for one call has a few rounds only.
const SLOW: Duration = Duration::from_millis(300);

/// How many rounds the slow ways have.
const SLOW_ROUNDS: usize = 3;

/// A way to do the work.
pub struct Way<'a> {
    name: String,
    /// Measures it for so long. Returns the nanoseconds of CPU time of a call.
    measure: Box<dyn FnMut(Duration) -> f64 + 'a>,
    rounds: usize,
    times: Vec<f64>,
}

/// A way to do the work. It is told how many times it was called before, to rotate its inputs.
pub fn way<'a>(name: impl Into<String>, mut work: impl FnMut(usize) + 'a) -> Way<'a> {
    let mut calls = 0;
    measured(name, move |slice| measure(slice, &mut calls, &mut work))
}

/// A way to do the work that measures itself.
pub fn measured<'a>(name: impl Into<String>, measure: impl FnMut(Duration) -> f64 + 'a) -> Way<'a> {
    Way {
        name: name.into(),
        measure: Box::new(measure),
        rounds: ROUNDS,
        times: Vec::new(),
    }
}

/// Measures the ways and prints a table: the CPU time of a call, and how many times the first way's that is. Returns the
/// names and the nanoseconds.
pub fn compare(title: &str, mut ways: Vec<Way<'_>>) -> Vec<(String, f64)> {
    for round in 0..=ROUNDS {
        for way in &mut ways {
            // The first round only warms up.
            if round == 0 {
                let time = (way.measure)(SLICE / 4);
                if time > SLOW.as_nanos() as f64 {
                    way.rounds = SLOW_ROUNDS;
                }
            } else if round <= way.rounds {
                let time = (way.measure)(SLICE);
                way.times.push(time);
            }
        }
    }
    println!("\n{title}\n");
    println!("| | time | x | spread of the rounds |");
    println!("|---|---:|---:|---:|");
    let quartiles: Vec<[f64; 3]> = ways.iter_mut().map(|way| quartiles(&mut way.times)).collect();
    for (way, [low, median, high]) in ways.iter().zip(&quartiles) {
        println!(
            "| {} | {} | {} | {} to {} |",
            way.name,
            time(*median),
            three_digits(median / quartiles[0][1]),
            time(*low),
            time(*high),
        );
    }
    let named = ways.into_iter().map(|way| way.name);
    named
        .zip(quartiles.iter().map(|[_, median, _]| *median))
        .collect()
}

/// Nanoseconds of CPU time for one call.
pub fn measure(slice: Duration, calls: &mut usize, mut work: impl FnMut(usize)) -> f64 {
    let (before, mut batch) = (*calls, 1_usize);
    let start = cpu_time();
    loop {
        for call in *calls..*calls + batch {
            work(call);
        }
        *calls += batch;
        let spent = cpu_time() - start;
        if spent >= slice {
            return spent.as_nanos() as f64 / (*calls - before) as f64;
        }
        // Ask for the time rarely: it costs some, too.
        batch = (batch * 2).min(4_096);
    }
}

/// The first quartile, the median and the third.
fn quartiles(times: &mut [f64]) -> [f64; 3] {
    times.sort_by(f64::total_cmp);
    [times.len() / 4, times.len() / 2, times.len() * 3 / 4].map(|place| times[place])
}
