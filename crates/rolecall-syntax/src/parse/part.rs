//! Matches of the grammar in one flat array: each match before the matches inside of it.
//!
//! Trees are built from these and not from pest's pairs, which count their inner pairs at each step, and
//! which include the space and the comments after the last token.

use super::Rule;
use crate::span::{Span, Spanned, plus};
use pest::Token;
use pest::iterators::Pairs;

/// The matches of one run of the grammar.
pub(super) struct Parts<'a> {
    source: &'a str,
    matches: Vec<Match>,
}

struct Match {
    rule: Rule,
    span: Span,
    /// The index after the last match inside of this one.
    end: usize,
}

impl<'a> Parts<'a> {
    /// Collects the matches of a run that began at `base`.
    pub(super) fn new(source: &'a str, base: usize, pairs: Pairs<'_, Rule>) -> Self {
        let tokens = pairs.tokens();
        let mut matches: Vec<Match> = Vec::with_capacity(tokens.len() / 2);
        // The index of the innermost open match. Until a match ends, its `end` is the index of the one around
        // it.
        let mut open = 0;
        let mut end_of_token = base;
        for token in tokens {
            match token {
                Token::Start { rule, pos } => {
                    let around = std::mem::replace(&mut open, matches.len());
                    matches.push(Match {
                        rule,
                        span: Span::at(plus(base, pos.pos())),
                        end: around,
                    });
                }
                Token::End { rule, pos } => {
                    let end = matches.len();
                    // A match ends where its last inner match ends, but for the last `]` of a claim path.
                    if end == plus(open, 1) || matches!(rule, Rule::claim_path | Rule::step) {
                        end_of_token = plus(base, pos.pos());
                    }
                    if let Some(part) = matches.get_mut(open) {
                        part.span.end = end_of_token;
                        open = std::mem::replace(&mut part.end, end);
                    }
                }
            }
        }
        Self { source, matches }
    }

    /// Returns the claim paths with more names than this, and their numbers of names.
    pub(super) fn paths_longer_than(&self, most: usize) -> impl Iterator<Item = (Span, usize)> {
        let matches = self.matches.iter().enumerate();
        let paths = matches
            .filter(move |(index, path)| path.rule == Rule::claim_path && path.end > plus(*index, most));
        let count = |(index, path): (usize, &Match)| {
            let names = Inner {
                parts: self,
                next: plus(index, 1),
                end: path.end,
            };
            (path.span, names.count())
        };
        paths.map(count).filter(move |(_, names)| *names > most)
    }

    /// Returns the parts that are not inside of another.
    pub(super) fn outer(&self) -> Inner<'_> {
        Inner {
            parts: self,
            next: 0,
            end: self.matches.len(),
        }
    }
}

/// A part of the text that a rule of the grammar matched.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    parts: &'a Parts<'a>,
    matched: &'a Match,
    /// The index of the first match inside of this one.
    start: usize,
}

impl<'a> Part<'a> {
    pub(super) fn rule(self) -> Rule {
        self.matched.rule
    }

    /// Returns the span to the end of the last token.
    pub(super) fn span(self) -> Span {
        self.matched.span
    }

    pub(super) fn text(self) -> &'a str {
        self.span().text(self.parts.source)
    }

    pub(super) fn at<T>(self, node: T) -> Spanned<T> {
        Spanned::new(node, self.span())
    }

    /// Returns the parts inside of this one.
    pub(super) fn inner(self) -> Inner<'a> {
        Inner {
            parts: self.parts,
            next: self.start,
            end: self.matched.end,
        }
    }

    /// Returns the first part inside of this one.
    pub(super) fn only(self) -> Option<Self> {
        self.inner().next()
    }

    /// Returns the first part of a rule.
    pub(super) fn first(self, rule: Rule) -> Option<Self> {
        self.all(rule).next()
    }

    /// Returns all parts of a rule.
    pub(super) fn all(self, rule: Rule) -> impl Iterator<Item = Self> {
        self.inner().filter(move |part| part.rule() == rule)
    }
}

/// Iterator over parts side by side.
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
        let matched = self.parts.matches.get(self.next)?;
        let start = plus(self.next, 1);
        self.next = matched.end;
        Some(Part {
            parts: self.parts,
            matched,
            start,
        })
    }
}
