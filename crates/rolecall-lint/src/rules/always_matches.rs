//! Roles for every token of an issuer.

use crate::ask;
use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_engine::Scalar;
use rolecall_engine::ir::{Formula, Question};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "always-matches",
        summary: "every token of the issuer gets the role",
        category: Category::Logic,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/always-matches.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    // Roles for strangers are reported by other rules, and most conditions name a value.
    if view.is_shared() || names_a_value(view) {
        return None;
    }
    // No issuer signs a token that lacks a claim which all its tokens have.
    let mut usual = Vec::new();
    for constraint in &view.constraints {
        let definition = view.definition(constraint.atom.claim);
        if !definition.optional && !definition.claim_type.is_list() {
            usual.extend(ask::well_typed(
                constraint.atom.claim,
                definition.claim_type.scalar(),
            ));
        }
    }
    let (issuer, goal) = (view.clause.issuer, ask::whole(view.clause));
    if !context.implies(issuer, ask::all(usual.clone()), vec![goal])
        || context.is_unsatisfiable(issuer, ask::all(usual))
    {
        return None;
    }
    let name = &view.issuer.issuer.name;
    let label = if view.constraints.is_empty() {
        "there is no condition"
    } else {
        "the condition excludes no token"
    };
    let witness = context.admits(view, Formula::always());
    Some(
        Finding::new(
            &RULE.info,
            view.head,
            format!("every token of `{name}` gets `{}`", view.role.name),
        )
        .label(label)
        .help("restrict the role to a project and a ref")
        .witness(witness),
    )
}

/// Returns whether the clause requires a literal of a claim with other values, so that no proof is needed.
fn names_a_value(view: &ClauseView<'_>) -> bool {
    view.constraints.iter().any(|constraint| {
        let scalar = view.definition(constraint.atom.claim).claim_type.scalar();
        let is_open = !matches!(scalar, Scalar::Bool(_) | Scalar::Enum { .. });
        constraint.required
            && constraint.wanted
            && is_open
            && matches!(constraint.atom.question, Question::OneOf(_))
    })
}
