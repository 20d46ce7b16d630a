//! Slashes that are not escaped: inside of a regex, and at the start of a text without quotes.

use super::bare::{is_bare, quotes_of_length};
use super::{ITEM_KEYWORDS, Scanner};
use crate::error::SyntaxErrorKind as Kind;
use crate::regex::regex_of;
use crate::span::{Span, plus, text_from};

/// The kind of operand that an operator takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// A regex, after an operator of another language, which the grammar reports.
    ForeignRegex,
    Regex,
    Text,
}

/// The operators of other languages before a regex.
const BEFORE_FOREIGN_REGEX: [&str; 3] = ["=~", "~=", "~"];
/// The operators before a text.
const BEFORE_TEXT: [&str; 5] = ["==", "!=", " glob", " like", " under"];
/// The words that may follow a regex at once.
const BEHIND: [&str; 4] = ["allow", "grant", "tags", "ttl"];
/// The letters of the flags of other languages.
const FLAGS: [char; 8] = ['U', 'g', 'i', 'm', 's', 'u', 'x', 'y'];

/// Returns whether a word is flags of a regex.
pub(crate) fn is_flags(word: &str) -> bool {
    !word.is_empty() && word.len() <= 3 && word.chars().all(|c| FLAGS.contains(&c))
}

impl Scanner<'_> {
    /// Returns what the operator before this position takes, if there is one.
    pub(super) fn operator_before(&self) -> Option<Takes> {
        let before = self.before().trim_end_matches([' ', '\t']);
        let follows = |operators: &[&str]| operators.iter().any(|operator| before.ends_with(operator));
        if before.ends_with("matches") {
            Some(Takes::Regex)
        } else if follows(&BEFORE_FOREIGN_REGEX) {
            Some(Takes::ForeignRegex)
        } else {
            follows(&BEFORE_TEXT).then_some(Takes::Text)
        }
    }

    /// Steps over a regex or a text without quotes that begins with the slash here, if it has more slashes
    /// than a regex.
    pub(super) fn slashes(&mut self) -> bool {
        let Some(takes) = self.operator_before() else {
            return false;
        };
        let line = self.line_rest();
        let end = line.find([' ', '\t', '\r']).unwrap_or(line.len());
        let word = line.split_at(end).0.trim_end_matches([')', ',', '}']);
        let word = word.find("//").map_or(word, |comment| word.split_at(comment).0);
        match takes {
            Takes::Text => self.bare_path(word),
            Takes::ForeignRegex | Takes::Regex => self.regex_with_slashes(takes, word),
        }
    }

    /// Steps over a word that begins with a slash and ends without one, if no regex begins here.
    fn bare_path(&mut self, word: &str) -> bool {
        let is_text = |c: char| is_bare(c) || matches!(c, '/' | '*' | '?');
        if word.len() < 2 || word.ends_with('/') || !word.chars().all(is_text) {
            return false;
        }
        // A regex may contain spaces, so a `/` later on the line may end it.
        let goes_on = text_from(self.line_rest(), word.len()).contains('/');
        if !text_from(word, 1).contains('/') && goes_on {
            return false;
        }
        let kind = Kind::WithoutQuotes {
            text: word.to_owned(),
        };
        self.correct(
            kind,
            Span::sized(self.position, word.len()),
            quotes_of_length(word),
        );
        true
    }

    /// Steps over a word that begins with a regex and has more of it after a second slash.
    fn regex_with_slashes(&mut self, takes: Takes, word: &str) -> bool {
        let inner = text_from(word, 1);
        let mut is_escaped = false;
        let slash = |c: char| {
            let is_end = c == '/' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            is_end
        };
        let Some(second) = inner.find(slash) else {
            return false;
        };
        let more = text_from(inner, plus(second, 1));
        let is_more = more.starts_with(|c: char| c.is_ascii_alphanumeric() || "_.[(\\*+-{|?".contains(c));
        let is_next = more.starts_with("||") || BEHIND.contains(&more) || ITEM_KEYWORDS.contains(&more);
        if !is_more || is_next || is_flags(more) {
            return false;
        }
        let whole = match inner.rfind('/') {
            Some(last) if last > second => inner.split_at(last).0,
            _ => inner,
        };
        let closed = text_from(inner, whole.len()).starts_with('/');
        let length = plus(plus(whole.len(), 1), usize::from(closed));
        let corrected = format!("/{}/", "-".repeat(length.saturating_sub(2)));
        let regex = regex_of(whole).unwrap_or_else(|| whole.replace('/', "\\/"));
        let kind = Kind::SlashInRegex { regex };
        self.correct_regex(takes, kind, Span::sized(self.position, length), corrected);
        true
    }

    /// Reports and corrects what an operator of regexes takes. With an operator of another language the grammar
    /// reports that, with the help for both.
    pub(super) fn correct_regex(&mut self, takes: Takes, kind: Kind, span: Span, text: String) {
        self.correct(kind, span, text);
        if takes == Takes::ForeignRegex {
            self.scan.errors.pop();
        }
    }
}
