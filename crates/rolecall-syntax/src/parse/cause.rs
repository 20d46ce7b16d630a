//! Causes of errors of the grammar that stand before or after their place.

use super::Reader;
use super::language::language;
use crate::error::{SyntaxError, SyntaxErrorKind as Kind};
use crate::expected;
use crate::span::{Span, text_from};

impl Reader<'_> {
    /// Makes an error in the item at a position one about its cause, where that is another: a text in another
    /// language, a missing comma, or a brace that closes a role too early.
    pub(super) fn look_around(&mut self, position: usize, restart: usize, error: &mut SyntaxError) {
        if let Some(kind) = self.language_after(position, error) {
            let begins = error.span.start;
            let is_inside = |error: &SyntaxError| (begins..restart).contains(&error.span.start);
            self.errors.retain(|error| !is_inside(error));
            *error = SyntaxError::new(kind, self.line_from(begins));
        } else if error.kind == Kind::MissingComma {
            error.span = Span::at(self.end_of_token(error.span.start));
        } else if expected::ends_role_early(error, Span::new(position, error.span.start).text(self.text)) {
            // The brace that closes nothing is the right one.
            let begins = error.span.start;
            let is_partner =
                |error: &SyntaxError| error.kind == Kind::UnopenedBracket('}') && error.span.start > begins;
            if let Some(index) = self.errors.iter().position(is_partner) {
                self.errors.remove(index);
            }
        }
    }

    /// Returns the error for a text in another language after the item at a position.
    fn language_after(&self, position: usize, error: &SyntaxError) -> Option<Kind> {
        let Kind::Unexpected { expected, .. } = &error.kind else {
            return None;
        };
        let item = Span::new(position, error.span.start).text(self.text);
        let begins_line = item.trim_end_matches([' ', '\t']).ends_with('\n');
        let is_whole = item.starts_with("edition") || item.trim_end().ends_with('}');
        let is_next = expected.iter().any(|other| other == expected::NEXT_ITEM);
        if !(begins_line && is_whole && is_next) {
            return None;
        }
        language(text_from(self.source, error.span.start))
    }

    /// Returns where the last token before a position ends, before space and comments.
    fn end_of_token(&self, mut position: usize) -> usize {
        loop {
            position = Span::new(0, position).text(self.text).trim_end().len();
            let after = self
                .scan
                .comments
                .partition_point(|comment| comment.span.start < position);
            match after
                .checked_sub(1)
                .and_then(|index| self.scan.comments.get(index))
            {
                Some(comment) if position <= comment.span.end => position = comment.span.start,
                _ => return position,
            }
        }
    }
}
