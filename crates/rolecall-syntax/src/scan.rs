//! The walk over a file before it is parsed: limits, brackets, literals, comments.
//!
//! It needs no stack and takes time linear in the text, so that whatever reaches the parser is bounded.

use crate::ast::{Comment, CommentKind};
use crate::error::{SyntaxError, SyntaxErrorKind as Kind, closing};
use crate::limits::{MAX_LITERAL_BYTES, MAX_NAME_BYTES, MAX_NESTING};
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

const BYTE_ORDER_MARK: char = '\u{feff}';

/// What the walk found.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// Where the text begins: after a byte order mark.
    pub(crate) start: usize,
    pub(crate) comments: Vec<Spanned<Comment>>,
    pub(crate) errors: Vec<SyntaxError>,
    /// Where the parser may go on after an error: the starts of lines that look like items.
    pub(crate) restarts: Vec<usize>,
    /// How deep brackets nest.
    pub(crate) depth: usize,
    /// A bracket that is open there.
    pub(crate) deepest: Span,
}

/// Walks over a file of at most `MAX_FILE_BYTES`.
pub(crate) fn scan(source: &str) -> Scan {
    let mut scanner = Scanner {
        source,
        position: 0,
        line_end: 0,
        open: Vec::new(),
        culprit: None,
        shallow: Vec::new(),
        controls: source
            .bytes()
            .fold(false, |found, byte| found | may_be_control(byte)),
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
    /// The end of the line that was looked at last.
    line_end: usize,
    /// The brackets that are open, with their places.
    open: Vec<(char, usize)>,
    /// The bracket that was open where for the first time a line looked like an item.
    culprit: Option<(char, usize)>,
    /// The restarts outside of all brackets.
    shallow: Vec<usize>,
    /// Whether there may be a control character anywhere.
    controls: bool,
    scan: Scan,
}

impl<'a> Scanner<'a> {
    fn run(&mut self) {
        if self.source.starts_with(BYTE_ORDER_MARK) {
            self.step(BYTE_ORDER_MARK.len_utf8());
        }
        self.scan.start = self.position;
        self.line();
        // In UTF-8, no byte of a longer character is one of these.
        while let Some(byte) = self.source.as_bytes().get(self.position).copied() {
            match byte {
                b'\n' => {
                    self.step(1);
                    self.line();
                }
                b'"' => self.literal('"', Kind::UnterminatedString),
                b'/' if self.rest().starts_with("//") => self.line_comment(),
                b'/' if self.rest().starts_with("/*") => self.block_comment(),
                b'/' => self.literal('/', Kind::UnterminatedRegex),
                b'(' | b'[' | b'{' => self.open(byte),
                b')' | b']' | b'}' => self.close(byte),
                _ if may_be_control(byte) => self.control(),
                _ => self.plain(),
            }
        }
        if let Some((bracket, start)) = self.open.last().map(|last| self.culprit.unwrap_or(*last)) {
            self.error(Kind::UnclosedBracket(bracket), start, start.saturating_add(1));
        }
        if !self.scan.errors.iter().any(|error| is_bracket(&error.kind)) {
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
            !(is_bracket(&error.kind) && line.is_some_and(|line| unterminated.contains(line)))
        });
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.position..).unwrap_or_default()
    }

    fn error(&mut self, kind: Kind, start: usize, end: usize) {
        self.scan
            .errors
            .push(SyntaxError::new(kind, Span::new(start, end)));
    }

    fn step(&mut self, bytes: usize) {
        self.position = self.position.saturating_add(bytes);
    }

    /// Notes a line that begins, without indentation, with the keyword of an item.
    fn line(&mut self) {
        let rest = self.rest();
        let word = rest
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
            .count();
        if !ITEM_KEYWORDS.contains(&rest.get(..word).unwrap_or_default()) {
            return;
        }
        self.scan.restarts.push(self.position);
        match self.open.last() {
            None => self.shallow.push(self.position),
            Some(open) => self.culprit = self.culprit.or(Some(*open)),
        }
    }

    fn control(&mut self) {
        let start = self.position;
        if let Some(c) = self.rest().chars().next() {
            self.step(c.len_utf8());
            if is_control(c) {
                self.error(Kind::ControlCharacter(c), start, self.position);
            }
        }
    }

    /// Steps over what means nothing here.
    fn plain(&mut self) {
        let controls = self.controls;
        let next = self.rest().bytes().position(|byte| {
            matches!(
                byte,
                b'"' | b'/' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'\n'
            ) || (controls && may_be_control(byte))
        });
        let length = next.unwrap_or(self.rest().len());
        if length > MAX_NAME_BYTES {
            self.check_names(length);
        }
        self.step(length);
    }

    /// Reports the names among the next so many bytes that are too long.
    fn check_names(&mut self, length: usize) {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '*');
        let text = self.rest().get(..length).unwrap_or_default();
        let mut start = self.position;
        for piece in text.split_inclusive(|c| !is_name(c)) {
            let bytes = piece.trim_end_matches(|c| !is_name(c)).len();
            if bytes > MAX_NAME_BYTES {
                self.error(Kind::NameTooLong { bytes }, start, start.saturating_add(bytes));
            }
            start = start.saturating_add(piece.len());
        }
    }

    fn open(&mut self, bracket: u8) {
        let start = self.position;
        self.step(1);
        self.open.push((char::from(bracket), start));
        if self.open.len() > self.scan.depth {
            self.scan.depth = self.open.len();
            self.scan.deepest = Span::new(start, self.position);
        }
        if self.open.len() == MAX_NESTING.saturating_add(1) {
            self.error(Kind::TooDeep, start, self.position);
        }
    }

    fn close(&mut self, bracket: u8) {
        let bracket = char::from(bracket);
        let place = self.position;
        self.step(1);
        match self.open.pop() {
            Some((open, _)) if closing(open) == bracket => {}
            Some((open, start)) => {
                self.error(Kind::UnclosedBracket(open), start, start.saturating_add(1));
                // `( … }`: the brace closes what is around the parenthesis, if that fits.
                if self
                    .open
                    .last()
                    .is_some_and(|(outer, _)| closing(*outer) == bracket)
                {
                    self.open.pop();
                }
            }
            None => self.error(Kind::UnopenedBracket(bracket), place, self.position),
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
        let line = self.line_rest();
        let doc = line.starts_with("///") && !line.starts_with("////");
        self.comment(line.len(), if doc { CommentKind::Doc } else { CommentKind::Line });
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
        self.step(1);
        let line = self.line_rest();
        // A quote after one backslash does not end it, after two it does.
        let is_end = |at: &usize| {
            let before = line.get(..*at).unwrap_or_default();
            let backslashes = before.len().saturating_sub(before.trim_end_matches('\\').len());
            backslashes.is_multiple_of(2)
        };
        let end = line.match_indices(quote).map(|(at, _)| at).find(is_end);
        let text = line.get(..end.unwrap_or(line.len())).unwrap_or_default();
        let inner = Span::new(self.position, self.position.saturating_add(text.len()));
        self.check_control(inner);
        self.position = inner.end;
        if end.is_none() {
            self.error(unterminated, start, inner.start);
            return;
        }
        self.step(1);
        if text.len() > MAX_LITERAL_BYTES {
            self.error(Kind::LiteralTooLong { bytes: text.len() }, start, self.position);
        } else if quote == '"'
            && let Err(escape) = Str::check(text)
        {
            let start = inner.start.saturating_add(escape.offset);
            let end = inner.start.saturating_add(escape.end);
            let unknown = Span::new(start, end).text(self.source).to_owned();
            self.error(Kind::UnknownEscape(unknown), start, end);
        }
    }

    /// The text from here to the end of the line.
    fn line_rest(&mut self) -> &'a str {
        let source = self.source;
        if self.line_end <= self.position {
            let rest = source.get(self.position..).unwrap_or_default();
            self.line_end = self
                .position
                .saturating_add(rest.find('\n').unwrap_or(rest.len()));
        }
        source.get(self.position..self.line_end).unwrap_or_default()
    }

    fn check_control(&mut self, span: Span) {
        if !self.controls {
            return;
        }
        let mut chars = span.text(self.source).char_indices();
        if let Some((offset, c)) = chars.find(|(_, c)| is_control(*c)) {
            let start = span.start.saturating_add(offset);
            let end = start.saturating_add(c.len_utf8());
            self.error(Kind::ControlCharacter(c), start, end);
        }
    }
}

fn is_bracket(kind: &Kind) -> bool {
    matches!(kind, Kind::UnclosedBracket(_) | Kind::UnopenedBracket(_))
}

fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

/// Whether a byte may begin a control character: those beyond ASCII begin with `C2`.
fn may_be_control(byte: u8) -> bool {
    (byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0xc2
}
