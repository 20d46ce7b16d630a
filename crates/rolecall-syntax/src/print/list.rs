//! Parts with a list in brackets.

use super::Printer;
use crate::span::{Span, plus};
use std::ops::Range;

/// A part with a list in it.
#[derive(Clone, Copy)]
pub(super) struct ListPart<'a> {
    /// The span of the part.
    pub(super) span: Span,
    /// The text before the list.
    pub(super) head: &'a str,
    /// The span of the list, from bracket to bracket.
    pub(super) list: Span,
    /// The list on one line.
    pub(super) text: &'a str,
    /// The text after the list.
    pub(super) tail: &'a str,
}

impl Printer<'_> {
    /// Prints a part with a list in it, on one line or with one element per line.
    pub(super) fn list_part(&mut self, part: &ListPart<'_>, elements: impl FnOnce(&mut Self)) {
        let ListPart {
            span,
            head,
            list,
            text,
            tail,
        } = *part;
        self.begin_around(span.start, &[span.start..list.start, list.end..span.end]);
        self.push(head);
        let inside = inside(list);
        let empty = text.len() <= "[]".len();
        let fits = empty || self.fits(&[head, text, tail].concat());
        if fits && !self.comments.any_in(&inside) {
            self.push(text);
        } else {
            let mut brackets = text.chars();
            let (open, close) = (brackets.next(), brackets.next_back());
            self.out.extend(open);
            self.body(inside, elements);
            self.out.extend(close);
        }
        self.push(tail);
        self.trailing(span.end);
    }
}

/// Returns the range inside of brackets. It is empty for the empty span of a part without source.
pub(super) fn inside(brackets: Span) -> Range<usize> {
    match brackets.end.checked_sub(1) {
        Some(end) => plus(brackets.start, 1)..end,
        None => brackets.range(),
    }
}
