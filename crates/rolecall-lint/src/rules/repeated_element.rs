//! Literals that are repeated in a list.

use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::trees::{each_condition, each_part};
use hashbrown::HashMap;
use rolecall_engine::{FileId, Location};
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{Expr, Item, Operand};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "repeated-element",
        summary: "a list contains a literal twice",
        category: Category::Operators,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Safe),
        page: include_str!("../../docs/repeated-element.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, file) in context.trees.files() {
        for item in &file.items {
            if let Item::Set(set) = &item.node {
                findings.extend(repeated(id, &set.elements.node, context));
            }
        }
        each_condition(file, &mut |condition| {
            each_part(condition, &mut |part| {
                if let Expr::Compare(comparison) = &part.node
                    && let Operand::List(elements) = &comparison.operand.node
                {
                    findings.extend(repeated(id, elements, context));
                }
            });
        });
    }
    findings
}

/// Reports the elements of a list that repeat an earlier one.
fn repeated(file: FileId, elements: &[Spanned<Operand>], context: &RuleContext<'_, '_>) -> Vec<Finding> {
    // Sets may be long.
    let mut seen: HashMap<String, &Spanned<Operand>> = HashMap::new();
    let found = elements.iter().enumerate().filter_map(|(number, element)| {
        let location = Location::new(file, element.span);
        let meant = match &element.node {
            Operand::Text(text) => format!(
                "{:?}",
                text.chars().map(|c| (c.value, c.escaped)).collect::<Vec<_>>()
            ),
            _ => context.text(location).to_owned(),
        };
        let Some(first) = seen.get(&meant) else {
            seen.insert(meant, element);
            return None;
        };
        // A list is one of its elements, however often each is in it.
        let edit = edits::remove_part(context, file, elements, number, ",");
        let fix = edit.map(|edit| Fix::new(Safety::Safe, "remove it", vec![edit]));
        let finding = Finding::new(
            &RULE.info,
            location,
            format!("this list already contains `{}`", context.text(location)),
        )
        .label("repeated")
        .help("remove it, or write the intended value")
        .note(Location::new(file, first.span), "first here")
        .fix(fix);
        Some(finding)
    });
    found.collect()
}
