//! Files without an edition.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::fix::{Edit, Fix};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::text;
use rolecall_engine::Location;
use rolecall_syntax::ast::Item;
use rolecall_syntax::{EDITION, Span};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "missing-edition",
        summary: "a file does not declare the edition of the language",
        category: Category::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Pedantic,
        fix: Some(Safety::Safe),
        page: include_str!("../../docs/missing-edition.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let found = context.trees.files().filter_map(|(id, file)| {
        let first = file.items.first()?;
        if file
            .items
            .iter()
            .any(|item| matches!(item.node, Item::Edition(_)))
        {
            return None;
        }
        let line = format!("edition {EDITION}\n\n");
        let top = Location::new(id, Span::at(0));
        let fix = Fix::new(
            Safety::Safe,
            format!("write `edition {EDITION}`"),
            vec![Edit::new(top, line)],
        );
        let location = Location::new(id, Span::new(first.span.start, text::plus(first.span.start, 1)));
        Some(
            Finding::new(&RULE.info, location, "this file does not declare an edition")
                .help(format!(
                    "write `edition {EDITION}` on the first line, so that later editions do not change \
                     the file"
                ))
                .fix(fix),
        )
    });
    found.collect()
}
