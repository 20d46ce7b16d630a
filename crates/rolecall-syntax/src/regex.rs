//! Regexes of other languages, as this language writes them.

/// Returns what stands between the slashes for a regex of another language, if that surely means the same or less.
///
/// A regex matches the whole value here, so that anchors are left out, and one anchor alone means that any text may
/// stand at the other end. Without anchors it is left as it is, which matches less than a search would.
pub fn regex_of(written: &str) -> Option<String> {
    let open_start = written.strip_prefix('^');
    let rest = open_start.unwrap_or(written);
    let open_end = rest.strip_suffix('$').filter(|rest| !rest.ends_with('\\'));
    let inner = open_end.unwrap_or(rest);
    let is_anchored = open_start.is_some() || open_end.is_some();
    let (mut text, mut depth, mut is_escaped) = (String::with_capacity(inner.len()), 0_usize, false);
    for c in inner.chars() {
        match c {
            _ if is_escaped => {}
            '/' => text.push('\\'),
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            // Each alternative would have an end of its own.
            '|' if depth == 0 && is_anchored => return None,
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
        text.push(c);
    }
    match (open_start, open_end) {
        (Some(_), None) if !text.ends_with(".*") => Some(text + ".*"),
        (None, Some(_)) if !text.starts_with(".*") => Some(format!(".*{text}")),
        _ => Some(text),
    }
}

/// Returns what stands between the slashes for a regex that is written as a string, without its quotes.
pub fn regex_of_string(raw: &str) -> Option<String> {
    regex_of(&raw.replace("\\\\", "\\").replace("\\\"", "\""))
}

/// Returns a regex that matches the letters of another in both cases, if it has letters only as texts.
pub(crate) fn in_both_cases(regex: &str) -> Option<String> {
    let is_plain = !regex.replace("\\/", "").contains(['\\', '[', '{', '?']);
    let both = |c: char| match c.is_ascii_alphabetic() {
        true => format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase()),
        false => c.to_string(),
    };
    is_plain.then(|| regex.chars().map(both).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_become_open_ends() {
        for (written, regex) in [
            ("v1", Some("v1")),
            ("^v1$", Some("v1")),
            ("^release/", Some("release\\/.*")),
            ("^release/.*", Some("release\\/.*")),
            ("-rc$", Some(".*-rc")),
            ("a\\/b/c", Some("a\\/b\\/c")),
            ("^(a|b)$", Some("(a|b)")),
            ("^a|b$", None),
            ("a|b", Some("a|b")),
            ("1\\$", Some("1\\$")),
        ] {
            assert_eq!(regex_of(written).as_deref(), regex, "{written}");
        }
        assert_eq!(regex_of_string("^v\\\\d+$").as_deref(), Some("v\\d+"));
        assert_eq!(in_both_cases("m-1").as_deref(), Some("[Mm]-1"));
        assert_eq!(in_both_cases("\\d+"), None);
    }
}
