//! All that is asked besides the project is chosen by the author of the job.

use crate::clause::ClauseView;
use crate::finding::Finding;
use crate::linting::Linting;
use crate::refs::unprotected;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::stranger::asks_for_tenant;
use rolecall_engine::ir::{ClaimDefinition, Trust};
use rolecall_engine::{ClaimId, Scalar};

pub(crate) static RULE: Rule = Rule {
    name: "only-author-claims",
    summary: "all that is asked besides the project is chosen by whoever writes the job",
    category: Category::Identity,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/only-author-claims.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    if !applies(view) || !asks_for_tenant(view) {
        return;
    }
    let Some(asked) = view.asked.iter().find(|asked| is_chosen(view, asked.atom.claim)) else {
        return;
    };
    let Some(witness) = linting.lets_in(view, unprotected(view)) else {
        return;
    };
    let severity = if view.is_privileged {
        Severity::High
    } else {
        Severity::Medium
    };
    let message = format!(
        "whoever writes the job decides whether `{}` holds",
        linting.text(asked.atom.location)
    );
    linting.report(
        Finding::new(&RULE, asked.atom.location, message)
            .severity(severity)
            .label("keeps nobody out")
            .help(match view.claim("ref_protected") {
                Some(_) => "ask for something that the CI system vouches for, such as `ref_protected`",
                None => "ask for something that the issuer vouches for as well",
            })
            .witness(witness),
    );
}

/// Whether something is asked that the author of the job chooses, and nothing that somebody else does. Refs and environments
/// can be protected: other rules look whether they are.
pub(crate) fn applies(view: &ClauseView<'_>) -> bool {
    let is_of_project = |claim| view.definition(claim).is_some_and(|definition| definition.tenant);
    let mut others = view
        .asked
        .iter()
        .map(|asked| asked.atom.claim)
        .filter(|claim| !is_of_project(*claim))
        .peekable();
    others.peek().is_some() && others.all(|claim| is_chosen(view, claim))
}

fn is_chosen(view: &ClauseView<'_>, claim: ClaimId) -> bool {
    let can_be_protected = |definition: &ClaimDefinition| {
        *definition.claim_type.scalar() == Scalar::Ref || view.claim("environment") == Some(claim)
    };
    let definition = view.definition(claim);
    definition.is_some_and(|definition| definition.trust == Trust::Author && !can_be_protected(definition))
}
