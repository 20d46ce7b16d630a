//! The `expect`s of tests.

use super::Printer;
use crate::ast::{Expectation, Fact};
use crate::span::Spanned;

impl Printer<'_> {
    /// Prints an expectation on one line, or its roles and facts one per line.
    pub(super) fn expectation(&mut self, expectation: &Spanned<Expectation>) {
        let span = expectation.span;
        let keyword = self.flat(|flat| {
            flat.push("expect ");
            flat.expectation_kind(expectation.kind);
        });
        if expectation.facts.is_empty() && expectation.because.is_none() {
            return self.selector_list(span, &keyword, &expectation.selectors);
        }
        let head = self.flat(|flat| {
            flat.push(&keyword);
            flat.push(" ");
            flat.selectors(&expectation.selectors);
        });
        let word = if expectation.because.is_some() {
            "because"
        } else {
            "with"
        };
        let parts = self.parts(expectation);
        let line = format!("{head} {word} {}", parts.join(", "));
        if self.fits(&line) {
            return self.leaf(span, &line);
        }
        self.begin(span.range());
        let whole_head = format!("{head} {word}");
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

    /// Returns the parts after the last word of the head.
    fn parts(&self, expectation: &Expectation) -> Vec<String> {
        let claim = expectation
            .because
            .iter()
            .map(|claim| self.flat(|flat| flat.path(claim)));
        let facts = expectation
            .facts
            .iter()
            .map(|fact| self.flat(|flat| flat.fact(fact)));
        claim.chain(facts).collect()
    }
}

impl super::Flat {
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
