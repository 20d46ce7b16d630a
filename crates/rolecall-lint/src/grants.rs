//! Grants: the claims that they insert.

use crate::ask;
use crate::clause::ClauseView;
use crate::context::RuleContext;
use rolecall_engine::ir::{Formula, Question};
use rolecall_engine::pattern::{Pattern, Wildcard};
use rolecall_engine::{ClaimId, Filter, Location, Part};
use rolecall_syntax::Str;

/// Returns the condition that refs are written in full, if the issuer does so. The type of the claim also has
/// short names.
pub(crate) fn full_refs(view: &ClauseView<'_>) -> Formula {
    let Some(claim) = view.code_ref().filter(|claim| view.writes_full_refs(*claim)) else {
        return Formula::always();
    };
    let kinds = ["refs/heads/*", "refs/tags/*", "refs/pull/*"];
    let texts = kinds.into_iter().filter_map(|text| Str::new(text).ok());
    let patterns = texts.map(|text| Pattern::Like(Wildcard::new(&text))).collect();
    let full = Formula::compare(claim, Question::Pattern(patterns));
    // The ref of a deployment of a commit is empty.
    ask::any([full, ask::one_of(claim, [""])])
}

/// Returns the name and the location of the first grant that inserts a claim.
pub(crate) fn grant_with<'v>(
    view: &ClauseView<'v>,
    claim: ClaimId,
    filter: Option<Filter>,
    context: &RuleContext<'_, '_>,
) -> (&'v str, Location) {
    let mut grants = view.role.grants.iter().zip(view.clause.grants());
    let inserts = |part: &Part| matches!(part, Part::Claim(other, by) if *other == claim && *by == filter);
    let found = grants.find(|(_, template)| template.parts.iter().any(inserts));
    let name: &str = found.map_or("", |(name, _)| name);
    let location = context.trees.grant(view.role.location, name);
    (name, location.unwrap_or(view.head))
}
