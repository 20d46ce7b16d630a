//! Ids without a name beside them.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::remark::is_explained;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_engine::ir::{Question, Trust};
use rolecall_syntax::ast::Operand;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "id-without-name",
        summary: "an id is compared, and no name or comment identifies its owner",
        category: Category::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::High,
        persona: Persona::Pedantic,
        fix: None,
        page: include_str!("../../docs/id-without-name.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    let mut named = view.claims().filter(|(claim, definition)| {
        definition.tenant && definition.trust == Trust::Recyclable && view.compares(*claim)
    });
    if named.next().is_some() {
        return None;
    }

    let claim = constraint.atom.claim;
    let is_id = view.definition(claim).tenant
        && view.trust(claim) == Trust::Immutable
        && matches!(constraint.atom.question, Question::OneOf(_));
    let location = constraint.location;
    let comparison = context.trees.comparison(location).filter(|_| is_id)?;
    // A set and a parameter have a name.
    if matches!(comparison.operand.node, Operand::Reference(_)) {
        return None;
    }
    let file = context.trees.file(location.file())?;
    let source = &context.program()[location.file()];
    if is_explained(&source.text, file, location.span()) {
        return None;
    }
    let message = format!(
        "no name or comment identifies the owner of the id in `{}`",
        context.text(location)
    );
    Some(
        Finding::new(&RULE.info, location, message)
            .help("also compare the name, or write it in a comment on the line"),
    )
}
