//! CI service commands in job output, made inert in untrusted text.
//!
//! GitHub's runner trims a line and looks for `::NAME …::`, and then for `##[NAME …]` anywhere in it
//! (actions/runner, `ActionCommand`); it ignores characters without a sort weight. The Azure Pipelines agent
//! looks for `##vso[`, TeamCity for `##teamcity[`, GitLab for `section_start:TIME:` and `section_end:TIME:`
//! anywhere.

use super::is_invisible;
use super::tokens::hide_tokens;
use crate::text::{self, plus};
use std::borrow::Cow;

/// The markers of sections in GitLab job logs, followed by a time.
const SECTIONS: [&str; 2] = ["section_start:", "section_end:"];

/// Makes whole lines with our own styles inert: hides tokens, and escapes the first character of each
/// command.
pub fn inert(text: &str) -> Cow<'_, str> {
    without_commands(without_tokens(text), true)
}

/// Makes text within a line inert, as [`inert`] does.
pub fn inert_inside(text: &str) -> Cow<'_, str> {
    without_commands(hide_tokens(text), false)
}

fn without_commands(text: Cow<'_, str>, begins_line: bool) -> Cow<'_, str> {
    let found = commands(&text, begins_line);
    if found.is_empty() {
        return text;
    }
    let mut shown = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if found.binary_search(&at).is_ok() {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Hides tokens; a style is not part of a token.
fn without_tokens(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{1b}') {
        return hide_tokens(text);
    }
    let (mut shown, mut rest) = (String::with_capacity(text.len()), text);
    while !rest.is_empty() {
        let (style, after) = split_style(rest);
        // An escape character that begins no style is text, like everything up to the next one.
        let next = after
            .char_indices()
            .skip(usize::from(style.is_empty()))
            .find(|(_, c)| *c == '\u{1b}');
        let (visible, after) = text::split(after, next.map_or(after.len(), |(at, _)| at));
        shown.push_str(style);
        shown.push_str(&hide_tokens(visible));
        rest = after;
    }
    Cow::Owned(shown)
}

/// Cuts a text after the style that it begins with, if any: a control sequence, or the URL of a link
/// (ECMA-48, 5.4 and 8.3.89).
fn split_style(text: &str) -> (&str, &str) {
    let after = if let Some(rest) = text.strip_prefix("\u{1b}[") {
        let end = rest.trim_start_matches(|c| (' '..='?').contains(&c));
        let mut end = end.chars();
        end.next().map(|_| end.as_str())
    } else if text.starts_with("\u{1b}]") {
        text.split_once("\u{1b}\\").map(|(_, after)| after)
    } else {
        None
    };
    text::split_before(text, after.unwrap_or(text))
}

/// Returns the positions of the first characters of commands, in ascending order.
pub fn commands(text: &str, begins_line: bool) -> Vec<usize> {
    let mut found = Vec::new();
    let mut line = Line::new(begins_line);
    let mut after_style = 0;
    let mut start = 0;
    for text_of_line in text.split_inclusive(['\n', '\r']) {
        // After its first character, such a line cannot contain a command.
        let is_plain = text_of_line.is_ascii() && !text_of_line.contains('#');
        for (at, c) in text_of_line.char_indices().map(|(at, c)| (plus(start, at), c)) {
            if at < after_style {
                continue;
            }
            if is_plain && line.has_begun() {
                break;
            }
            if c == '\u{1b}' {
                let (style, _) = split_style(text::from(text, at));
                after_style = plus(at, style.len());
            }
            found.extend(line.next(at, c));
        }
        start = plus(start, text_of_line.len());
        if text_of_line.ends_with(['\n', '\r']) && after_style <= start {
            line = Line::new(true);
        }
    }
    for marker in SECTIONS {
        let starts = text.match_indices(marker).filter(|(at, marker)| {
            let after = text::from(text, *at).strip_prefix(marker);
            after.is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()))
        });
        found.extend(starts.map(|(at, _)| at));
    }
    found.sort_unstable();
    found
}

