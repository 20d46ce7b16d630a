//! The `expect`s of tests.

use super::Printer;
use crate::ast::{Expectation, Fact};
use crate::span::Spanned;

impl Printer<'_> {
    /// Prints expectations, one per line.
    pub(super) fn expectations(&mut self, expectations: &[Spanned<Expectation>]) {
        for expectation in expectations {
            self.expectation(expectation);
        }
    }

    /// Prints an expectation on one line, or its roles and facts one per line.
    fn expectation(&mut self, expectation: &Spanned<Expectation>) {
        let span = expectation.span;
        let keyword = self.flat(|flat| {
            flat.push("expect ");
            flat.expectation_kind(expectation.kind);
        });
        let Some(word) = word(expectation) else {
            return self.selector_list(span, &keyword, &expectation.selectors);
        };
        let line = self.flat(|flat| flat.expectation(expectation));
        if self.fits(&line) {
            return self.leaf(span, &line);
        }
        self.begin(span.range());
        let parts = self.flat_parts(expectation);
        let whole_head = self.flat(|flat| {
            flat.push(&keyword);
            flat.push(" ");
            flat.selectors(&expectation.selectors);
            flat.push(" ");
            flat.push(word);
        });
        if self.fits(&whole_head) {
            self.push(&whole_head);
        } else {
            self.push(&keyword);
            self.selector_lines(&expectation.selectors);
            self.line(false);
            self.push(word);
        }
        let last = parts.len().checked_sub(1);
        let lines = parts.into_iter().enumerate();
        self.continuation(lines.map(|(index, part)| if Some(index) == last { part } else { part + "," }));
        self.trailing(span.end);
    }

    /// Returns the parts after the last word of the head, each on one line.
    fn flat_parts(&self, expectation: &Expectation) -> Vec<String> {
        let claim = expectation.because.iter();
        let claim = claim.map(|claim| self.flat(|flat| flat.path(claim)));
        let facts = expectation.facts.iter();
        claim
            .chain(facts.map(|fact| self.flat(|flat| flat.fact(fact))))
            .collect()
    }
}

/// Returns the word between the roles and what is said about them.
fn word(expectation: &Expectation) -> Option<&'static str> {
    match (&expectation.because, expectation.facts.as_slice()) {
        (Some(_), _) => Some("because"),
        (None, [_, ..]) => Some("with"),
        (None, []) => None,
    }
}

impl super::Flat {
    /// `expect allow a, b with ttl 15m`
    pub(super) fn expectation(&mut self, expectation: &Expectation) {
        self.push("expect ");
        self.expectation_kind(expectation.kind);
        self.push(" ");
        self.selectors(&expectation.selectors);
        if let Some(word) = word(expectation) {
            self.push(" ");
            self.push(word);
            self.push(" ");
        }
        if let Some(claim) = &expectation.because {
            self.path(claim);
        }
        self.separated(", ", &expectation.facts, |flat, fact| flat.fact(fact));
    }

    fn fact(&mut self, fact: &Fact) {
        match fact {
            Fact::Grant(grant) => {
                self.push("grant ");
                self.push(&grant.name);
                self.push(" = ");
                self.string(&grant.text);
            }
            Fact::Ttl(duration) => {
                self.push("ttl ");
                self.duration(duration.node);
            }
        }
    }
}
