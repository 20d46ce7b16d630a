//! Whether anybody's branch gets in.

use crate::ask;
use crate::clause::{Asked, ClauseView};
use crate::linting::Linting;
use crate::stranger::asks_for_tenant;
use crate::vocabulary::{COMMITS, CONFIGURATIONS};
use rolecall_analysis::Witness;
use rolecall_engine::ir::{Formula, Question};

/// A branch that no policy writes.
const UNWRITTEN: &str = "somebodys-own-branch";

/// A token of a branch that nobody wrote and nobody protects. Where it does not even matter whose token it is, there is
/// none: that is worse, and another rule says so.
pub(crate) fn of_any_ref(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) -> Option<Box<Witness>> {
    let name = view.code_ref()?;
    if view.requires_protected_ref()
        || view.pins(name)
        || view.narrows_any(&COMMITS)
        || view.narrows_any(&CONFIGURATIONS)
        || !asks_for_tenant(view)
    {
        return None;
    }
    let branch = if view.writes_full_refs(name) {
        format!("refs/heads/{UNWRITTEN}")
    } else {
        UNWRITTEN.to_owned()
    };
    linting.lets_in(view, ask::all([ask::one_of(name, [branch]), unprotected(view)]))
}

/// The condition that the ref is not protected; of an issuer that does not tell, nothing.
pub(crate) fn unprotected(view: &ClauseView<'_>) -> Formula {
    let protected = view.claim("ref_protected");
    protected.map_or_else(Formula::always, |claim| ask::is(claim, false))
}

/// Whether the code is held back by something else than its ref: an environment that is protected, or one of an issuer that
/// does not tell whether it is.
pub(crate) fn has_other_gate(view: &ClauseView<'_>) -> bool {
    match view.claim("environment_protected") {
        Some(claim) => view.requires(claim),
        None => view.narrows_any(&["environment"]),
    }
}

/// The first comparison that names a ref: the short or the full one.
pub(crate) fn named<'v, 'p>(view: &'v ClauseView<'p>) -> Option<&'v Asked<'p>> {
    let claims = [view.code_ref(), view.claim("ref_path"), view.claim("sub")];
    let mut asked = claims.into_iter().flatten().flat_map(|claim| view.asked(claim));
    asked.find(|asked| asked.narrows())
}

/// Whether only tags get in.
pub(crate) fn is_of_tags(view: &ClauseView<'_>) -> bool {
    let kind = view
        .claim("ref_type")
        .into_iter()
        .flat_map(|claim| view.asked(claim));
    let mut kinds = kind.filter(|asked| asked.required).map(Asked::literals);
    let is_tag = |asked: &Asked<'_>| {
        let literals = asked.literals();
        let is_written = match &asked.atom.question {
            Question::Pattern(patterns) => patterns
                .iter()
                .all(|pattern| pattern.to_string().contains("refs/tags/")),
            _ => !literals.is_empty() && literals.iter().all(|text| text.starts_with("refs/tags/")),
        };
        asked.narrows() && is_written
    };
    let refs = [view.code_ref(), view.claim("ref_path")];
    kinds.any(|literals| literals == ["tag"])
        || refs
            .into_iter()
            .flatten()
            .any(|claim| view.asked(claim).any(is_tag))
}

/// A pattern with a wildcard in it that names the refs.
pub(crate) fn pattern<'v, 'p>(view: &'v ClauseView<'p>) -> Option<&'v Asked<'p>> {
    let claims = [view.code_ref(), view.claim("ref_path")];
    let mut asked = claims.into_iter().flatten().flat_map(|claim| view.asked(claim));
    asked.find(|asked| asked.narrows() && matches!(asked.atom.question, Question::Pattern(_)))
}
