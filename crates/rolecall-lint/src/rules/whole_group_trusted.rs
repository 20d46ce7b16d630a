//! Privileged roles for every project of an owner.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::outline::outlines;
use crate::projects::of_new_project;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::tells::asks_for_tenant;
use crate::tenants::{is_open, owner_in};
use crate::vocabulary::KINDS_OF_PROJECTS;
use crate::words::words;
use rolecall_analysis::Answer;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::OutlinePiece;

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
    if is_of_one_file(view) {
        return None;
    }
    let Answer::Token(witness) = of_new_project(view, context) else {
        return None;
    };
    // A clause that admits strangers is reported by another rule.
    if is_open(view, context) {
        return None;
    }
    let named = |one: &&Constraint<'_>| {
        one.names()
            || one.wanted
                && matches!(
                    one.atom.question,
                    Question::ContainsAny(_) | Question::ContainsPattern(_)
                )
    };
    let tenant = |one: &&Constraint<'_>| view.is_tenant(one.atom.claim);
    let by_path = view.constraints_on(project).find(named);
    let by_owner = view.constraints.iter().filter(named).find(tenant);
    let location = by_path.or(by_owner).map(|constraint| constraint.location);
    let (kind, role) = (kind_of_project(view), &view.role.name);
    let written = words(view);
    let owner = owner_in(view, &witness).filter(|owner| written.contains(owner));
    let those = match (owner, location) {
        (Some(owner), _) => format!("of `{owner}`"),
        (None, Some(location)) => format!("for which `{}` holds", context.text(location)),
        (None, None) => "that meets the condition".to_owned(),
    };
    let location = location.unwrap_or(view.head);
    let message = format!("every {kind} {those} gets `{role}`, those of the future, too");
    Some(
        Finding::new(&RULE.info, location, message)
            .label(format!("anyone who can create a {kind} there gets the role"))
            .wants(view, [project])
            .help(format!(
                "list the projects: compare `{}` with `in [\"…\"]`, and their ids",
                view.name(project)
            ))
            .witness(witness),
    )
}

/// Returns the word of the CI system for a project.
fn kind_of_project(view: &ClauseView<'_>) -> &'static str {
    let mut kinds = KINDS_OF_PROJECTS.iter();
    let kind = kinds.find(|(claim, _)| view.claim(claim).is_some());
    kind.map_or("project", |(_, kind)| kind)
}

/// Returns whether the clause names the owner of the workflow file: a pattern does if text with a `/` stands before its
/// wildcard.
fn is_of_one_file(view: &ClauseView<'_>) -> bool {
    let files = view.claim("job_workflow_ref").into_iter();
    let mut files = files.flat_map(|claim| view.constraints_on(claim));
    let is_owned = |outline: Vec<OutlinePiece>| matches!(outline.first(), Some(OutlinePiece::Text(text)) if text.contains('/'));
    files.any(|file| {
        file.narrows()
            && match &file.atom.question {
                Question::Pattern(patterns) => patterns.iter().flat_map(outlines).all(is_owned),
                _ => true,
            }
    })
}
