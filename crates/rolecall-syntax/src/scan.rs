//! The walk over a file before it is parsed: limits, brackets, literals, comments.
//!
//! It needs no stack and takes time linear in the text, so that whatever reaches the parser is bounded.

use crate::ast::{Comment, CommentKind};
use crate::error::{SyntaxError, SyntaxErrorKind as Kind, closing};
use crate::limits::{MAX_LITERAL_BYTES, MAX_NESTING};
use crate::span::{Span, Spanned};
use crate::string::Str;
use std::collections::HashSet;

/// The words that an item begins with.
pub(crate) const ITEM_KEYWORDS: [&str; 9] = [
    "assert",
    "condition",
    "edition",
    "guard",
    "issuer",
    "profile",
    "role",
    "set",
    "test",
];

/// What the walk found.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub(crate) comments: Vec<Spanned<Comment>>,
    pub(crate) errors: Vec<SyntaxError>,
    /// Where the parser may go on after an error: the starts of lines that look like items.
    pub(crate) restarts: Vec<usize>,
}

/// Walks over a file of at most `MAX_FILE_BYTES`.
pub(crate) fn scan(source: &str) -> Scan {
    let mut scanner = Scanner {
        source,
        position: 0,
        open: Vec::new(),
        shallow: Vec::new(),
        scan: Scan::default(),
    };
    scanner.run();
    scanner.scan
}

/// The place of the next token: after space and comments.
pub(crate) fn skip_trivia(source: &str, comments: &[Spanned<Comment>], mut position: usize) -> usize {
    loop {
        let rest = source.get(position..).unwrap_or_default();
        let text = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        position = position.saturating_add(rest.len().saturating_sub(text.len()));
        let comment = comments
            .binary_search_by_key(&position, |comment| comment.span.start)
            .ok()
            .and_then(|index| comments.get(index));
        match comment {
            Some(comment) => position = comment.span.end,
            None => return position,
        }
    }
}

struct Scanner<'a> {
    source: &'a str,
    position: usize,
    /// The brackets that are open, with their places.
    open: Vec<(char, usize)>,
    /// The restarts outside of all brackets.
    shallow: Vec<usize>,
    scan: Scan,
}

