//! What a role grants lives longer than any job needs it.

use crate::finding::{Edit, Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::rules::role_without_description::is_privileged;
use rolecall_engine::Location;
use rolecall_syntax::ast::{Item, RoleMember};

pub(crate) static RULE: Rule = Rule {
    name: "long-ttl",
    summary: "what a role grants lives for very long",
    category: Category::Hygiene,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/long-ttl.md"),
    check: Check::Set(check),
};

const HOUR: u64 = 60 * 60;
/// No session of an AWS role and no access token of Google Cloud lives longer.
const LONGEST: (u64, &str) = (12 * HOUR, "12h");
/// Their default.
const USUAL: (u64, &str) = (HOUR, "1h");

fn check(linting: &mut Linting<'_, '_>) {
    let trees = linting.trees;
    for (file, item) in trees.items() {
        let Item::Role(role) = &item.node else { continue };
        let is_privileged = is_privileged(role, &linting.settings.privileged_tags);
        let (most, written) = if is_privileged { USUAL } else { LONGEST };
        for member in &role.members {
            let RoleMember::Ttl(ttl) = &member.node else {
                continue;
            };
            if ttl.node.seconds() <= most {
                continue;
            }
            let severity = if ttl.node.seconds() > LONGEST.0 {
                Severity::Medium
            } else {
                Severity::Low
            };
            let location = Location::new(file, ttl.span);
            let name = &role.name.node;
            let message = match is_privileged {
                true => format!(
                    "what the privileged `{name}` grants can be used for {}",
                    linting.text(location)
                ),
                false => format!("what `{name}` grants can be used for {}", linting.text(location)),
            };
            let edit = Edit::new(location, written);
            linting.report(
                Finding::new(&RULE, location, message)
                    .severity(severity)
                    .help(format!(
                        "a job that needs more than {written} can ask again: it gets a new token"
                    ))
                    .fix(Fix::new(Safety::Unsafe, format!("write `{written}`"), vec![edit])),
            );
        }
    }
}
