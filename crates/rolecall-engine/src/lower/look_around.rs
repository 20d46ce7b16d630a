//! Look-around of regexes, which has no counterpart, as comparisons of its own.

use rolecall_syntax::regex_of;

/// Returns the help for a regex with look-around; `None` if it has none.
///
/// A regex matches the whole value: what only the start of a value must match needs `.*` behind it.
pub(super) fn look_around(regex: &str, claim: &str) -> Option<String> {
    let has = |signs: [&str; 2]| signs.iter().any(|sign| regex.contains(sign));
    let is_negative = has(["(?!", "(?<!"]);
    if !is_negative && !has(["(?=", "(?<="]) {
        return None;
    }
    let extra = |inner: &str| match is_negative {
        true => format!("!({claim} matches /{inner}/)"),
        false => format!("{claim} matches /{inner}/"),
    };
    Some(match at_start(regex) {
        Some((inner, None)) => format!("write `{}`", extra(&inner)),
        Some((inner, Some(rest))) => format!("write `{claim} matches /{rest}/ && {}`", extra(&inner)),
        None => format!(
            "write it as a comparison of its own, `&& {}`, with `.*` for what may stand before and after it",
            extra("…")
        ),
    })
}

/// Returns the regex of a look-ahead at the start, and what stands behind it if that is not any text.
fn at_start(regex: &str) -> Option<(String, Option<String>)> {
    let start = regex.strip_prefix('^').unwrap_or(regex);
    let inside = start.strip_prefix("(?!").or_else(|| start.strip_prefix("(?="))?;
    let (inner, rest) = inside.split_once(')')?;
    let has_parts = |text: &str| text.contains(['(', '|', '\\', '[']);
    if has_parts(inner) || rest.contains("(?") {
        return None;
    }
    // A look-ahead begins where the regex does.
    let inner = regex_of(&format!("^{inner}"))?;
    let rest = rest.strip_suffix('$').unwrap_or(rest);
    match rest {
        "" | ".*" => Some((inner, None)),
        _ => Some((inner, Some(regex_of(rest)?))),
    }
}
