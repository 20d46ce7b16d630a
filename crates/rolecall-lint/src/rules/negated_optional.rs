//! Negated comparisons of claims that tokens may omit.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use rolecall_engine::ir::Question;
use rolecall_syntax::ast::Operator;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "negated-optional",
        summary: "a negated comparison on a claim that tokens may omit",
        category: Category::Operators,
        severity: Severity::Low,
        confidence: Confidence::Medium,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/negated-optional.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    if constraint.wanted {
        return None;
    }

    let (claim, location) = (constraint.atom.claim, constraint.location);
    if matches!(constraint.atom.question, Question::Present) {
        return None;
    }
    let definition = view.definition(claim);
    if !definition.optional {
        return None;
    }
    // A clause that also requires the claim, or its absence, is deliberate.
    let mut others = view.constraints_on(claim);
    if others.any(|other| other.required && other.wanted || other.atom.question == Question::Present) {
        return None;
    }
    let comparison = context.trees.comparison(location);
    let is_plain = comparison.is_some_and(|comparison| comparison.operator.node == Operator::NotEqual);
    let text = format!("(!has {definition} || {})", context.text(location));
    let edit = is_plain
        .then(|| edits::replace(context, location, text))
        .flatten();
    let fix = edit.map(|edit| {
        Fix::new(
            Safety::Unsafe,
            format!("admit tokens without `{definition}`"),
            vec![edit],
        )
    });
    let message = format!("a token without `{definition}` does not fulfil this either");
    Some(
        Finding::new(&RULE.info, location, message)
            .label("neither true nor false if it is absent")
            .help(format!(
                "write `!has {definition} || …` to admit such tokens, or `has {definition} && …` to \
                 exclude them explicitly"
            ))
            .fix(fix),
    )
}
