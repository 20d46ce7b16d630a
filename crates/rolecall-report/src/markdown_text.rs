//! Untrusted text in Markdown, made inert for Markdown and for the services that show it.

use crate::printable::printable;

/// Formats a text as code, in which services do not look for names, references and URLs either.
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// Formats a message, with text in backticks and all words that are not plain as code. Services look for
/// `@names`, `#references` and URLs after rendering, when escapes are gone.
pub fn prose(message: &str) -> String {
    let parts = message.split('`').enumerate();
    let parts = parts.map(|(index, part)| match index.checked_rem(2) {
        Some(1) => code(part),
        _ => words(part),
    });
    parts.collect()
}

/// Formats lines as a code block. It is indented, not fenced, so that no line can end it.
pub fn block(lines: impl IntoIterator<Item = impl AsRef<str>>, indent: &str) -> String {
    let lines = lines.into_iter();
    let lines = lines.map(|line| format!("{indent}    {}\n", printable(line.as_ref())));
    lines.collect()
}

fn words(text: &str) -> String {
    let words = text.split(' ').map(|word| match is_plain(word) {
        true => escaped(word),
        false => code(word),
    });
    words.collect::<Vec<String>>().join(" ")
}

/// Returns whether a word, without the punctuation around it, is a plain word or a small number, not a name,
/// reference or URL.
fn is_plain(word: &str) -> bool {
    let core = word.trim_start_matches(['(', '"']);
    let core = core.trim_end_matches(|c| ".,;:?!)\"".contains(c));
    let is_word = core.chars().all(|c| c.is_alphabetic() || "-'/=()…–".contains(c));
    let is_number = core.len() < 7 && core.bytes().all(|digit| digit.is_ascii_digit());
    // Services link possible commit hashes.
    let is_hash = core.len() >= 7 && core.bytes().all(|digit| digit.is_ascii_hexdigit());
    (is_word || is_number) && !is_hash
}

/// Escapes a text. A character reference is never Markdown structure (CommonMark, section 2.5).
pub fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in printable(text).chars() {
        if c.is_ascii_punctuation() && !"-/,()=;?%'".contains(c) {
            escaped.push_str(&format!("&#{};", u32::from(c)));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_others_wrote_means_anything() {
        assert_eq!(prose("the role `a|b`"), "the role <code>a&#124;b</code>");
        assert_eq!(
            prose("`<img src=x>` and `![x](//y) @all *z*`"),
            "<code>&#60;img src=x&#62;</code> and <code>&#33;&#91;x&#93;(//y) &#64;all &#42;z&#42;</code>"
        );
        assert_eq!(prose("odd ` one\n<"), "odd <code> one&#92;n&#60;</code>");
    }

    #[test]
    fn words_that_services_link_are_code() {
        assert_eq!(
            prose("ask (the team), @all of #1 or 12: \"yes\""),
            "ask (the team), <code>&#64;all</code> of <code>&#35;1</code> or 12&#58; &#34;yes&#34;"
        );
        for word in [
            "@all",
            "!1",
            "~bug",
            "%1.0",
            "&1",
            "$1",
            "GH-1",
            "acme/shop#1",
            "https://evil.example",
            "www.evil.example",
            "evil.example",
            "me@evil.example",
            "3f786850e387550fdab836ed7e6dc881de23001b",
            "deadbeef",
            ":tada:x",
            "*a*",
            "[a](b)",
        ] {
            assert_eq!(prose(word), code(word));
        }
    }
}
