//! Beginnings of texts that others choose, for logs, errors and the audit.

/// Returns the beginning of a text, in whole characters and at most this many bytes.
pub(crate) fn start(text: &str, most: usize) -> &str {
    let ends = text.char_indices().map(|(at, c)| at.saturating_add(c.len_utf8()));
    let end = ends.take_while(|end| *end <= most).last().unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// Returns a text that is at most this many bytes long, or its beginning with `…` after it.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    match start(text, most) {
        whole if whole.len() == text.len() => whole.to_owned(),
        start => format!("{start}…"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(start("aäb", 1), "a");
        assert_eq!(start("aäb", 2), "a");
        assert_eq!(start("aäb", 3), "aä");
        assert_eq!(shortened("aäb", 3), "aä…");
        assert_eq!(shortened("aäb", 4), "aäb");
        assert_eq!(start("", 0), "");
    }
}
