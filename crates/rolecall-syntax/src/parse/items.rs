//! Items: many at once, or one by one where something is wrong.

use super::part::Parts;
use super::{EDITION, Reader};
use crate::ast::Item;
use crate::error::SyntaxErrorKind as Kind;
use crate::expected;
use crate::grammar::{Grammar, Rule};
use crate::limits::{MAX_ERRORS, MAX_NESTING, MAX_PATH, STACK_BYTES, STACK_BYTES_PER_LEVEL};
use crate::scan::{Scan, skip_trivia};
use crate::span::Spanned;
use pest::Parser;
use pest::iterators::Pairs;
use std::borrow::Cow;

/// At least so much is read by one run of the grammar, so that what a run costs does not count.
const RUN_BYTES: usize = 4 * 1024;

/// What the grammar may read of a file, byte for byte. It takes control characters for space, so one that it knows
/// nothing of stands for them.
pub(super) fn readable<'a>(source: &'a str, scan: &Scan) -> Cow<'a, str> {
    let is_control = |c: char| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r');
    let is_reported = |kind: &Kind| matches!(kind, Kind::ControlCharacter(_));
    if scan.errors.iter().any(|error| is_reported(&error.kind)) {
        Cow::Owned(source.replace(is_control, "\u{7f}"))
    } else {
        Cow::Borrowed(source)
    }
}

/// Whether there is stack for all levels of nesting: the parser does not ask again.
fn has_stack(scan: &Scan) -> bool {
    let levels = scan.depth.min(MAX_NESTING);
    let needed = STACK_BYTES.saturating_add(levels.saturating_mul(STACK_BYTES_PER_LEVEL));
    pest_stack_guard::remaining_stack().is_none_or(|bytes| bytes > needed)
}

impl Reader<'_> {
    /// Reads the items of the file.
    pub(super) fn read(&mut self) {
        if !has_stack(self.scan) {
            self.error(Kind::OutOfStack, self.scan.deepest);
            return;
        }
        let mut position = self.skip_trivia(self.scan.start);
        let mut one_by_one_until = if self.errors.is_empty() { 0 } else { usize::MAX };
        while position < self.source.len() && self.errors.len() <= MAX_ERRORS {
            if position < one_by_one_until {
                position = self.item(position);
                continue;
            }
            let end = self.restart_after(position.saturating_add(RUN_BYTES));
            if self.items(position, end) {
                position = end;
            } else {
                one_by_one_until = end;
            }
        }
    }

    /// Reads all items between two places; false if not all of them are right.
    fn items(&mut self, start: usize, end: usize) -> bool {
        let text = self.text.get(start..end).unwrap_or_default();
        let Ok(pairs) = Grammar::parse(Rule::items, text) else {
            return false;
        };
        let parts = Parts::new(self.source, start, pairs);
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

    /// Reads one item and gives the place to go on: after a broken one, the next line that looks like an item.
    fn item(&mut self, position: usize) -> usize {
        let restart = self.restart_after(position);
        let errors = self.scan.errors.iter();
        let mut broken = errors.skip_while(|error| error.span.start < position).peekable();
        // No item reaches beyond a closing bracket without an opening one; but before it there may be the reason.
        // What else the walk over the file found is said once.
        let limit = match broken.peek() {
            Some(error) if error.span.start < restart => match error.kind {
                Kind::UnopenedBracket(_) => error.span.start,
                _ => return restart,
            },
            _ => usize::MAX,
        };
        // What nests too deep never gets to the grammar.
        let too_deep = broken.find(|error| error.kind == Kind::TooDeep);
        let end = too_deep.map_or(self.source.len(), |error| error.span.start);
        if let Some(next) = self.item_in_sight(position, end) {
            return next;
        }
        let text = self.text.get(position..end).unwrap_or_default();
        match Grammar::parse(Rule::item, text) {
            Ok(pairs) => {
                if let Some(item) = self.build_first(position, pairs) {
                    let end = item.span.end;
                    self.push(item);
                    return self.skip_trivia(end);
                }
            }
            Err(error) => {
                let error = expected::explain(self.source, position, &error);
                if error.span.start < limit && (too_deep.is_none() || error.span.start < end) {
                    self.errors.push(error);
                }
                // If only what comes after the item is wrong, there is more to say of the item.
                if let Ok(pairs) = Grammar::parse(Rule::any_item, text) {
                    self.build_first(position, pairs);
                }
            }
        }
        restart
    }

    /// Reads one item that ends where a later line looks like one, and gives the place to go on. The grammar counts the lines
    /// of all the text that it is given: with the rest of the file, many items would take time quadratic in it.
    fn item_in_sight(&mut self, position: usize, end: usize) -> Option<usize> {
        let mut sight = 0_usize;
        loop {
            let reach = self.restart_after(position.saturating_add(sight));
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
            sight = reach.saturating_sub(position).saturating_mul(2);
        }
    }

    fn build_first(&mut self, position: usize, pairs: Pairs<'_, Rule>) -> Option<Spanned<Item>> {
        let parts = Parts::new(self.source, position, pairs);
        self.check_paths(&parts);
        self.build(parts.outer().next()?)
    }

    /// Reports the paths of claims that are too long.
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
        skip_trivia(self.source, &self.scan.comments, position)
    }

    /// The next line after a place that looks like an item, or else the end of the file.
    fn restart_after(&self, position: usize) -> usize {
        let restarts = &self.scan.restarts;
        let next = restarts.partition_point(|restart| *restart <= position);
        restarts.get(next).copied().unwrap_or(self.source.len())
    }
}