/// The state of the scan of one line.
struct Line {
    /// True if the line has only blanks so far.
    is_blank: bool,
    /// The position of a colon that is the first character after blanks, if it was the last character read.
    colon: Option<usize>,
    /// The positions of the last two `#`, with only letters after them.
    hashes: (Option<usize>, Option<usize>),
    /// True if there are such letters.
    has_letters: bool,
}

impl Line {
    fn new(is_blank: bool) -> Self {
        Self {
            is_blank,
            colon: None,
            hashes: (None, None),
            has_letters: false,
        }
    }

    /// Returns whether a character other than blanks and a first colon was read.
    fn has_begun(&self) -> bool {
        !self.is_blank && self.colon.is_none()
    }

    /// Reads the next character. Returns the beginning of the command that it completes, if there is one.
    fn next(&mut self, at: usize, c: char) -> Option<usize> {
        if matches!(c, '\n' | '\r') {
            *self = Self::new(true);
            return None;
        }
        if is_invisible(c) {
            return None;
        }
        let colon = self.colon.take();
        if self.is_blank && c == ':' {
            self.colon = Some(at);
        }
        self.is_blank &= c.is_whitespace();
        let hashes = self.hashes;
        match c {
            '#' if self.has_letters => (self.hashes, self.has_letters) = ((None, Some(at)), false),
            '#' => self.hashes = (hashes.1, Some(at)),
            _ if c.is_ascii_alphabetic() && hashes.0.is_some() => self.has_letters = true,
            _ => (self.hashes, self.has_letters) = ((None, None), false),
        }
        match c {
            ':' => colon,
            '[' => hashes.0,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_escaped() {
        for (text, shown) in [
            ("::error file=a::b", "\\u{3a}:error file=a::b"),
            (
                "a\n \u{a0}\t::stop-commands::x",
                "a\n \u{a0}\t\\u{3a}:stop-commands::x",
            ),
            ("a\r::error::b", "a\r\\u{3a}:error::b"),
            (
                "\u{1b}[1m::error::b\u{1b}[0m",
                "\u{1b}[1m\\u{3a}:error::b\u{1b}[0m",
            ),
            (":\u{1b}[1m:error::b", "\\u{3a}\u{1b}[1m:error::b"),
            ("\u{200b}:\u{34f}:error::b", "\u{200b}\\u{3a}\u{34f}:error::b"),
            ("a ##[add-mask]b", "a \\u{23}#[add-mask]b"),
            ("###[error]b", "#\\u{23}#[error]b"),
            ("##vso[task.setvariable]x", "\\u{23}#vso[task.setvariable]x"),
            ("##a##[b]", "##a\\u{23}#[b]"),
            ("#\u{fe0f}#[error]b", "\\u{23}\u{fe0f}#[error]b"),
            ("a section_end:1:b", "a \\u{73}ection_end:1:b"),
        ] {
            assert_eq!(inert(text), shown);
            assert_eq!(inert(shown), shown);
        }
    }

    #[test]
    fn other_text_stays() {
        for text in [
            "",
            ":a: ::b::",
            "1 | ::error::b",
            "a::b::c",
            ": :error::",
            "## [a]",
            "# #[a]",
            "##a1[b]",
            "##a#b[c]",
            "section_start: 1",
            "\u{1b}]8;;https://a.example\u{1b}\\a\u{1b}]8;;\u{1b}\\",
            "\u{1b}",
            "\u{1b}[",
            "\u{1b}]8;;",
            "a\u{1b}b\u{1b}ü",
        ] {
            assert_eq!(inert(text), text);
        }
        assert_eq!(inert_inside("::error::"), "::error::");
    }

    #[test]
    fn a_style_is_not_part_of_a_token() {
        let text = "\u{1b}[1meyJhbGciOiJFUzI1NiJ9.eyJzdWIiOjF9.c2ln\u{1b}[0m";
        assert_eq!(inert(text), "\u{1b}[1m<token>\u{1b}[0m");
        let text = "\u{1b}[ü eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOjF9.c2ln";
        assert_eq!(inert(text), "\u{1b}[ü <token>");
    }
}
