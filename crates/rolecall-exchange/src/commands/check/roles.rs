//! Findings about roles: the same grant for the same token, and lifetimes that clients cannot use.

use std::collections::HashMap;
use std::time::Duration;

use rolecall::PolicySet;
use rolecall_analysis::{Analysis, Outcome};
use rolecall_engine::{RoleId, Template};

use crate::config::{Config, DoorKind, Life};
use crate::failure::Failure;
use crate::policies::CHOSEN_BY;
use crate::policies::{place, shown_token};

/// The shortest session of AWS, and the time left at which boto3 asks again.
const AWS_LEAST: Duration = Duration::from_secs(15 * 60);

pub(super) fn findings(config: &Config, set: &PolicySet) -> Vec<Failure> {
    let mut findings = ambiguous(set);
    findings.extend(short(config, set));
    findings
}

/// Finds pairs of roles with the same grant, unless it is proved that no token gets both.
fn ambiguous(set: &PolicySet) -> Vec<Failure> {
    let program = set.program();
    let mut groups: HashMap<(&str, &Template), Vec<RoleId>> = HashMap::new();
    let mut analysis = Analysis::new(set);
    for (id, role) in program.roles().iter() {
        for (at, name) in role.grants.iter().enumerate() {
            let templates = program
                .clauses(id)
                .iter()
                .filter_map(|clause| clause.grants().get(at));
            for template in templates.filter(|_| CHOSEN_BY.contains(&&**name)) {
                let roles = groups.entry((name, template)).or_default();
                if !roles.contains(&id) {
                    roles.push(id);
                }
            }
        }
    }
    let mut groups: Vec<(&str, Vec<RoleId>)> = groups
        .into_iter()
        .map(|((grant, _), roles)| (grant, roles))
        .collect();
    groups.sort_unstable();
    let mut findings = Vec::new();
    for (grant, roles) in groups {
        for (at, one) in roles.iter().enumerate() {
            for other in roles.iter().skip(at.saturating_add(1)) {
                let fault = match analysis.disjoint(*one, *other) {
                    Outcome::Proved => continue,
                    Outcome::Refuted(Some(witness)) => {
                        format!("a token gets both: {}", shown_token(&witness))
                    }
                    _ => "it is not decided whether a token gets both".to_owned(),
                };
                let (one, other) = (&program[*one], &program[*other]);
                let message = format!(
                    "{}: roles `{}` and `{}` have the same grant `{grant}`, and {fault}",
                    place(set, other.location),
                    one.name,
                    other.name
                );
                findings.push(Failure::new(message).help(
                    "such a token is denied unless the client names the role: \
                     make the roles disjoint, or their grants different",
                ));
            }
        }
    }
    findings
}

/// Finds roles whose lifetime is too short for AWS.
fn short(config: &Config, set: &PolicySet) -> Vec<Failure> {
    let roles = set.program().roles().values();
    let of_aws = roles.filter(|role| role.grants.iter().any(|name| **name == *"aws_role"));
    let of_doors = config
        .doors
        .iter()
        .filter(|door| matches!(door.kind, DoorKind::Aws | DoorKind::Credentials));
    let of_doors = of_doors.filter_map(|door| door.settings.ttl.map(Life::duration));
    let most = of_doors.fold(config.tokens.ttl.duration(), Duration::min);
    let short = of_aws.filter(|role| role.ttl().unwrap_or(most).min(most) < AWS_LEAST);
    let findings = short.map(|role| {
        let message = format!(
            "{}: role `{}` has the grant `aws_role`, and lives for less than 15m",
            place(set, role.location),
            role.name
        );
        Failure::new(message).help(
            "AWS has no shorter sessions, and boto3 asks again when less than 15m are left: \
             set `ttl`, `[tokens] ttl` and that of the door to 15m or more",
        )
    });
    findings.collect()
}
