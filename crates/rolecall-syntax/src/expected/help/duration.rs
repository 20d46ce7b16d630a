//! Help for durations.

/// Returns the help for a duration that is written in another way.
pub(super) fn duration(found: &str, after: &str) -> String {
    written(found, after).map_or_else(
        || "write a whole number and one unit, `s`, `m`, `h` or `d`".to_owned(),
        |duration| format!("write `{duration}`"),
    )
}

/// Returns `15min`, `15 m` or `1h30m` as the language writes it.
fn written(found: &str, after: &str) -> Option<String> {
    let word = after
        .trim_start_matches(' ')
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()?;
    let text = match found.bytes().all(|byte| byte.is_ascii_digit()) {
        true => format!("{found}{word}"),
        false => found.to_owned(),
    };
    let mut seconds: u32 = 0;
    let mut smallest = DAY;
    // `PT15M`, of ISO 8601.
    let mut rest = text.strip_prefix("PT").unwrap_or(&text);
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let (number, others) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let (name, others) =
            others.split_at(others.find(|c: char| c.is_ascii_digit()).unwrap_or(others.len()));
        let unit = unit(name)?;
        seconds = seconds.checked_add(number.parse::<u32>().ok()?.checked_mul(unit.1)?)?;
        smallest = if unit.1 < smallest.1 { unit } else { smallest };
        rest = others;
    }
    Some(format!("{}{}", seconds.checked_div(smallest.1)?, smallest.0))
}

const DAY: (&str, u32) = ("d", 86_400);

/// Returns the unit with a name, and its seconds.
fn unit(name: &str) -> Option<(&'static str, u32)> {
    Some(match name.to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => ("s", 1),
        "m" | "min" | "mins" | "minute" | "minutes" => ("m", 60),
        "h" | "hr" | "hrs" | "hour" | "hours" => ("h", 3_600),
        "d" | "day" | "days" => DAY,
        _ => return None,
    })
}
