//! Spellings of other languages: quotes, comments, and text and names that need quotes or another spelling.
//!
//! Each is reported with its fix, and corrected in the text that the grammar reads, so that it hides no other error.

use super::Scanner;
use super::bare::{as_name, in_quotes, is_bare, quotes_of_length};
use super::slash::Takes;
use crate::error::SyntaxErrorKind as Kind;
use crate::regex::regex_of_string;
use crate::span::{Span, plus, text_from};

/// A text for the grammar instead of another, of as many bytes.
#[derive(Clone, Debug)]
pub(crate) struct Correction {
    pub(crate) span: Span,
    pub(crate) text: String,
}

/// The words before a name.
const BEFORE_NAMES: [&str; 13] = [
    "allow",
    "condition",
    "deny",
    "disjoint",
    "extends",
    "from",
    "guard",
    "issuer",
    "only",
    "profile",
    "role",
    "set",
    "token",
];

/// The words that a regex may follow at once.
const BEFORE_REGEXES: [&str; 8] = ["all", "any", "contains", "glob", "in", "like", "matches", "under"];

impl Scanner<'_> {
    /// Steps over a comment after `#`, `--` or `;`, if one begins here.
    pub(super) fn foreign_comment(&mut self) -> bool {
        let line = self.line_rest();
        let mark = match line.trim_end().get(..2) {
            // `#tag` selects roles.
            Some("# " | "#!" | "##" | "#\t") => "#",
            Some("--") if line.starts_with("-- ") && self.is_after_space() => "--",
            _ if line.trim_end() == "#" => "#",
            _ if line.starts_with(';') => ";",
            _ => return false,
        };
        let span = Span::sized(self.position, line.trim_end().len());
        self.correct(Kind::ForeignComment(mark), span, String::new());
        true
    }

    /// Steps over a string in other quotes than `"`, if one begins here.
    pub(super) fn foreign_string(&mut self) -> bool {
        let line = self.line_rest();
        let mut chars = line.char_indices();
        let Some(closing) = chars.next().and_then(|(_, open)| closing(open)) else {
            return false;
        };
        // In `don't` it is a letter.
        if self.before().ends_with(|c: char| c.is_ascii_alphanumeric()) {
            return false;
        }
        let Some((start, _)) = chars.next() else {
            return false;
        };
        let rest = text_from(line, start);
        let Some((inner, found)) = rest.char_indices().find(|(_, c)| closing.contains(c)) else {
            return false;
        };
        let text = rest.split_at(inner).0;
        let span = Span::sized(self.position, plus(plus(start, inner), found.len_utf8()));
        let corrected = in_quotes(text);
        if let Some(takes @ (Takes::ForeignRegex | Takes::Regex)) = self.operator_before() {
            let regex = regex_of_string(text);
            self.correct_regex(takes, Kind::StringAsRegex { regex }, span, corrected);
            return true;
        }
        let kind = Kind::ForeignQuotes {
            text: text.replace('"', "\\\""),
        };
        self.correct(kind, span, corrected);
        true
    }

    /// Returns whether the text before this position ends with a space.
    fn is_after_space(&self) -> bool {
        let before = self.before();
        before.is_empty() || before.ends_with([' ', '\t', '\n'])
    }

    /// Steps over a text or a name that has a slash and no quotes, if the slash here is inside of one.
    pub(super) fn bare_text(&mut self) -> bool {
        let has_end = self.rest().starts_with("/*") && self.comment_end().is_some();
        let before = self.before();
        let head = before.trim_end_matches(is_bare);
        let begun = text_from(before, head.len());
        let rest = self.rest();
        let is_url = matches!(begun, "http:" | "https:");
        let is_comment = (rest.starts_with("//") && !is_url) || has_end;
        if begun.is_empty() || is_comment || BEFORE_REGEXES.contains(&begun) {
            return false;
        }
        let tail = rest.trim_start_matches(|c| is_bare(c) || matches!(c, '/' | '*' | '?'));
        let length = rest.len().saturating_sub(tail.len());
        let span = Span::new(head.len(), plus(self.position, length));
        let text = span.text(self.source).to_owned();
        let word = head.trim_end().rsplit(|c: char| !c.is_ascii_alphabetic()).next();
        let (kind, corrected) = if word.is_some_and(precedes_name) || is_in_tags(head) {
            let name = as_name(&text);
            (
                Kind::NotAName {
                    name: text,
                    corrected: name.clone(),
                },
                name,
            )
        } else {
            let corrected = quotes_of_length(&text);
            (Kind::WithoutQuotes { text }, corrected)
        };
        self.correct(kind, span, corrected);
        true
    }

    /// Reports a spelling, and corrects it with a text that is filled up with spaces.
    pub(super) fn correct(&mut self, kind: Kind, span: Span, text: String) {
        let missing = span.text(self.source).len().saturating_sub(text.len());
        let text = text + &" ".repeat(missing);
        self.error(kind, span);
        self.scan.corrections.push(Correction { span, text });
        self.position = span.end;
    }

    /// Returns the text before this position.
    pub(super) fn before(&self) -> &str {
        self.source.get(..self.position).unwrap_or("")
    }
}

/// Returns whether a name follows a word.
pub(crate) fn precedes_name(word: &str) -> bool {
    BEFORE_NAMES.contains(&word)
}

/// The bytes before a text in which the start of a list of tags is looked for.
const TAGS_BYTES: usize = 200;

/// Returns whether a text ends within a list of tags.
fn is_in_tags(head: &str) -> bool {
    let earliest = head.len().saturating_sub(TAGS_BYTES);
    let start = (earliest..head.len()).find(|start| head.is_char_boundary(*start));
    let start = start.unwrap_or(head.len());
    let list = text_from(head, start).rsplit_once('[');
    list.is_some_and(|(before, inside)| before.trim_end().ends_with("tags") && !inside.contains(']'))
}

/// Returns the quotes that may close a string after an opening one that is not `"`. The opening one is among them,
/// so that a line is searched once for each kind of quotes.
fn closing(open: char) -> Option<&'static [char]> {
    Some(match open {
        '\'' => &['\''],
        '`' => &['`'],
        '\u{201c}' | '\u{201d}' | '\u{201e}' => &['\u{201c}', '\u{201d}', '\u{201e}', '"'],
        '\u{2018}' | '\u{2019}' | '\u{201a}' => &['\u{2018}', '\u{2019}', '\u{201a}', '\''],
        '\u{ab}' | '\u{bb}' => &['\u{ab}', '\u{bb}'],
        _ => return None,
    })
}
