//! Spellings of other languages: quotes, comments, and text and names that need quotes or another spelling.
//!
//! Each is reported with its fix, and corrected in the text that the grammar reads, so that it hides no other error.

use super::Scanner;
use crate::error::SyntaxErrorKind as Kind;
use crate::span::{Span, plus, text_from};

/// A text for the grammar instead of another, of as many bytes.
#[derive(Clone, Debug)]
pub(crate) struct Correction {
    pub(crate) span: Span,
    pub(crate) text: String,
}

/// The words before a name.
const BEFORE_NAMES: [&str; 12] = [
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
            Some("--") if line.starts_with("-- ") => "--",
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
        let kind = Kind::ForeignQuotes {
            text: text.replace('"', "\\\""),
        };
        self.correct(kind, span, in_quotes(text));
        true
    }

    /// Steps over a text or a name that has a slash and no quotes, if the slash here is inside of one.
    pub(super) fn bare_text(&mut self) -> bool {
        let has_end = self.rest().starts_with("/*") && self.comment_end().is_some();
        let before = self.before();
        let is_bare =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '@' | '~' | '+' | '%');
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
        let (kind, corrected) = if word.is_some_and(|word| BEFORE_NAMES.contains(&word)) {
            let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            let name = text.replace(|c| !is_name(c), "-");
            (
                Kind::NotAName {
                    name: text,
                    corrected: name.clone(),
                },
                name,
            )
        } else {
            let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
            let corrected = in_quotes(inner);
            (Kind::WithoutQuotes { text }, corrected)
        };
        self.correct(kind, span, corrected);
        true
    }

    /// Reports a spelling, and corrects it with a text that is filled up with spaces.
    fn correct(&mut self, kind: Kind, span: Span, text: String) {
        let missing = span.text(self.source).len().saturating_sub(text.len());
        let text = text + &" ".repeat(missing);
        self.error(kind, span);
        self.scan.corrections.push(Correction { span, text });
        self.position = span.end;
    }

    /// Returns the text before this position.
    fn before(&self) -> &str {
        self.source.get(..self.position).unwrap_or("")
    }
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

/// Returns a string of the grammar that is as long as a text and two quotes.
fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace(['"', '\\'], "-"))
}
