//! Text that others wrote, made safe to show: what a terminal would obey is escaped.

use std::borrow::Cow;
use std::path::Path;

/// The text with its control characters, and those that hide or reorder text, escaped (CWE-150, CVE-2021-42574).
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// The path as it is shown: as the user gave it, without `./` in front.
pub(crate) fn path_name(path: &Path) -> String {
    let short = match path.strip_prefix("./") {
        Ok(rest) if !rest.as_os_str().is_empty() => rest,
        _ => path,
    };
    hide_token(&printable(&short.to_string_lossy()))
}

/// The text without the token in it, if it has one where a name was expected: it was pasted into the wrong place, and
/// shall not go into a log as well.
pub(crate) fn hide_token(text: &str) -> String {
    match token_in(text) {
        Some(token) => text.replace(token, "<token>"),
        None => text.to_owned(),
    }
}

/// What looks like a token, up to the end of the text: `{"` in base64url, and a dot with the same after it.
pub(crate) fn token_in(text: &str) -> Option<&str> {
    let token = text.get(text.find("eyJ")?..)?;
    token.contains(".eyJ").then_some(token)
}

/// The beginning of a text, at most so many characters.
pub(crate) fn shortened(text: &str, longest: usize) -> Cow<'_, str> {
    match text.char_indices().nth(longest) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
    }
}

pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        assert_eq!(printable("plain ünïcode"), "plain ünïcode");
        assert_eq!(printable("a\u{1b}[2Jb\nc\u{202e}d"), "a\\u{1b}[2Jb\\nc\\u{202e}d");
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöü", 2), "äö…");
    }

    #[test]
    fn paths_lose_the_dot_in_front() {
        assert_eq!(path_name(Path::new("./a/b.policy")), "a/b.policy");
        assert_eq!(path_name(Path::new(".")), ".");
        assert_eq!(path_name(Path::new("../a")), "../a");
    }
}
