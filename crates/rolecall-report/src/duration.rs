//! Durations, as policies write them.

/// Formats a duration as policies write it, with the largest unit.
pub fn duration(seconds: u64) -> String {
    let units = [(24 * 60 * 60, 'd'), (60 * 60, 'h'), (60, 'm')];
    let whole = units.into_iter().find(|(unit, _)| seconds.is_multiple_of(*unit));
    match whole.and_then(|(unit, name)| Some((seconds.checked_div(unit)?, name))) {
        Some((number, name)) => format!("{number}{name}"),
        None => format!("{seconds}s"),
    }
}
