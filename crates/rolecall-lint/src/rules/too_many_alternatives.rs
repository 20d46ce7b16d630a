//! Roles and conditions with too many alternatives.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::trees::{conditions_of, each_part};
use rolecall_engine::{FileId, Location};
use rolecall_syntax::ast::{Expr, ExprAt, Item, Operand, RoleMember};
use rolecall_syntax::{Span, Spanned};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "too-many-alternatives",
        summary: "a role has too many alternatives to review",
        category: Category::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::High,
        persona: Persona::Pedantic,
        fix: None,
        page: include_str!("../../docs/too-many-alternatives.md"),
    },
    check: Check::Set(check),
};

/// The number that fits on a page.
const MOST: usize = 50;

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let found = context.trees.items().flat_map(|(file, item)| {
        let mut findings: Vec<Finding> = ways(file, item).into_iter().collect();
        conditions_of(&item.node, &mut |condition| {
            each_part(condition, &mut |part| findings.extend(parts(file, part)));
        });
        findings
    });
    found.collect()
}

/// Reports a role with too many clauses.
fn ways(file: FileId, item: &Spanned<Item>) -> Option<Finding> {
    let Item::Role(role) = &item.node else { return None };
    let allows = role.members.iter();
    let count = allows
        .filter(|member| matches!(member.node, RoleMember::Allow(_)))
        .count();
    let head = Location::new(file, Span::new(item.span.start, role.name.span.end));
    let message = format!("`{}` has {count} clauses", role.name.node);
    (count > MOST)
        .then(|| Finding::new(&RULE.info, head, message).help("split the role, or compare with lists"))
}

/// Reports a part of a condition with too many alternatives or elements.
fn parts(file: FileId, part: &ExprAt) -> Option<Finding> {
    let (span, message, help) = match &part.node {
        Expr::Any(parts) if parts.len() > MOST => (
            parts.first().map_or(part.span, |first| first.span),
            format!("this condition has {} alternatives", parts.len()),
            "name groups of them: `condition NAME = …`",
        ),
        Expr::Compare(comparison) => match &comparison.operand.node {
            Operand::List(elements) if elements.len() > MOST => (
                comparison.claim.span(),
                format!("the list has {} elements", elements.len()),
                "name the list: `set NAME = […]`",
            ),
            _ => return None,
        },
        _ => return None,
    };
    Some(Finding::new(&RULE.info, Location::new(file, span), message).help(help))
}
