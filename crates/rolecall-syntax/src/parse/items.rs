//! Items: many in one run of the grammar, or one by one where something is wrong.

use super::language::language;
use super::part::Parts;
use super::{EDITION, Reader};
use crate::ast::Item;
use crate::error::{SyntaxError, SyntaxErrorKind as Kind, is_corrected};
use crate::expected;
use crate::grammar::{Grammar, Rule};
use crate::limits::{MAX_ERRORS, MAX_NESTING, MAX_PATH, STACK_BYTES, STACK_BYTES_PER_LEVEL};
use crate::scan::{Scan, skip_trivia};
use crate::span::{Span, Spanned, plus, text_from};
use pest::Parser;
use pest::iterators::Pairs;
use std::borrow::Cow;

/// The least bytes that one run of the grammar reads, so that the fixed cost of a run does not matter.
const RUN_BYTES: usize = 4 * 1024;

/// Returns the text that the grammar reads. The grammar takes control characters for space, so that those
/// that are reported become one that it does not accept anywhere. Spellings of other languages are corrected.
pub(super) fn readable<'a>(source: &'a str, scan: &Scan) -> Cow<'a, str> {
    let is_control = |c: char| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r');
    let is_reported = |kind: &Kind| matches!(kind, Kind::ControlCharacter(_));
    let mut text = if scan.errors.iter().any(|error| is_reported(&error.kind)) {
        Cow::Owned(source.replace(is_control, "\u{7f}"))
    } else {
        Cow::Borrowed(source)
    };
    if !scan.corrections.is_empty() {
        let mut corrected = String::with_capacity(text.len());
        let mut position = 0;
        for part in &scan.corrections {
            corrected += Span::new(position, part.span.start).text(&text);
            corrected += &part.text;
            position = part.span.end;
        }
        corrected += text_from(&text, position);
        text = Cow::Owned(corrected);
    }
    debug_assert_eq!(text.len(), source.len(), "each byte has its place");
    text
}

/// Returns whether there is enough stack for all levels of nesting. The parser does not check again.
fn has_stack(scan: &Scan) -> bool {
    let levels = scan.depth.min(MAX_NESTING);
    // At the bound of the numbers there is not enough stack.
    let needed = STACK_BYTES.saturating_add(levels.saturating_mul(STACK_BYTES_PER_LEVEL));
    pest_stack_guard::remaining_stack().is_none_or(|bytes| bytes > needed)
}

