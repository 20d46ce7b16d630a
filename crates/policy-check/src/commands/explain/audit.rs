//! Audit logs of an exchange: its grants, each with the place of the `allow` that it took.
//!
//! The chain and the signatures are not verified: `rolecall-exchange audit verify` does that.

use crate::input::lines;
use crate::report::claims_log::LogReport;
use crate::report::unused::Period;
use crate::usage::Usage;
use rolecall_engine::PolicySet;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// A line of an audit log: the members of the chain, the outcome, and those of a grant.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(rename = "line")]
    _line: u64,
    #[serde(rename = "before")]
    _before: String,
    outcome: String,
    time: Option<i64>,
    granted_role: Option<String>,
    clause: Option<String>,
}

/// Returns true if the first line of a log that is JSON is one of an audit log.
pub(super) fn is_audit(bytes: &[u8]) -> bool {
    let mut lines = lines(bytes).map(|(_, line)| line);
    let first = lines.find(|line| serde_json::from_slice::<IgnoredAny>(line).is_ok());
    first.is_some_and(|line| serde_json::from_slice::<Line>(line).is_ok())
}

/// Adds the grants in an audit log. Returns the number of those of roles that are not in the policies.
pub(super) fn sum_up(
    bytes: &[u8],
    set: &PolicySet,
    usage: &mut Usage<'_>,
    period: &mut Period,
    report: &mut LogReport,
) -> usize {
    let mut unknown_roles = 0_usize;
    for (number, line) in lines(bytes) {
        let Ok(line) = serde_json::from_slice::<Line>(line) else {
            report.add_problem(number, "it is not a line of an audit log".to_owned());
            continue;
        };
        period.add(line.time);
        if line.outcome != "granted" {
            continue;
        }
        let Some(name) = line.granted_role else {
            report.add_problem(number, "the grant has no `granted_role`".to_owned());
            continue;
        };
        match set.program().role(&name) {
            Some(role) if usage.add_grant(role, line.clause.as_deref()) => {}
            // It is not one of the selected roles.
            Some(_) => continue,
            None => unknown_roles = unknown_roles.saturating_add(1),
        }
        report.add(&[&name], None);
    }
    unknown_roles
}
