//! Names of projects that two issuers give to different owners.

use crate::clause::ClauseView;
use crate::context::RuleContext;
use rolecall_engine::Location;
use rolecall_engine::ir::{ClaimDefinition, Question, Trust};

/// Returns a project name that a clause of a shared issuer compares without an id: its location, the name,
/// and the location of the same name in a clause of another issuer.
pub(crate) fn collision(
    view: &ClauseView<'_>,
    context: &RuleContext<'_, '_>,
) -> Option<(Location, String, Location)> {
    let is_id = |definition: &ClaimDefinition| definition.tenant && definition.trust == Trust::Immutable;
    let mut ids = view.claims().filter(|(_, definition)| is_id(definition));
    if context.program().clauses(view.id).len() < 2
        || !view.is_shared()
        || ids.any(|(claim, _)| view.narrows(claim))
    {
        return None;
    }
    let mut elsewhere: Vec<(String, Location)> = Vec::new();
    for clause in context.program().clauses(view.id) {
        let issuer = &context.program()[clause.issuer];
        if is_one_namespace(view, &issuer.issuer.url) {
            continue;
        }
        let project = issuer.profile.claim_by_name("project");
        clause.condition.each_atom(&mut |atom, location| {
            if Some(atom.claim) == project
                && let Question::OneOf(literals) = &atom.question
            {
                elsewhere.extend(literals.iter().map(|literal| (literal.to_string(), location)));
            }
        });
    }
    let project = view.claim("project")?;
    view.constraints_on(project).find_map(|constraint| {
        let here = constraint.literals();
        let (name, other) = elsewhere.iter().find(|(name, _)| here.contains(name))?;
        Some((constraint.location, name.clone(), *other))
    })
}

/// Returns whether a name has the same owner at another issuer: at one below the shared issuer, which a service has for
/// one of its customers.
fn is_one_namespace(view: &ClauseView<'_>, other: &str) -> bool {
    let bare = |url: &str| url.trim_end_matches('/').to_owned();
    let (own, other) = (bare(&view.issuer.issuer.url), bare(other));
    own == other || other.strip_prefix(&own).is_some_and(|rest| rest.starts_with('/'))
}
