//! A literal stands twice in a list.

use crate::finding::{Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::trees::{each_condition, each_part};
use hashbrown::HashMap;
use rolecall_engine::Location;
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{Expr, Item, Operand};

pub(crate) static RULE: Rule = Rule {
    name: "repeated-element",
    summary: "a literal stands twice in a list",
    category: Category::Operators,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Safe),
    page: include_str!("../../docs/repeated-element.md"),
    check: Check::Set(check),
};

fn check(linting: &mut Linting<'_, '_>) {
    let trees = linting.trees;
    for (number, file) in trees.files.iter().enumerate() {
        for item in &file.items {
            if let Item::Set(set) = &item.node {
                look(number, &set.elements.node, linting);
            }
        }
        each_condition(file, &mut |condition| {
            each_part(condition, &mut |part| {
                if let Expr::Compare(comparison) = &part.node
                    && let Operand::List(elements) = &comparison.operand.node
                {
                    look(number, elements, linting);
                }
            });
        });
    }
}

fn look(file: usize, elements: &[Spanned<Operand>], linting: &mut Linting<'_, '_>) {
    // Sets may be long.
    let mut seen: HashMap<String, &Spanned<Operand>> = HashMap::new();
    for (number, element) in elements.iter().enumerate() {
        let location = Location::new(file, element.span);
        let meant = match &element.node {
            Operand::Text(text) => format!(
                "{:?}",
                text.chars().map(|c| (c.value, c.escaped)).collect::<Vec<_>>()
            ),
            _ => linting.text(location).to_owned(),
        };
        let Some(first) = seen.get(&meant) else {
            seen.insert(meant, element);
            continue;
        };
        // A list is one of its elements, however often each is in it.
        let edit = linting.without(file, elements, number, ",");
        let fix = edit.map(|edit| Fix::new(Safety::Safe, "take it out", vec![edit]));
        let finding = Finding::new(
            &RULE,
            location,
            format!("`{}` is in this list already", linting.text(location)),
        )
        .label("again")
        .help("take it out, or write what was meant instead")
        .note(Location::new(file, first.span), "here first")
        .fix(fix);
        linting.report(finding);
    }
}
