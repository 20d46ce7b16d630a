//! Each project of an owner gets a privileged role.

use crate::ask;
use crate::clause::{Asked, ClauseView};
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::stranger::{asks_for_tenant, by_pattern};
use crate::vocabulary::{PROJECT_IDS, PROJECTS};
use rolecall_engine::pattern::{Pattern, Wildcard};
use rolecall_engine::{ClaimId, Scalar};
use rolecall_syntax::Str;

pub(crate) static RULE: Rule = Rule {
    name: "whole-group-trusted",
    summary: "every project of an owner gets a privileged role",
    category: Category::Identity,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/whole-group-trusted.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let Some(project) = view
        .claim("project")
        .filter(|_| view.is_privileged && asks_for_tenant(view))
    else {
        return;
    };
    // A workflow that is named by its file may be given to all of them.
    let is_named = PROJECTS
        .iter()
        .filter_map(|name| view.claim(name))
        .any(|name| view.pins(name));
    if is_named || view.narrows_any(&["job_workflow_ref"]) || view.narrows_any(&PROJECT_IDS) {
        return;
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
    let Some(witness) = linting.lets_in(view, ask::all(parts.collect::<Vec<_>>())) else {
        return;
    };
    // Whoever lets in other owners, too, has a greater hole.
    if by_pattern(view, linting).is_some() {
        return;
    }
    let tenant = |asked: &&Asked<'_>| {
        view.definition(asked.atom.claim)
            .is_some_and(|definition| definition.tenant)
    };
    let by_path = view.asked(project).find(|asked| asked.names());
    let by_owner = view.asked.iter().filter(|asked| asked.names()).find(tenant);
    let location = by_path
        .or(by_owner)
        .map_or(view.head, |asked| asked.atom.location);
    let message = format!(
        "each project of the owner gets `{}`, also those to come",
        view.role.name
    );
    linting.report(
        Finding::new(&RULE, location, message)
            .label("whoever may make a project there gets in")
            .help(format!(
                "name the projects: compare `{}` with `in [\"…\"]`, and their ids",
                view.name(project)
            ))
            .witness(witness),
    );
}

fn is_sure_id(view: &ClauseView<'_>, claim: ClaimId) -> bool {
    let definition = view.definition(claim);
    definition.is_some_and(|definition| {
        definition.tenant && !definition.optional && *definition.claim_type.scalar() == Scalar::Id
    })
}
