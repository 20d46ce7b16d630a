//! Projects and groups that are identified by a name only.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::collision::collision;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::stranger::other_than;
use crate::tells::tells_tenant;
use crate::tenants::is_open_by_pattern;
use crate::words::words;
use rolecall_engine::ir::{ClaimDefinition, Formula, Question, Trust};
use rolecall_engine::{ClaimId, Scalar};
use std::collections::BTreeSet;

/// An id that no policy writes.
const OTHER_ID: &str = "918273645";

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
    let ids = || {
        view.claims()
            .filter(|(_, definition)| definition.tenant && definition.trust == Trust::Immutable)
    };
    let (best, _) = ids().find(|(claim, _)| !view.is_derived(*claim))?;
    if ids().any(|(claim, _)| view.narrows(claim)) {
        return None;
    }
    // Names that already belong to another owner have rules of their own.
    if is_open_by_pattern(view, context) || collision(view, context).is_some() {
        return None;
    }
    // The new owner of the name has other ids, none of which the clause writes: in `sub`, an id may stand beside the
    // name, or alone.
    let written = words(view);
    let others = view.claims().filter(|(claim, definition)| {
        let is_asked = definition.tenant && !definition.optional || view.compares(*claim);
        let is_text = !definition.claim_type.is_list() && !view.is_derived(*claim);
        definition.trust == Trust::Immutable && is_asked && is_text
    });
    let others: Vec<Formula> = others
        .map(|(claim, definition)| other_id(claim, definition, &written))
        .collect();
    let witness = context.admits(view, ask::all(others))?;
    let harm = if view.is_shared() {
        Harm::NextOwner
    } else {
        Harm::NextColleague
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
        .severity(harm.level(view.is_privileged))
        .label("names can be given up and taken over")
        .help(format!(
            "also compare the id, which is never reused: `{id} == \"…\"`"
        ))
        .witness(witness),
    )
}

/// Returns the condition that an id is none of the written ones.
fn other_id(claim: ClaimId, definition: &ClaimDefinition, written: &BTreeSet<String>) -> Formula {
    let other = match definition.claim_type.scalar() {
        Scalar::Id(_) if !definition.optional => ask::one_of(claim, [OTHER_ID]),
        _ => other_than(claim, written.iter().cloned()),
    };
    if definition.optional {
        ask::any([other, ask::not(ask::has(claim))])
    } else {
        other
    }
}
