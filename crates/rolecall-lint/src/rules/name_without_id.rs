//! A project or a group is known by a name only.

use crate::ask;
use crate::clause::{Asked, ClauseView};
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::rules::cross_issuer_collision;
use crate::stranger::{by_pattern, texts};
use rolecall_engine::ir::{ClaimDefinition, Formula, Question, Trust};
use rolecall_engine::{ClaimId, Scalar};

pub(crate) static RULE: Rule = Rule {
    name: "name-without-id",
    summary: "a project or its owner is known by its name only, which may come to belong to somebody else",
    category: Category::Identity,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/name-without-id.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let is_name = |asked: &&Asked<'_>| {
        let definition = view.definition(asked.atom.claim);
        asked.wanted
            && !matches!(asked.atom.question, Question::Present)
            && definition.is_some_and(|definition| definition.tenant && definition.trust == Trust::Recyclable)
    };
    let Some(name) = view.asked.iter().find(is_name) else {
        return;
    };
    let ids = || {
        view.claims()
            .filter(|(_, definition)| definition.tenant && definition.trust == Trust::Immutable)
    };
    let Some((best, _)) = ids().find(|(claim, _)| !view.is_derived(*claim)) else {
        return;
    };
    if ids().any(|(claim, _)| view.narrows(claim)) {
        return;
    }
    // Other rules say it of names that belong to somebody else already.
    if by_pattern(view, linting).is_some() || cross_issuer_collision::collision(view, linting).is_some() {
        return;
    }
    // A token of whoever has the name now: its ids are others than before. `sub` may have an id in it.
    let sure = ids().filter(|(_, definition)| !definition.optional);
    let others: Vec<Formula> = sure
        .filter_map(|(claim, definition)| other_id(view, claim, definition))
        .collect();
    let Some(witness) = linting.lets_in(view, ask::all(others)) else {
        return;
    };
    let severity = match (view.is_shared(), view.is_privileged) {
        (true, true) => Severity::High,
        (false, true) => Severity::Medium,
        (_, false) => Severity::Low,
    };
    let (location, id) = (name.atom.location, view.name(best));
    linting.report(
        Finding::new(
            &RULE,
            location,
            format!(
                "`{}` holds for whoever has the name at that time",
                linting.text(location)
            ),
        )
        .severity(severity)
        .label("names can be given up and taken")
        .help(format!(
            "ask for the id as well, which is never used again: `{id} == \"…\"`"
        ))
        .witness(witness),
    );
}

/// The condition that an id is another one than those that are written.
fn other_id(view: &ClauseView<'_>, claim: ClaimId, definition: &ClaimDefinition) -> Option<Formula> {
    match definition.claim_type.scalar() {
        Scalar::Id => Some(ask::one_of(claim, ["918273645"])),
        _ => {
            let mut written = texts(view, claim).peekable();
            written
                .peek()
                .is_some()
                .then(|| ask::not(ask::one_of(claim, written)))
        }
    }
}
