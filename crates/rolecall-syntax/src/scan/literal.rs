//! Comments, strings and regexes of a scan.

use super::bare::quotes_of_length;
use super::slash::Takes;
use super::{Scanner, is_control};
use crate::ast::{Comment, CommentKind};
use crate::error::SyntaxErrorKind as Kind;
use crate::limits::MAX_LITERAL_BYTES;
use crate::regex::regex_of_string;
use crate::span::{Span, Spanned, plus, text_from};
use crate::string::Str;

impl<'a> Scanner<'a> {
    fn comment(&mut self, length: usize, kind: CommentKind) {
        let span = Span::sized(self.position, length);
        // The text of a comment does not depend on how its lines end.
        let text = span.text(self.source).trim_end().replace("\r\n", "\n");
        self.check_control(span);
        self.scan
            .comments
            .push(Spanned::new(Comment { text, kind }, span));
        self.position = span.end;
    }

    pub(super) fn line_comment(&mut self) {
        let line = self.line_rest();
        let doc = line.starts_with("///") && !line.starts_with("////");
        self.comment(line.len(), if doc { CommentKind::Doc } else { CommentKind::Line });
    }

    /// Returns where the block comment that begins here ends, after its first two characters.
    pub(super) fn comment_end(&mut self) -> Option<usize> {
        let end = self.rest().get(2..).filter(|_| self.may_end_comments)?.find("*/");
        self.may_end_comments = end.is_some();
        end
    }

    pub(super) fn block_comment(&mut self) {
        match self.comment_end() {
            Some(inner) => self.comment(plus(inner, "/**/".len()), CommentKind::Block),
            None => {
                self.error(Kind::UnterminatedComment, Span::sized(self.position, 2));
                self.position = self.source.len();
            }
        }
    }

    /// Steps over a string or a regex and checks its size, its characters and its escapes.
    pub(super) fn literal(&mut self, quote: char, unterminated: Kind) {
        let start = self.position;
        self.step(1);
        let line = self.line_rest();
        // A quote after one backslash does not end it, after two it does.
        let is_end = |at: &usize| {
            let before = line.split_at(*at).0;
            let backslashes = before.bytes().rev().take_while(|byte| *byte == b'\\');
            backslashes.count().is_multiple_of(2)
        };
        let end = line.match_indices(quote).map(|(at, _)| at).find(is_end);
        let text = line.split_at(end.unwrap_or(line.len())).0;
        let inner = Span::sized(self.position, text.len());
        self.check_control(inner);
        self.position = inner.end;
        if end.is_none() {
            self.error(unterminated, Span::new(start, inner.start));
            return;
        }
        self.step(1);
        if text.len() > MAX_LITERAL_BYTES {
            let span = Span::new(start, self.position);
            self.error(Kind::LiteralTooLong { bytes: text.len() }, span);
        } else if quote == '"'
            && let Err(escape) = Str::check(text)
        {
            let span = Span::new(start, self.position);
            self.position = start;
            let takes = self.operator_before();
            self.position = span.end;
            if let Some(takes @ (Takes::ForeignRegex | Takes::Regex)) = takes {
                let regex = regex_of_string(text);
                let corrected = quotes_of_length(span.text(self.source));
                self.correct_regex(takes, Kind::StringAsRegex { regex }, span, corrected);
                return;
            }
            let start = plus(inner.start, escape.offset);
            let span = Span::new(start, plus(inner.start, escape.end));
            let unknown = span.text(self.source).to_owned();
            self.error(Kind::UnknownEscape(unknown), span);
        }
    }

    /// Returns the text from here to the end of the line.
    pub(super) fn line_rest(&mut self) -> &'a str {
        let source = self.source;
        if self.line_end <= self.position {
            let rest = text_from(source, self.position);
            self.line_end = plus(self.position, rest.find('\n').unwrap_or(rest.len()));
        }
        Span::new(self.position, self.line_end).text(source)
    }

    fn check_control(&mut self, span: Span) {
        if !self.may_have_controls {
            return;
        }
        let mut chars = span.text(self.source).char_indices();
        if let Some((offset, c)) = chars.find(|(_, c)| is_control(*c)) {
            let span = Span::sized(plus(span.start, offset), c.len_utf8());
            self.error(Kind::ControlCharacter(c), span);
        }
    }
}
