//! Tenants: the projects, groups and owners whose tokens a clause admits.
//!
//! A stranger is a tenant that the clause does not name. The analysis proves whether one gets in: each claim of
//! a tenant must have a value that the clause writes nowhere. Where a claim is derived, the proof is about the
//! claims in its layouts, so that a layout without a tenant names none. A `sub` that nothing derives is a text
//! of unknown parts; `subject` reads those.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::openness::{Openness, Reason};
use crate::stranger::strangers;
use crate::subject::{Naming, naming};
use crate::tells::{asks_for_tenant, surely_names, tells_tenant};
use rolecall_analysis::{Answer, Witness};
use rolecall_engine::ir::{ClaimDefinition, Formula, Question, Trust};
use rolecall_engine::pattern::{Glob, Pattern};
use rolecall_engine::{ClaimId, Location, PathKind, Scalar};
use rolecall_syntax::Str;

/// An owner that no policy names.
const STRANGER: &str = "mallory";
/// A project of that owner where paths begin with the host of the code.
const HOSTED: &str = "github.com/mallory/web";
/// Names that a stranger may register because they begin like another one.
const SIMILAR: &str = "?*-evil";

/// Returns the token of a stranger that the clause admits without checking the tenant, if one was found, and the label.
pub(crate) fn without_tenant(
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<(Option<Box<Witness>>, &'static str)> {
    let open = openness(view, context)?;
    let label = match open.reason {
        Reason::Unrestricted => "the tenant is not restricted",
        Reason::Alternative => "one alternative does not restrict the tenant",
        Reason::Pattern(_) | Reason::Unclear(_) | Reason::Undecided => return None,
    };
    Some((open.witness.clone(), label))
}

/// Returns the claims of which a clause should compare one: those of the project and of its owner.
pub(crate) fn tenants_to_compare(view: &ClauseView<'_>) -> Vec<ClaimId> {
    view.tenants().into_iter().take(2).collect()
}

/// Returns the help for a clause that does not restrict the tenant.
pub(crate) fn also_compare(view: &ClauseView<'_>) -> String {
    let tenants = tenants_to_compare(view).into_iter();
    let tenants: Vec<String> = tenants.map(|claim| format!("`{}`", view.name(claim))).collect();
    if tenants.is_empty() {
        return "mark the claims of the project and its owner as `tenant` in the profile, and compare them"
            .to_owned();
    }
    format!("also compare the project or its owner: {}", tenants.join(" or "))
}

/// Returns whether a stranger gets in through a pattern.
pub(crate) fn is_open_by_pattern(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> bool {
    let open = openness(view, context);
    open.is_some_and(|open| matches!(open.reason, Reason::Pattern(_)))
}

/// Returns whether a stranger gets in.
pub(crate) fn is_open(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> bool {
    let open = openness(view, context);
    open.is_some_and(|open| !matches!(open.reason, Reason::Unclear(_) | Reason::Undecided))
}

/// Returns a stranger that the clause admits.
pub(crate) fn openness<'v>(
    view: &'v ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<&'v Openness> {
    view.openness.get_or_init(|| search(view, context)).as_ref()
}

fn search(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Openness> {
    if !view.has_tenants() || view.constraints.iter().any(|one| surely_names(view, one)) {
        return None;
    }
    let patterns: Vec<&Constraint<'_>> = view
        .constraints
        .iter()
        .filter(|one| {
            let is_pattern = matches!(
                one.atom.question,
                Question::Pattern(_) | Question::ContainsPattern(_)
            );
            one.wanted && is_pattern && tells_tenant(view, one.atom.claim)
        })
        .collect();
    let witness = match admitted(view, context, &strangers(view, false)) {
        Answer::Token(witness) => witness,
        Answer::Nothing => {
            let unclear = patterns.iter().find(|one| naming(view, one) == Naming::Unclear)?;
            let witness = Some(context.admits(view, strangers(view, true))?);
            let reason = Reason::Unclear(unclear.location);
            return Some(Openness { witness, reason });
        }
        _ => {
            let reason = if asks_for_tenant(view) {
                Reason::Undecided
            } else {
                Reason::Unrestricted
            };
            return Some(Openness {
                witness: None,
                reason,
            });
        }
    };
    let fitting = |one: &&&Constraint<'_>| context.fulfils(&witness, view.clause.issuer, &one.formula());
    let mut alternatives = view.constraints.iter().filter(|one| !one.required);
    let reason = match patterns.iter().find(fitting) {
        Some(pattern) => Reason::Pattern(pattern.location),
        None if alternatives.any(|one| tells_tenant(view, one.atom.claim)) => Reason::Alternative,
        None => Reason::Unrestricted,
    };
    let witness = Some(witness);
    Some(Openness { witness, reason })
}

/// Returns an admitted token that fulfils a condition: of a plain stranger, or of one with a similar name, if
/// there is one.
fn admitted(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>, condition: &Formula) -> Answer {
    let any = match context.asks(view, condition.clone()) {
        Answer::Token(witness) => witness,
        Answer::Nothing => return Answer::Nothing,
        undecided => {
            let sampled = context.sampled(view, condition);
            return sampled.map_or(undecided, Answer::Token);
        }
    };
    let mut names = view.tenants().into_iter().filter(|claim| {
        let claim_type = &view.definition(*claim).claim_type;
        claim_type.scalar().is_path() && !claim_type.is_list()
    });
    let known = names.next().into_iter().flat_map(|claim| {
        let is_project = *view.definition(claim).claim_type.scalar() != Scalar::Path(PathKind::Any);
        let (name, similar) = if is_project {
            (format!("{STRANGER}/web"), format!("{SIMILAR}/**"))
        } else {
            (STRANGER.to_owned(), SIMILAR.to_owned())
        };
        let similar = Str::new(&similar).ok().and_then(|text| Glob::new(&text).ok());
        let similar = similar.map(|glob| ask::fits(claim, Pattern::Glob(glob)));
        let plain = [name.as_str(), HOSTED].map(|name| ask::one_of(claim, [name]));
        plain.into_iter().chain(similar)
    });
    let conditions: Vec<Formula> = known.map(|known| ask::all([condition.clone(), known])).collect();
    let plain = conditions.into_iter().find_map(|one| context.admits(view, one));
    Answer::Token(plain.unwrap_or(any))
}

/// Returns the location of the pattern through which strangers get in, and the token of one. The flag is false if nothing
/// tells the tenant.
pub(crate) fn by_pattern(
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<(Location, Box<Witness>, bool)> {
    let open = openness(view, context)?;
    let witness = open.witness.clone()?;
    match open.reason {
        Reason::Pattern(location) => Some((location, witness, true)),
        Reason::Unclear(location) => Some((location, witness, false)),
        Reason::Unrestricted | Reason::Alternative | Reason::Undecided => None,
    }
}

/// Returns the owner in a token: the part of the project's path before its name.
pub(crate) fn owner_in(view: &ClauseView<'_>, witness: &Witness) -> Option<String> {
    let is_name = |(_, definition): &(ClaimId, &ClaimDefinition)| {
        let is_name = definition.trust == Trust::Recyclable && definition.claim_type.scalar().is_path();
        is_name && definition.path.len() == 1
    };
    let mut names = view.claims().filter(is_name);
    names.find_map(|(claim, definition)| {
        let is_asked = view.is_tenant(claim) && view.compares(claim);
        let name = definition.path.first().filter(|_| is_asked)?;
        let value = witness.token.get(name)?.as_text()?;
        let owner = value.rsplit_once('/').map_or(value, |(owner, _)| owner);
        Some(owner.to_owned())
    })
}
