//! More alternatives than anybody reads.

use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::trees::{conditions_of, each_part};
use rolecall_engine::Location;
use rolecall_syntax::Span;
use rolecall_syntax::ast::{Expr, Item, Operand, RoleMember};

pub(crate) static RULE: Rule = Rule {
    name: "too-many-alternatives",
    summary: "a role has more alternatives than anybody reads",
    category: Category::Hygiene,
    severity: Severity::Info,
    confidence: Confidence::High,
    persona: Persona::Pedantic,
    fix: None,
    page: include_str!("../../docs/too-many-alternatives.md"),
    check: Check::Set(check),
};

/// As many as fit on a page.
const MOST: usize = 50;

fn check(linting: &mut Linting<'_, '_>) {
    let trees = linting.trees;
    for (file, item) in trees.items() {
        let mut found: Vec<(Span, String, &str)> = Vec::new();
        if let Item::Role(role) = &item.node {
            let mut allows = role
                .members
                .iter()
                .filter(|member| matches!(member.node, RoleMember::Allow(_)));
            let more = allows
                .nth(MOST)
                .map(|_| allows.count().saturating_add(MOST).saturating_add(1));
            found.extend(more.map(|count| {
                let head = Span::new(item.span.start, role.name.span.end);
                let message = format!("there are {count} ways to get `{}`", role.name.node);
                (head, message, "make several roles of it, or compare with lists")
            }));
        }
        conditions_of(&item.node, &mut |condition| {
            each_part(condition, &mut |part| match &part.node {
                Expr::Any(parts) if parts.len() > MOST => {
                    let first = parts.first().map_or(part.span, |first| first.span);
                    let message = format!("one of {} conditions must hold", parts.len());
                    found.push((first, message, "give groups of them a name: `condition NAME = …`"));
                }
                Expr::Compare(comparison) => {
                    if let Operand::List(elements) = &comparison.operand.node
                        && elements.len() > MOST
                    {
                        let message = format!("the list has {} elements", elements.len());
                        found.push((
                            comparison.claim.span(),
                            message,
                            "give it a name: `set NAME = […]`",
                        ));
                    }
                }
                _ => {}
            });
        });
        for (span, message, help) in found {
            linting.report(Finding::new(&RULE, Location::new(file, span), message).help(help));
        }
    }
}
