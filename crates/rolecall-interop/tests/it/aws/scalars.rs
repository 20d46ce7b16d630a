//! Comparisons of single values other than texts, for both evaluators.
//!
//! A value that is not of the operator's type compares with nothing.

use std::cmp::Ordering;
use std::net::IpAddr;

/// Returns whether a test holds between a value of the policy and one of the request.
pub(crate) fn holds(test: &str, wanted: &str, actual: &str) -> bool {
    let order = if test.starts_with("Numeric") {
        let numbers = wanted.parse::<f64>().ok().zip(actual.parse::<f64>().ok());
        numbers.and_then(|(wanted, actual)| actual.partial_cmp(&wanted))
    } else {
        // All dates here have one form and one zone, in which the order of the characters is that of time.
        let is_date = |text: &str| text.len() == 20 && text.ends_with('Z');
        (is_date(wanted) && is_date(actual)).then(|| actual.cmp(wanted))
    };
    match test {
        "NumericEquals" | "DateEquals" => order.is_some_and(Ordering::is_eq),
        "NumericLessThan" | "DateLessThan" => order.is_some_and(Ordering::is_lt),
        "NumericLessThanEquals" | "DateLessThanEquals" => order.is_some_and(Ordering::is_le),
        "NumericGreaterThan" | "DateGreaterThan" => order.is_some_and(Ordering::is_gt),
        "NumericGreaterThanEquals" | "DateGreaterThanEquals" => order.is_some_and(Ordering::is_ge),
        "Bool" => wanted == actual,
        "BinaryEquals" => wanted == actual,
        "IpAddress" => is_in(actual, wanted),
        _ => panic!("{test}"),
    }
}

fn is_in(address: &str, network: &str) -> bool {
    let (network, bits) = network.split_once('/').unwrap_or((network, "32"));
    let parsed = (address.parse(), network.parse(), bits.parse::<u32>());
    let (Ok(IpAddr::V4(address)), Ok(IpAddr::V4(network)), Ok(bits @ 0..=32)) = parsed else {
        return false;
    };
    let differing = u64::from(address.to_bits() ^ network.to_bits());
    differing >> (32 - bits) == 0
}
