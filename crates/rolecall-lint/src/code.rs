//! Policy texts without comments and without spaces between tokens.

use crate::text;

/// Returns a text without comments and meaningless spaces. A text that is only a comment is unchanged.
pub(crate) fn written(text: &str) -> String {
    let code = tokens(&without_comments(text));
    match code.is_empty() {
        true => text.split_whitespace().collect::<Vec<&str>>().join(" "),
        false => code,
    }
}

/// Returns the text with a space only between words. Spaces in strings and regular expressions stay.
fn tokens(text: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '/' => quoted(rest, first),
            first => first.len_utf8(),
        };
        let (taken, after) = text::split(rest, length);
        if first.is_whitespace() {
            let between = code.ends_with(is_word) && after.trim_start().starts_with(is_word);
            if between && !after.starts_with(char::is_whitespace) {
                code.push(' ');
            }
        } else {
            code.push_str(taken);
        }
        rest = after;
    }
    code
}

/// Returns the text with a space instead of each comment. Strings and regular expressions stay.
fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            code.push(' ');
            rest = rest.find('\n').map_or("", |end| text::from(rest, end));
            continue;
        } else if rest.starts_with("/*") {
            code.push(' ');
            rest = rest.split_once("*/").map_or("", |(_, after)| after);
            continue;
        } else if first == '"' || first == '/' {
            quoted(rest, first)
        } else {
            first.len_utf8()
        };
        let (taken, after) = text::split(rest, length);
        code.push_str(taken);
        rest = after;
    }
    code
}

/// Returns the length of the text from a quote to the next one on its line, or of the quote alone.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => break,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return text::plus(at, quote.len_utf8()),
            _ => {}
        }
    }
    quote.len_utf8()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_do_not_count() {
        for (text, code) in [
            ("a  &&\n\tb", "a&&b"),
            ("a // not b\n  && c", "a&&c"),
            ("a /* not\n b */ && c", "a&&c"),
            (
                r#"url "https://ci.example" // really"#,
                r#"url"https://ci.example""#,
            ),
            (r#"a == "\"//" // b"#, r#"a=="\"//""#),
            (r"a matches /x\/*\// // b", r"a matches/x\/*\//"),
            ("// policy-check: allow(x) why", "// policy-check: allow(x) why"),
            ("/* open", "/* open"),
            ("\"open // end", "\"open"),
            ("project == \"us  east\" && x", "project==\"us  east\"&&x"),
            ("role  a {  ttl 1h }", "role a{ttl 1h}"),
            ("", ""),
        ] {
            assert_eq!(written(text), code, "{text}");
        }
    }
}
