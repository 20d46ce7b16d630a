//! Patterns that admit other owners.

use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::prefix::unfinished_name;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::tenants::{by_pattern, owner_in};
use crate::vocabulary::CODE_HOSTS;
use rolecall_engine::Location;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "wildcard-owner",
        summary: "a wildcard in the owner's name also matches other owners",
        category: Category::Identity,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/wildcard-owner.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let (location, witness, is_tenant) = by_pattern(view, context)?;
    let text = context.text(location);
    if !is_tenant {
        // A name that the wildcard continues has a rule of its own.
        let mut constraints = view.constraints.iter();
        if constraints.any(|one| one.location == location && unfinished_name(one).is_some()) {
            return None;
        }
        let message = format!("`{text}` may match other owners: nothing tells which part of it is the owner");
        let help = "declare the layout, so that each part is a claim: `derive sub = \"org:{org}:project:{project}\"`";
        return Some(
            Finding::new(&RULE.info, location, message)
                .severity(Severity::Low)
                .label("the text before the wildcard names no owner for sure")
                .help(help)
                .witness(witness),
        );
    }
    let harm = if view.is_shared() {
        Harm::Strangers
    } else {
        Harm::OtherTenants
    };
    let who = owner_in(view, &witness).map_or_else(String::new, |who| format!(", such as `{who}`"));
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!("`{text}` also matches other owners{who}"),
        )
        .severity(harm.level(view.is_privileged))
        .label("anyone can register a name that matches")
        .help(help(view, location, context))
        .witness(witness),
    )
}

/// Returns the help: names or ids in full, in the form that the claim has.
fn help(view: &ClauseView<'_>, location: Location, context: &RuleContext<'_, '_>) -> String {
    let claim = view.constraints.iter().find(|one| one.location == location);
    // The parts of a `sub` are claims of their own.
    let claim = claim
        .map(|one| one.atom.claim)
        .filter(|claim| !view.is_derived(*claim));
    let project = view.claim("project").filter(|project| view.is_tenant(*project));
    let name = match (claim, project) {
        (Some(_), _) => context.claim_text(location).unwrap_or("sub"),
        (None, Some(_)) => "project",
        (None, None) => return "list the names in full: `in [\"…\"]`".to_owned(),
    };
    let is_project = project.is_some_and(|project| claim.is_none_or(|claim| claim == project));
    let is_path = project.is_some_and(|project| view.definition(project).claim_type.scalar().is_path());
    if !is_project || !is_path {
        return format!("list the values in full: `{name} in [\"…\"]`");
    }
    let host = CODE_HOSTS
        .iter()
        .find(|host| context.text(location).contains(**host));
    let host = host.map_or_else(String::new, |host| format!("{host}/"));
    format!("write the owner in full, with a `/` before the wildcard: `{name} under \"{host}acme\"`")
}
