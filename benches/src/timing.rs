//! CPU time, and how it is shown.

#![allow(clippy::as_conversions, reason = "a shown number loses digits, not its size")]

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// Returns the CPU time of this thread.
pub fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        time.tv_sec.try_into().expect("a time"),
        time.tv_nsec.try_into().expect("a time"),
    )
}

/// Formats nanoseconds in the unit that fits.
pub fn time(nanoseconds: f64) -> String {
    let (divisor, unit) = match nanoseconds {
        ..1e3 => (1.0, "ns"),
        ..1e6 => (1e3, "µs"),
        ..1e9 => (1e6, "ms"),
        _ => (1e9, "s"),
    };
    format!("{} {unit}", three_digits(nanoseconds / divisor))
}

/// Formats a number with as many digits as are worth something.
pub fn three_digits(number: f64) -> String {
    match number {
        ..10.0 => format!("{number:.2}"),
        ..100.0 => format!("{number:.1}"),
        _ => thousands(number.round() as usize),
    }
}

/// Formats a number with commas between its thousands.
pub fn thousands(number: usize) -> String {
    match number {
        ..1_000 => number.to_string(),
        _ => format!("{},{:03}", thousands(number / 1_000), number % 1_000),
    }
}
