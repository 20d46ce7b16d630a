//! A file does not say which edition of the language it is written in.

use crate::finding::{Edit, Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::Location;
use rolecall_syntax::ast::Item;
use rolecall_syntax::{EDITION, Span};

pub(crate) static RULE: Rule = Rule {
    name: "missing-edition",
    summary: "a file does not say which edition of the language it is written in",
    category: Category::Hygiene,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Pedantic,
    fix: Some(Safety::Safe),
    page: include_str!("../../docs/missing-edition.md"),
    check: Check::Set(check),
};

fn check(linting: &mut Linting<'_, '_>) {
    for (number, file) in linting.trees.files.iter().enumerate() {
        let Some(first) = file.items.first() else {
            continue;
        };
        if file
            .items
            .iter()
            .any(|item| matches!(item.node, Item::Edition(_)))
        {
            continue;
        }
        let line = format!("edition {EDITION}\n\n");
        let top = Location::new(number, Span::at(0));
        let fix = Fix::new(
            Safety::Safe,
            format!("write `edition {EDITION}`"),
            vec![Edit::new(top, line)],
        );
        let location = Location::new(
            number,
            Span::new(first.span.start, first.span.start.saturating_add(1)),
        );
        linting.report(
            Finding::new(&RULE, location, "this file says no edition")
                .help(format!(
                    "write `edition {EDITION}` on its first line: a later edition then changes nothing here"
                ))
                .fix(fix),
        );
    }
}
