//! Grants outside of the boundary of their folder.

use crate::boundary;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_engine::RoleId;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "grant-outside-boundary",
        summary: "a role grants more than the boundary of its folder in `policy-check.toml` allows",
        category: Category::Identity,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/grant-outside-boundary.md"),
    },
    check: Check::Role(check),
};

fn check(id: RoleId, context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let program = context.program();
    let role = &program[id];
    let file = &program[role.location.file()].name;
    let settings = context.settings;
    let boundaries = settings
        .boundaries
        .iter()
        .filter(|some| some.files.contains(file));
    let mut findings: Vec<Finding> = Vec::new();
    for boundary in boundaries {
        for clause in program.clauses(id) {
            let profile = &program[clause.issuer].profile;
            for (grant, template) in role.grants.iter().zip(clause.grants()) {
                let inside = boundary.of(grant);
                let pattern = boundary::pattern(grant, template, profile);
                let is_inside =
                    pattern.is_some_and(|pattern| context.analysis.is_within(&pattern, inside) == Ok(true));
                if is_inside {
                    continue;
                }
                let (name, text) = (&role.name, profile.written(template));
                let message = format!(
                    "`{name}` grants `{grant}` `{text}`, outside of the boundary of `{}`",
                    boundary.folder
                );
                let location = context.trees.grant(role.location, grant);
                let finding = Finding::new(&RULE.info, location.unwrap_or(role.location), message)
                    .label("outside")
                    .help(match boundary.grants.as_slice() {
                        [] => "no grant is inside: move the role to another folder".to_owned(),
                        grants => format!("inside are `{}`", grants.join("`, `")),
                    });
                // Clauses of one issuer give the same.
                if findings.iter().all(|other| other.message != finding.message) {
                    findings.push(finding);
                }
            }
        }
    }
    findings
}