impl Reader<'_> {
    /// Parses the items of the file.
    pub(super) fn read(&mut self) {
        if !has_stack(self.scan) {
            self.error(Kind::OutOfStack, self.scan.deepest);
            return;
        }
        let mut position = self.skip_trivia(self.scan.start);
        if let Some(kind) = language(text_from(self.source, position)) {
            self.errors = vec![SyntaxError::new(kind, self.line_from(position))];
            return;
        }
        let mut one_by_one_until = if self.errors.is_empty() { 0 } else { usize::MAX };
        while position < self.source.len() && self.errors.len() <= MAX_ERRORS {
            if position < one_by_one_until {
                position = self.item(position);
                continue;
            }
            let end = self.restart_after(plus(position, RUN_BYTES));
            if self.items(position, end) {
                position = end;
            } else {
                one_by_one_until = end;
            }
        }
    }

    /// Parses all items between two positions. Returns false if not all of them are right.
    fn items(&mut self, start: usize, end: usize) -> bool {
        let text = Span::new(start, end).text(self.text);
        let Ok(pairs) = Grammar::parse(Rule::items, text) else {
            return false;
        };
        let parts = Parts::new(self.text, start, pairs);
        self.check_paths(&parts);
        for part in parts.outer() {
            if self.errors.len() <= MAX_ERRORS
                && let Some(item) = self.build(part)
            {
                self.push(item);
            }
        }
        true
    }

    /// Parses one item and returns the position to continue at: after a broken item, the next line that looks
    /// like an item.
    fn item(&mut self, position: usize) -> usize {
        let restart = self.restart_after(position);
        if let Some(kind) = language(text_from(self.source, position)) {
            let is_inside = |error: &SyntaxError| (position..restart).contains(&error.span.start);
            self.errors.retain(|error| !is_inside(error));
            self.error(kind, self.line_from(position));
            return restart;
        }
        let errors = self.scan.errors.iter();
        let mut broken = errors
            .filter(|error| !is_corrected(&error.kind))
            .skip_while(|error| error.span.start < position)
            .peekable();
        // No item reaches beyond a closing bracket without an opening one, but the cause may stand before it.
        // The other errors of the scan are not reported twice.
        let limit = match broken.peek() {
            Some(error) if error.span.start < restart => match error.kind {
                Kind::UnopenedBracket(_) => error.span.start,
                _ => return restart,
            },
            _ => usize::MAX,
        };
        // Text that nests too deep never gets to the grammar.
        let too_deep = broken.find(|error| error.kind == Kind::TooDeep);
        let end = too_deep.map_or(self.source.len(), |error| error.span.start);
        if let Some(next) = self.item_within_reach(position, end) {
            return next;
        }
        let text = Span::new(position, end).text(self.text);
        match Grammar::parse(Rule::item, text) {
            Ok(pairs) => {
                if let Some(item) = self.build_first(position, pairs) {
                    let end = item.span.end;
                    self.push(item);
                    return self.skip_trivia(end);
                }
            }
            Err(error) => {
                let mut error = expected::explain(self.source, self.text, position, &error);
                self.look_around(position, restart, &mut error);
                self.point_at_source(&mut error);
                if error.span.start < limit && (too_deep.is_none() || error.span.start < end) {
                    self.errors.push(error);
                }
                // If only the text after the item is wrong, the errors inside of the item are reported also.
                if let Ok(pairs) = Grammar::parse(Rule::any_item, text) {
                    self.build_first(position, pairs);
                }
            }
        }
        restart
    }

    /// Parses one item that ends before a later line that looks like one, and returns the position to
    /// continue at.
    ///
    /// pest counts the lines of all the text that it is given: with the rest of the file each time, many
    /// items would take quadratic time.
    fn item_within_reach(&mut self, position: usize, end: usize) -> Option<usize> {
        let mut sight = 0;
        loop {
            let reach = self.restart_after(plus(position, sight));
            if reach >= end {
                return None;
            }
            let text = self.text.get(position..reach)?;
            if let Ok(pairs) = Grammar::parse(Rule::item, text) {
                let item = self.build_first(position, pairs)?;
                let next = self.skip_trivia(item.span.end);
                self.push(item);
                return Some(next);
            }
            let read = text.len();
            sight = plus(read, read);
        }
    }

    /// Makes an error that stands in a corrected spelling one about the whole spelling, instead of the scan's.
    fn point_at_source(&mut self, error: &mut SyntaxError) {
        let corrected = &self.scan.corrections;
        let after = corrected.partition_point(|corrected| corrected.span.start <= error.span.start);
        let Some(corrected) = after.checked_sub(1).and_then(|index| corrected.get(index)) else {
            return;
        };
        if error.span.start >= corrected.span.end {
            return;
        }
        error.span = corrected.span;
        if let Kind::Unexpected { found, .. } = &mut error.kind {
            corrected.span.text(self.source).clone_into(found);
        }
        let is_replaced = |other: &SyntaxError| is_corrected(&other.kind) && other.span == corrected.span;
        self.errors.retain(|other| !is_replaced(other));
    }

    fn build_first(&mut self, position: usize, pairs: Pairs<'_, Rule>) -> Option<Spanned<Item>> {
        let parts = Parts::new(self.text, position, pairs);
        self.check_paths(&parts);
        self.build(parts.outer().next()?)
    }

    /// Reports claim paths that are too long.
    fn check_paths(&mut self, parts: &Parts<'_>) {
        for (span, names) in parts.paths_longer_than(MAX_PATH) {
            self.error(Kind::PathTooLong { names }, span);
        }
    }

    fn push(&mut self, item: Spanned<Item>) {
        self.check_edition(&item);
        self.items.push(item);
    }

    fn check_edition(&mut self, item: &Spanned<Item>) {
        let Item::Edition(edition) = &item.node else {
            return;
        };
        if !self.items.is_empty() {
            self.error(Kind::EditionNotFirst, item.span);
        } else if edition.node != EDITION {
            self.error(Kind::UnknownEdition(edition.node), edition.span);
        }
    }

    fn skip_trivia(&self, position: usize) -> usize {
        skip_trivia(self.text, &self.scan.comments, position)
    }

    /// Returns the text from a position to the end of its line.
    pub(super) fn line_from(&self, position: usize) -> Span {
        let line = text_from(self.source, position).lines().next();
        Span::sized(position, line.map_or(0, |line| line.trim_end().len()))
    }

    /// Returns the next line after a position that looks like an item, or else the end of the file.
    fn restart_after(&self, position: usize) -> usize {
        let restarts = &self.scan.restarts;
        let next = restarts.partition_point(|restart| *restart <= position);
        restarts.get(next).copied().unwrap_or(self.source.len())
    }
}
