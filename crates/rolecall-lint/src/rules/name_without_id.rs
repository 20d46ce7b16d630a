//! Projects and groups that are identified by a name only.

use crate::clause::{ClauseView, Constraint};
use crate::collision::collision;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::stranger::next_owner;
use crate::tells::tells_tenant;
use crate::tenants::is_open;
use crate::vocabulary::{NAMES_AND_IDS, OWNER_IDS};
use rolecall_engine::ClaimId;
use rolecall_engine::ir::{Question, Trust};

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
            && tells_tenant(view, constraint.atom.claim)
            && definition.trust == Trust::Recyclable
    };
    let name = view.constraints.iter().find(is_name)?;
    let ids = view.tenants().into_iter();
    let ids: Vec<ClaimId> = ids
        .filter(|claim| view.trust(*claim) == Trust::Immutable)
        .collect();
    let best = *ids.first()?;
    if ids.iter().any(|claim| view.pins(*claim)) {
        return None;
    }
    // Names that already belong to another owner have rules of their own.
    if is_open(view, context) || collision(view, context).is_some() {
        return None;
    }
    let witness = context.admits(view, next_owner(view))?;
    let harm = if view.is_shared() {
        Harm::NextOwner
    } else {
        Harm::NextColleague
    };
    let (location, id) = (name.location, id_of(view, name).unwrap_or(best));
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!(
                "`{}` holds for any project that takes over the name",
                context.text(location)
            ),
        )
        .severity(harm.level(view.is_privileged))
        .label("names can be given up and taken over")
        .wants(view, [id])
        .help(format!(
            "also compare the id, which is never reused: `{} == \"…\"`",
            view.name(id)
        ))
        .witness(witness),
    )
}

/// Returns the claim with the id of what a comparison names: of the project, or of its owner if all its projects match.
fn id_of(view: &ClauseView<'_>, name: &Constraint<'_>) -> Option<ClaimId> {
    let claim = name.atom.claim;
    let is_owner = view.claim("project") == Some(claim) && !matches!(name.atom.question, Question::OneOf(_));
    let named = |(of, _): &&(&str, &str)| view.claim(of) == Some(claim);
    let ids = NAMES_AND_IDS.iter().filter(named).map(|(_, id)| id);
    let of_owners = OWNER_IDS.iter().filter(|_| is_owner);
    of_owners.chain(ids).find_map(|id| view.claim(id))
}
