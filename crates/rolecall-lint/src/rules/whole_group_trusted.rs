//! Each project of an owner gets a privileged role.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::stranger::{asks_for_tenant, by_pattern};
use crate::vocabulary::{PROJECT_IDS, PROJECTS};
use rolecall_engine::pattern::{Pattern, Wildcard};
use rolecall_engine::{ClaimId, Scalar};
use rolecall_syntax::Str;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "whole-group-trusted",
        summary: "every project of an owner gets a privileged role",
        category: Category::Identity,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/whole-group-trusted.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let project = view
        .claim("project")
        .filter(|_| view.is_privileged && asks_for_tenant(view))?;
    // A workflow that is named by its file may be given to all of them.
    let is_named = PROJECTS
        .iter()
        .filter_map(|name| view.claim(name))
        .any(|name| view.pins(name));
    if is_named || view.narrows_any(&["job_workflow_ref"]) || view.narrows_any(&PROJECT_IDS) {
        return None;
    }
    // A project that nobody wrote, with an id that nobody wrote: its owner may be any that the clause lets in.
    let names = Str::new("*somebodys-new-project")
        .ok()
        .map(|text| Pattern::Like(Wildcard::new(&text)));
    let ids = PROJECT_IDS
        .iter()
        .filter_map(|name| view.claim(name))
        .filter(|claim| is_sure_id(view, *claim));
    let parts = ids
        .map(|claim| ask::one_of(claim, ["918273645"]))
        .chain(names.map(|names| ask::fits(project, names)));
    let witness = context.admits(view, ask::all(parts.collect::<Vec<_>>()))?;
    // Whoever lets in other owners, too, has a greater hole.
    if by_pattern(view, context).is_some() {
        return None;
    }
    let tenant = |constraint: &&Constraint<'_>| {
        view.definition(constraint.atom.claim)
            .is_some_and(|definition| definition.tenant)
    };
    let by_path = view.constraints_on(project).find(|constraint| constraint.names());
    let by_owner = view
        .constraints
        .iter()
        .filter(|constraint| constraint.names())
        .find(tenant);
    let location = by_path
        .or(by_owner)
        .map_or(view.head, |constraint| constraint.atom.location);
    let message = format!(
        "each project of the owner gets `{}`, also those to come",
        view.role.name
    );
    Some(
        Finding::new(&RULE.info, location, message)
            .label("whoever may make a project there gets in")
            .help(format!(
                "name the projects: compare `{}` with `in [\"…\"]`, and their ids",
                view.name(project)
            ))
            .witness(witness),
    )
}

fn is_sure_id(view: &ClauseView<'_>, claim: ClaimId) -> bool {
    let definition = view.definition(claim);
    definition.is_some_and(|definition| {
        definition.tenant && !definition.optional && *definition.claim_type.scalar() == Scalar::Id
    })
}
