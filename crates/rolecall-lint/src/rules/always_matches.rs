//! Every token of the issuer gets the role.

use crate::ask;
use crate::clause::ClauseView;
use crate::finding::Finding;
use crate::linting::Linting;
use crate::proof::{well_typed, whole};
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::Scalar;
use rolecall_engine::ir::{Formula, Question};

pub(crate) static RULE: Rule = Rule {
    name: "always-matches",
    summary: "every token of the issuer gets the role",
    category: Category::Logic,
    severity: Severity::High,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/always-matches.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    // That strangers get in is said by other rules, and most conditions name a value.
    if view.is_shared() || names_a_value(view) {
        return;
    }
    // A token that lacks a claim which all tokens have is nobody's.
    let mut usual = Vec::new();
    for asked in &view.asked {
        let definition = view.definition(asked.atom.claim);
        if let Some(definition) =
            definition.filter(|definition| !definition.optional && !definition.claim_type.is_list())
        {
            usual.extend(well_typed(asked.atom.claim, definition.claim_type.scalar()));
        }
    }
    let (issuer, goal) = (view.clause.issuer, whole(view.clause));
    if !linting.implies(issuer, ask::all(usual.clone()), vec![goal])
        || linting.nobody(issuer, ask::all(usual))
    {
        return;
    }
    let name = &view.issuer.issuer.name;
    let label = if view.asked.is_empty() {
        "there is no condition"
    } else {
        "the condition keeps nobody out"
    };
    let witness = linting.lets_in(view, Formula::always());
    linting.report(
        Finding::new(
            &RULE,
            view.head,
            format!("every token of `{name}` gets `{}`", view.role.name),
        )
        .label(label)
        .help("say which project may have the role, and from which ref")
        .witness(witness),
    );
}

/// Whether a condition must hold that some values do not fulfil, which is plain to see.
fn names_a_value(view: &ClauseView<'_>) -> bool {
    view.asked.iter().any(|asked| {
        let scalar = view
            .definition(asked.atom.claim)
            .map(|definition| definition.claim_type.scalar());
        let is_open = !matches!(scalar, Some(Scalar::Bool | Scalar::Enum { .. }));
        asked.required && asked.wanted && is_open && matches!(asked.atom.question, Question::OneOf(_))
    })
}
