//! Findings about grants that no request can use as they are.

use rolecall::PolicySet;
use rolecall_engine::pattern::Glob;
use rolecall_engine::{Part, Str, Template};

use crate::doors::is_role_arn;
use crate::failure::Failure;
use crate::policies::place;

/// The grants at whose doors a role token is issued with the audience that the grant `audience` says.
const NEED_AUDIENCE: [&str; 3] = ["octo_sts", "azure_client", "gcp_service_account"];

pub(super) fn findings(set: &PolicySet) -> Vec<Failure> {
    let program = set.program();
    let mut findings = Vec::new();
    for (id, role) in program.roles().iter() {
        let has = |wanted: &str| role.grants.iter().any(|name| **name == *wanted);
        for grant in NEED_AUDIENCE {
            if has(grant) && !has("audience") {
                let message = format!(
                    "{}: role `{}` has the grant `{grant}`, and no `audience`",
                    place(set, role.location),
                    role.name
                );
                findings.push(Failure::new(message).help(
                    "nothing is issued without it: grant the audience that services expect in the role token",
                ));
            }
        }
        for clause in program.clauses(id) {
            for (name, template) in role.grants.iter().zip(clause.grants()) {
                let Some((fault, help)) = fault(name, template) else {
                    continue;
                };
                let place = place(set, clause.location);
                let message = format!("{place}: the grant `{name}` of role `{}` {fault}", role.name);
                findings.push(Failure::new(message).help(help));
            }
        }
    }
    findings.dedup_by_key(|finding| finding.line());
    findings
}

/// Returns what is wrong with the text of a grant. Of one with claims in it, only the literal parts are looked at.
fn fault(name: &str, template: &Template) -> Option<(&'static str, &'static str)> {
    let texts = || {
        template.parts.iter().filter_map(|part| match part {
            Part::Text(text) => Some(&**text),
            _ => None,
        })
    };
    let whole = match template.parts.as_slice() {
        [Part::Text(text)] => Some(&**text),
        _ => None,
    };
    match name {
        "aws_role" if whole.is_some_and(|arn| !is_role_arn(arn)) => Some((
            "is not the ARN of a role",
            "write it as `arn:aws:iam::123456789012:role/NAME`",
        )),
        "vault_role" if texts().any(|text| text.chars().any(char::is_uppercase)) => Some((
            "has upper-case letters, and Vault compares roles in lower case",
            "write it in lower case: no login can match it",
        )),
        "secrets" if whole.is_some_and(|text| Glob::new(&Str::quote(text)).is_err()) => Some((
            "is not a pattern of paths",
            "write it as `apps/shop/*`, or `apps/**` for all below it",
        )),
        _ => None,
    }
}
