//! One name is trusted from two issuers, and may belong to two owners.

use crate::clause::ClauseView;
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::Location;
use rolecall_engine::ir::{ClaimDefinition, Formula, Question, Trust};

pub(crate) static RULE: Rule = Rule {
    name: "cross-issuer-collision",
    summary: "one name is trusted from two issuers, and may belong to somebody else at one of them",
    category: Category::Identity,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/cross-issuer-collision.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let Some((location, name, other)) = collision(view, linting) else {
        return;
    };
    let Some(witness) = linting.lets_in(view, Formula::always()) else {
        return;
    };
    let severity = if view.is_privileged {
        Severity::High
    } else {
        Severity::Medium
    };
    let url = &view.issuer.issuer.url;
    linting.report(
        Finding::new(
            &RULE,
            location,
            format!("`{name}` on `{url}` may belong to somebody else"),
        )
        .severity(severity)
        .label("the same name at two issuers")
        .help("ask for the id that the project has at this issuer")
        .note(other, "the same name from another issuer")
        .witness(witness),
    );
}

/// A name of a project that a clause of a shared issuer asks for without an id, and a clause of another issuer as well: where
/// it is asked for, the name, and the other place.
pub(crate) fn collision(
    view: &ClauseView<'_>,
    linting: &Linting<'_, '_>,
) -> Option<(Location, String, Location)> {
    let is_id = |definition: &ClaimDefinition| definition.tenant && definition.trust == Trust::Immutable;
    let mut ids = view.claims().filter(|(_, definition)| is_id(definition));
    if view.role.clauses.len() < 2 || !view.is_shared() || ids.any(|(claim, _)| view.narrows(claim)) {
        return None;
    }
    let mut elsewhere: Vec<(String, Location)> = Vec::new();
    for clause in &view.role.clauses {
        let Some(issuer) = linting.program().issuers.get(clause.issuer) else {
            continue;
        };
        if issuer.issuer.url == view.issuer.issuer.url {
            continue;
        }
        let project = issuer.profile.claim_by_name("project");
        clause.condition.each_atom(&mut |atom| {
            if Some(atom.claim) == project
                && let Question::OneOf(literals) = &atom.question
            {
                elsewhere.extend(
                    literals
                        .iter()
                        .map(|literal| (literal.to_string(), atom.location)),
                );
            }
        });
    }
    let project = view.claim("project")?;
    view.asked(project).find_map(|asked| {
        let here = asked.literals();
        let (name, other) = elsewhere.iter().find(|(name, _)| here.contains(name))?;
        Some((asked.atom.location, name.clone(), *other))
    })
}
