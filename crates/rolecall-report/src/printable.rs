//! Untrusted text, made safe to show: control characters are escaped, and tokens are hidden.

use crate::text;
pub use rolecall_syntax::is_invisible;
use std::borrow::Cow;
use std::path::Path;

mod commands;
mod tokens;

pub use commands::{commands, inert, inert_inside};
pub use tokens::{has_token, hide_tokens, mask_tokens};

/// Hides tokens, and escapes control characters and characters that hide or reorder text (CWE-150,
/// CVE-2021-42574).
pub fn printable(text: &str) -> Cow<'_, str> {
    let text = hide_tokens(text);
    // Most texts have only such characters, and bytes are compared many at a time.
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if is_plain || !text.contains(is_invisible) {
        return text;
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

/// Formats a path as the user gave it, without `./` in front.
pub fn path_name(path: &Path) -> String {
    let short = match path.strip_prefix("./") {
        Ok(rest) if !rest.as_os_str().is_empty() => rest,
        _ => path,
    };
    printable(&short.to_string_lossy()).into_owned()
}

/// Cuts a text to at most `longest` characters, and marks the cut.
pub fn shortened(text: &str, longest: usize) -> Cow<'_, str> {
    match text.char_indices().nth(longest) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text::before(text, end))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        assert_eq!(printable("plain ünïcode"), "plain ünïcode");
        assert_eq!(printable("a\u{1b}[2Jb\nc\u{202e}d"), "a\\u{1b}[2Jb\\nc\\u{202e}d");
        assert_eq!(printable("a\u{e0041}\u{3164}"), "a\\u{e0041}\\u{3164}");
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
