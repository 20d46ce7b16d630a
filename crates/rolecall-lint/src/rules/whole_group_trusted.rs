//! Privileged roles for every project of an owner.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::tells::asks_for_tenant;
use crate::tenants::{is_open, owner_in};
use crate::vocabulary::{KINDS_OF_PROJECTS, PROJECT_IDS, PROJECTS};
use rolecall_engine::pattern::{Pattern, Wildcard};
use rolecall_engine::{ClaimId, Part, Scalar};
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
    // A role for one workflow file may be intended for all projects.
    let is_named = PROJECTS
        .iter()
        .filter_map(|name| view.claim(name))
        .any(|name| view.pins(name));
    if is_named
        || view.narrows_any(&["job_workflow_ref"])
        || view.narrows_any(&PROJECT_IDS)
        || is_project_id(view)
    {
        return None;
    }
    // A project with a name and an id that the clause does not write, of any owner that the clause admits.
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
    // A clause that admits strangers is reported by another rule.
    if is_open(view, context) {
        return None;
    }
    let tenant = |constraint: &&Constraint<'_>| view.definition(constraint.atom.claim).tenant;
    let by_path = view.constraints_on(project).find(|constraint| constraint.names());
    let by_owner = view
        .constraints
        .iter()
        .filter(|constraint| constraint.names())
        .find(tenant);
    let location = by_path
        .or(by_owner)
        .map_or(view.head, |constraint| constraint.location);
    let (kind, role) = (kind_of_project(view), &view.role.name);
    let message =
        match owner_in(view, &witness).filter(|owner| context.text(location).contains(owner.as_str())) {
            Some(owner) => format!("every {kind} of `{owner}` gets `{role}`, those of the future, too"),
            None => format!(
                "every {kind} for which `{}` holds gets `{role}`, those of the future, too",
                context.text(location)
            ),
        };
    Some(
        Finding::new(&RULE.info, location, message)
            .label(format!("anyone who can create a {kind} there gets the role"))
            .help(format!(
                "list the projects: compare `{}` with `in [\"…\"]`, and their ids",
                view.name(project)
            ))
            .witness(witness),
    )
}

/// Returns whether a claim that is composed of an id alone must be the id of a project. A UUID that may be another id, too,
/// is taken for that of the project.
fn is_project_id(view: &ClauseView<'_>) -> bool {
    let ids: Vec<ClaimId> = PROJECT_IDS.iter().filter_map(|name| view.claim(name)).collect();
    let mut derivations = view.issuer.derivations.iter();
    derivations.any(|derivation| {
        let is_id = matches!(&*derivation.template.parts, [Part::Claim(claim, None)] if ids.contains(claim));
        is_id && view.pins(derivation.claim)
    })
}

/// Returns the word of the CI system for a project.
fn kind_of_project(view: &ClauseView<'_>) -> &'static str {
    let mut kinds = KINDS_OF_PROJECTS.iter();
    let kind = kinds.find(|(claim, _)| view.claim(claim).is_some());
    kind.map_or("project", |(_, kind)| kind)
}

fn is_sure_id(view: &ClauseView<'_>, claim: ClaimId) -> bool {
    let definition = view.definition(claim);
    definition.tenant && !definition.optional && matches!(definition.claim_type.scalar(), Scalar::Id(_))
}
