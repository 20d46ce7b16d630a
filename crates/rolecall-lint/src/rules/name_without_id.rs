//! Projects and groups that are identified by a name only.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::collision::collision;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::stranger::{by_pattern, texts};
use rolecall_engine::ir::{ClaimDefinition, Formula, Question, Trust};
use rolecall_engine::{ClaimId, Scalar};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "name-without-id",
        summary: "a project or its owner is identified by its name only, which another owner may take over",
        category: Category::Identity,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/name-without-id.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let is_name = |constraint: &&Constraint<'_>| {
        let definition = view.definition(constraint.atom.claim);
        constraint.wanted
            && !matches!(constraint.atom.question, Question::Present)
            && definition.tenant
            && definition.trust == Trust::Recyclable
    };
    let name = view.constraints.iter().find(is_name)?;
    let ids = || {
        view.claims()
            .filter(|(_, definition)| definition.tenant && definition.trust == Trust::Immutable)
    };
    let (best, _) = ids().find(|(claim, _)| !view.is_derived(*claim))?;
    if ids().any(|(claim, _)| view.narrows(claim)) {
        return None;
    }
    // Names that already belong to another owner have rules of their own.
    if by_pattern(view, context).is_some() || collision(view, context).is_some() {
        return None;
    }
    // The new owner of the name has other ids. `sub` may contain an id.
    let sure = ids().filter(|(_, definition)| !definition.optional);
    let others: Vec<Formula> = sure
        .filter_map(|(claim, definition)| other_id(view, claim, definition))
        .collect();
    let witness = context.admits(view, ask::all(others))?;
    let severity = match (view.is_shared(), view.is_privileged) {
        (true, true) => Severity::High,
        (false, true) => Severity::Medium,
        (_, false) => Severity::Low,
    };
    let (location, id) = (name.location, view.name(best));
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!(
                "`{}` holds for any project that takes over the name",
                context.text(location)
            ),
        )
        .severity(severity)
        .label("names can be given up and taken over")
        .help(format!(
            "also compare the id, which is never reused: `{id} == \"…\"`"
        ))
        .witness(witness),
    )
}

/// Returns the condition that an id is none of the written ones.
fn other_id(view: &ClauseView<'_>, claim: ClaimId, definition: &ClaimDefinition) -> Option<Formula> {
    match definition.claim_type.scalar() {
        Scalar::Id(_) => Some(ask::one_of(claim, ["918273645"])),
        _ => {
            let mut written = texts(view, claim).peekable();
            written
                .peek()
                .is_some()
                .then(|| ask::not(ask::one_of(claim, written)))
        }
    }
}
