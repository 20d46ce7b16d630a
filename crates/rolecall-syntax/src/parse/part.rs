//! What the grammar found, laid flat: each part before the parts that it is made of.
//!
//! Trees are built of these and not of pest's pairs, which count what is in them at each step, and which end after
//! the space and the comments that a rule took.

use super::Rule;
use crate::span::{Span, Spanned};
use pest::Token;
use pest::iterators::Pairs;

/// What one run of the grammar found.
pub(super) struct Parts<'a> {
    source: &'a str,
    found: Vec<Found>,
}

struct Found {
    rule: Rule,
    span: Span,
    /// How many were found before the end of this one.
    end: usize,
}

impl<'a> Parts<'a> {
    /// What was found in `source` from `base` on.
    pub(super) fn new(source: &'a str, base: usize, pairs: Pairs<'_, Rule>) -> Self {
        let tokens = pairs.tokens();
        let mut found: Vec<Found> = Vec::with_capacity(tokens.len() / 2);
        // The innermost part that is open; each of them knows the one around it until it ends.
        let mut open = 0;
        let mut end_of_token = base;
        for token in tokens {
            match token {
                Token::Start { rule, pos } => {
                    let span = Span::at(base.saturating_add(pos.pos()));
                    found.push(Found {
                        rule,
                        span,
                        end: open,
                    });
                    open = found.len().saturating_sub(1);
                }
                Token::End { rule, pos } => {
                    let end = found.len();
                    // A part ends where its last one ends. But the last `]` of a claim's path is no part of it.
                    if end == open.saturating_add(1) || matches!(rule, Rule::claim_path | Rule::step) {
                        end_of_token = base.saturating_add(pos.pos());
                    }
                    if let Some(part) = found.get_mut(open) {
                        part.span.end = end_of_token;
                        open = std::mem::replace(&mut part.end, end);
                    }
                }
            }
        }
        Self { source, found }
    }

    /// The paths of claims, wherever they stand, with more names than this.
    pub(super) fn paths_longer_than(&self, most: usize) -> impl Iterator<Item = (Span, usize)> {
        let found = self.found.iter().enumerate();
        let paths = found.filter(move |(place, found)| {
            found.rule == Rule::claim_path && found.end.saturating_sub(*place) > most
        });
        let count = |(place, found): (usize, &Found)| {
            let names = Inner {
                parts: self,
                next: place.saturating_add(1),
                end: found.end,
            };
            (found.span, names.count())
        };
        paths.map(count).filter(move |(_, names)| *names > most)
    }

    /// The parts that are in no other.
    pub(super) fn outer(&self) -> Inner<'_> {
        Inner {
            parts: self,
            next: 0,
            end: self.found.len(),
        }
    }
}

/// A part of the text that follows a rule of the grammar.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    parts: &'a Parts<'a>,
    found: &'a Found,
    /// How many were found before the first of its parts.
    start: usize,
}

impl<'a> Part<'a> {
    pub(super) fn rule(self) -> Rule {
        self.found.rule
    }

    /// Where it stands: to the end of its last token.
    pub(super) fn span(self) -> Span {
        self.found.span
    }

    pub(super) fn text(self) -> &'a str {
        self.span().text(self.parts.source)
    }

    pub(super) fn at<T>(self, node: T) -> Spanned<T> {
        Spanned::new(node, self.span())
    }

    /// What it is made of.
    pub(super) fn inner(self) -> Inner<'a> {
        Inner {
            parts: self.parts,
            next: self.start,
            end: self.found.end,
        }
    }

    /// The first of what it is made of.
    pub(super) fn only(self) -> Option<Self> {
        self.inner().next()
    }

    /// The first of one kind.
    pub(super) fn first(self, rule: Rule) -> Option<Self> {
        self.all(rule).next()
    }

    /// All of one kind.
    pub(super) fn all(self, rule: Rule) -> impl Iterator<Item = Self> {
        self.inner().filter(move |part| part.rule() == rule)
    }
}

/// Parts side by side.
pub(super) struct Inner<'a> {
    parts: &'a Parts<'a>,
    next: usize,
    end: usize,
}

impl<'a> Iterator for Inner<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        if self.next >= self.end {
            return None;
        }
        let found = self.parts.found.get(self.next)?;
        let start = self.next.saturating_add(1);
        self.next = found.end;
        Some(Part {
            parts: self.parts,
            found,
            start,
        })
    }
}