impl Scanner<'_> {
    fn run(&mut self) {
        let mut balanced = true;
        let mut culprit = None;
        while let Some(c) = self.rest().chars().next() {
            let start = self.position;
            match c {
                '/' if self.rest().starts_with("//") => self.line_comment(),
                '/' if self.rest().starts_with("/*") => self.block_comment(),
                '"' => self.literal('"', Kind::UnterminatedString),
                '/' => self.literal('/', Kind::UnterminatedRegex),
                '(' | '[' | '{' => {
                    self.open.push((c, start));
                    if self.open.len() == MAX_NESTING.saturating_add(1) {
                        self.error(Kind::TooDeep, start, start.saturating_add(1));
                    }
                    self.position = self.position.saturating_add(1);
                }
                ')' | ']' | '}' => {
                    balanced &= self.close(c);
                    self.position = self.position.saturating_add(1);
                }
                _ if c.is_control() && !matches!(c, '\t' | '\n' | '\r') => {
                    self.position = self.position.saturating_add(c.len_utf8());
                    self.error(Kind::ControlCharacter(c), start, self.position);
                }
                _ => {
                    if self.at_restart() {
                        self.scan.restarts.push(start);
                        match self.open.last() {
                            None => self.shallow.push(start),
                            Some(open) => culprit = culprit.or(Some(*open)),
                        }
                    }
                    self.word_or(c);
                }
            }
        }
        if let Some((bracket, start)) = self.open.last().map(|last| culprit.unwrap_or(*last)) {
            balanced = false;
            self.error(Kind::UnclosedBracket(bracket), start, start.saturating_add(1));
        }
        if balanced {
            // Every item begins outside of brackets: a line inside only looks like one.
            self.scan.restarts = std::mem::take(&mut self.shallow);
        }
        self.scan.errors.sort_by_key(|error| error.span);
        self.drop_consequences();
    }

    /// Forgets brackets without a partner on a line with a literal that does not end: the partner may be in it.
    fn drop_consequences(&mut self) {
        let mut line: usize = 0;
        let mut position = 0;
        let lines: Vec<usize> = self
            .scan
            .errors
            .iter()
            .map(|error| {
                let between = Span::new(position, error.span.start).text(self.source);
                line = line.saturating_add(between.matches('\n').count());
                position = error.span.start;
                line
            })
            .collect();
        let is_literal = |kind: &Kind| matches!(kind, Kind::UnterminatedString | Kind::UnterminatedRegex);
        let unterminated: HashSet<usize> = lines
            .iter()
            .zip(&self.scan.errors)
            .filter_map(|(line, error)| is_literal(&error.kind).then_some(*line))
            .collect();
        let mut lines = lines.iter();
        self.scan.errors.retain(|error| {
            let line = lines.next();
            let is_bracket = matches!(error.kind, Kind::UnclosedBracket(_) | Kind::UnopenedBracket(_));
            !(is_bracket && line.is_some_and(|line| unterminated.contains(line)))
        });
    }

    fn rest(&self) -> &str {
        self.source.get(self.position..).unwrap_or_default()
    }

    fn error(&mut self, kind: Kind, start: usize, end: usize) {
        self.scan
            .errors
            .push(SyntaxError::new(kind, Span::new(start, end)));
    }

    /// Whether a line begins here, without indentation, with the keyword of an item.
    fn at_restart(&self) -> bool {
        let before = self.source.get(..self.position).unwrap_or_default();
        if !(before.is_empty() || before.ends_with('\n') || before == "\u{feff}") {
            return false;
        }
        let word = self
            .rest()
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
            .next();
        word.is_some_and(|word| ITEM_KEYWORDS.contains(&word))
    }

    /// Steps over a word, or over one character.
    fn word_or(&mut self, c: char) {
        let word = self
            .rest()
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
            .count();
        self.position = self.position.saturating_add(word.max(c.len_utf8()));
    }

    /// Closes a bracket; false if it closes none or one of another kind.
    fn close(&mut self, c: char) -> bool {
        let end = self.position.saturating_add(1);
        match self.open.pop() {
            Some((open, _)) if closing(open) == c => true,
            Some((open, start)) => {
                self.error(Kind::UnclosedBracket(open), start, start.saturating_add(1));
                // `( … }`: the brace closes what is around the parenthesis, if that fits.
                if self.open.last().is_some_and(|(outer, _)| closing(*outer) == c) {
                    self.open.pop();
                }
                false
            }
            None => {
                self.error(Kind::UnopenedBracket(c), self.position, end);
                false
            }
        }
    }

    fn comment(&mut self, length: usize, kind: CommentKind) {
        let end = self.position.saturating_add(length);
        let span = Span::new(self.position, end);
        // A comment over several lines is the same whatever ends them.
        let text = span.text(self.source).trim_end().replace("\r\n", "\n");
        self.check_control(span);
        self.scan
            .comments
            .push(Spanned::new(Comment { text, kind }, span));
        self.position = end;
    }

    fn line_comment(&mut self) {
        let rest = self.rest();
        let length = rest.find('\n').unwrap_or(rest.len());
        let doc = rest.starts_with("///") && !rest.starts_with("////");
        self.comment(length, if doc { CommentKind::Doc } else { CommentKind::Line });
    }

    fn block_comment(&mut self) {
        match self.rest().get(2..).and_then(|inner| inner.find("*/")) {
            Some(length) => self.comment(length.saturating_add(4), CommentKind::Block),
            None => {
                self.error(
                    Kind::UnterminatedComment,
                    self.position,
                    self.position.saturating_add(2),
                );
                self.position = self.source.len();
            }
        }
    }

    /// Steps over a string or a regex and checks its size and what is in it.
    fn literal(&mut self, quote: char, unterminated: Kind) {
        let start = self.position;
        let inner = start.saturating_add(1);
        let text = self.source.get(inner..).unwrap_or_default();
        let mut escaped = false;
        let end = text.char_indices().find_map(|(offset, c)| {
            let ends = c == '\n' || (c == quote && !escaped);
            escaped = c == '\\' && !escaped;
            ends.then_some((inner.saturating_add(offset), c))
        });
        let (end, terminated) = match end {
            Some((end, c)) if c == quote => (end, true),
            Some((end, _)) => (end, false),
            None => (self.source.len(), false),
        };
        self.position = if terminated { end.saturating_add(1) } else { end };
        let span = Span::new(inner, end);
        self.check_control(span);
        if !terminated {
            self.error(unterminated, start, inner);
        } else if span.text(self.source).len() > MAX_LITERAL_BYTES {
            self.error(
                Kind::LiteralTooLong {
                    bytes: span.text(self.source).len(),
                },
                start,
                self.position,
            );
        } else if quote == '"'
            && let Err(escape) = Str::new(span.text(self.source))
        {
            let at = Span::new(
                inner.saturating_add(escape.offset),
                inner.saturating_add(escape.end),
            );
            self.error(
                Kind::UnknownEscape(at.text(self.source).to_owned()),
                at.start,
                at.end,
            );
        }
    }

    fn check_control(&mut self, span: Span) {
        let found = span
            .text(self.source)
            .char_indices()
            .find(|(_, c)| c.is_control() && !matches!(c, '\t' | '\n' | '\r'));
        if let Some((offset, c)) = found {
            let start = span.start.saturating_add(offset);
            self.error(
                Kind::ControlCharacter(c),
                start,
                start.saturating_add(c.len_utf8()),
            );
        }
    }
}
