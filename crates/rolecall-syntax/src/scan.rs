//! Scan of a file before it is parsed: limits, brackets, literals and comments.
//!
//! It does not recurse and takes linear time, so that the text that reaches the parser is bounded.

mod bare;
mod bracket;
mod foreign;
mod literal;
mod slash;

use crate::ast::Comment;
use crate::error::{SyntaxError, SyntaxErrorKind as Kind, is_bracket};
use crate::limits::MAX_NAME_BYTES;
use crate::span::{Span, Spanned, plus, text_from};
pub(crate) use bare::{as_name, is_bare};
pub(crate) use foreign::{Correction, precedes_name};
pub(crate) use slash::is_flags;

/// The keywords that items begin with.
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

/// The start of a comment of another language after other text. A name has no such dashes.
const DASHES: &str = " -- ";

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The result of a scan.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    /// The position of the text after a byte order mark.
    pub(crate) start: usize,
    pub(crate) comments: Vec<Spanned<Comment>>,
    pub(crate) errors: Vec<SyntaxError>,
    /// The reported spellings of other languages, in order, as the parser reads them.
    pub(crate) corrections: Vec<Correction>,
    /// The positions at which the parser may continue after an error: the starts of lines that look like
    /// items.
    pub(crate) restarts: Vec<usize>,
    /// The deepest nesting of brackets.
    pub(crate) depth: usize,
    /// The innermost bracket at the deepest nesting.
    pub(crate) deepest: Span,
}

/// Scans a file of at most `MAX_FILE_BYTES`.
pub(crate) fn scan(source: &str) -> Scan {
    let mut scanner = Scanner {
        source,
        position: 0,
        line_end: 0,
        open: Vec::new(),
        culprit: None,
        shallow: Vec::new(),
        may_end_comments: true,
        may_have_dashes: source.contains(DASHES),
        may_have_controls: source
            .bytes()
            .fold(false, |found, byte| found | may_be_control(byte)),
        scan: Scan::default(),
    };
    scanner.run();
    scanner.scan
}

/// Returns the position of the next token, after space and comments.
pub(crate) fn skip_trivia(source: &str, comments: &[Spanned<Comment>], mut position: usize) -> usize {
    loop {
        let rest = source.get(position..).unwrap_or("");
        let space = rest
            .bytes()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
        position = plus(position, space.count());
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
    /// The end of the line that `line_rest` found last.
    line_end: usize,
    /// The open brackets and their positions.
    open: Vec<(char, usize)>,
    /// The innermost open bracket at the first line that looked like an item inside of brackets.
    culprit: Option<(char, usize)>,
    /// The restarts outside of all brackets.
    shallow: Vec<usize>,
    /// True if a `*/` may follow.
    may_end_comments: bool,
    /// True if the file has two dashes that may begin a comment of another language.
    may_have_dashes: bool,
    /// True if the file may contain a control character.
    may_have_controls: bool,
    scan: Scan,
}

impl<'a> Scanner<'a> {
    fn run(&mut self) {
        if self.source.starts_with(BYTE_ORDER_MARK) {
            self.step(BYTE_ORDER_MARK.len_utf8());
        }
        self.scan.start = self.position;
        self.line();
        // In UTF-8, none of these bytes is part of a longer character.
        while let Some(byte) = self.source.as_bytes().get(self.position).copied() {
            match byte {
                b'\n' => {
                    self.step(1);
                    self.line();
                }
                b'"' => self.literal('"', Kind::UnterminatedString),
                b'/' if self.bare_text() => {}
                b'/' if self.rest().starts_with("//") => self.line_comment(),
                b'/' if self.rest().starts_with("/*") => self.block_comment(),
                b'/' if self.slashes() => {}
                b'/' => self.literal('/', Kind::UnterminatedRegex),
                b'(' | b'[' | b'{' => self.open(byte),
                b')' | b']' | b'}' => self.close(byte),
                b'#' | b'-' if self.foreign_comment() => {}
                b'\'' | b'`' | 0x80.. if self.foreign_string() => {}
                _ if may_be_control(byte) => self.control(),
                _ => self.plain(),
            }
        }
        if let Some((bracket, start)) = self.open.last().map(|last| self.culprit.unwrap_or(*last)) {
            self.error(Kind::UnclosedBracket(bracket), Span::sized(start, 1));
        }
        if !self.scan.errors.iter().any(|error| is_bracket(&error.kind)) {
            // Items begin outside of brackets: a line inside of them only looks like an item.
            self.scan.restarts = std::mem::take(&mut self.shallow);
        }
        self.scan.errors.sort_by_key(|error| error.span);
        self.drop_follow_up_errors();
    }

    fn rest(&self) -> &'a str {
        text_from(self.source, self.position)
    }

    fn error(&mut self, kind: Kind, span: Span) {
        self.scan.errors.push(SyntaxError::new(kind, span));
    }

    fn step(&mut self, bytes: usize) {
        self.position = plus(self.position, bytes);
    }

    /// Records a line that begins, without indentation, with the keyword of an item.
    fn line(&mut self) {
        let indent = self
            .rest()
            .bytes()
            .take_while(|b| matches!(b, b' ' | b'\t'))
            .count();
        if matches!(
            self.source.as_bytes().get(plus(self.position, indent)),
            Some(b'-' | b';')
        ) {
            self.step(indent);
            self.foreign_comment();
            return;
        }
        let rest = self.rest();
        let word = rest
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
            .count();
        if !ITEM_KEYWORDS.contains(&rest.split_at(word).0) {
            self.expectation(indent);
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
                self.error(Kind::ControlCharacter(c), Span::new(start, self.position));
            }
        }
    }

    /// Steps over text without brackets, literals and comments: this character, and others.
    fn plain(&mut self) {
        let controls = self.may_have_controls;
        let mut chars = self.rest().chars();
        chars.next();
        let others = chars.as_str();
        let next = others.bytes().position(|byte| {
            matches!(
                byte,
                b'"' | b'\'' | b'`' | b'#' | b'/' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'\n' | 0x80..
            ) || (controls && may_be_control(byte))
        });
        let length = self
            .rest()
            .len()
            .saturating_sub(others.len().saturating_sub(next.unwrap_or(others.len())));
        let dashes = match self.may_have_dashes {
            true => self.rest().split_at(length).0.find(DASHES),
            false => None,
        };
        // The space before them.
        let length = dashes.map_or(length, |before| plus(before, 1));
        if length > MAX_NAME_BYTES {
            self.check_names(length);
        }
        self.step(length);
    }

    /// Reports the names among the next `length` bytes that are too long.
    fn check_names(&mut self, length: usize) {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '*');
        let text = self.rest().split_at(length).0;
        let mut start = self.position;
        for piece in text.split_inclusive(|c| !is_name(c)) {
            let bytes = piece.trim_end_matches(|c| !is_name(c)).len();
            if bytes > MAX_NAME_BYTES {
                self.error(Kind::NameTooLong { bytes }, Span::sized(start, bytes));
            }
            start = plus(start, piece.len());
        }
    }
}

fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

/// Returns whether a byte may begin a control character. Those beyond ASCII begin with `C2`.
fn may_be_control(byte: u8) -> bool {
    (byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r')) || byte == 0xc2
}
