//! The requester's view of a decision: the claims that failed, with the token's own values.

use super::operator::{ClaimCheck, ClauseExplanation, OperatorView};
use crate::evaluate::Unknown;
use crate::value::Value;

/// The requester's view of a decision on a role. It never has what is accepted: no value, pattern, guard, location or
/// name of the policies.
///
/// A role that does not exist and a role of other tenants look the same, so that a stranger learns nothing from it.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RequesterView {
    /// True if the role is allowed.
    pub is_allowed: bool,
    /// The failed claims of each clause that the token's tenant could use; equal lists are listed once.
    pub clauses: Vec<Vec<FailedClaim>>,
}

/// A claim that failed, as the token has it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FailedClaim {
    /// The claim, as it is written in policies.
    pub claim: String,
    /// The token's value; `None` if it does not have the claim.
    pub actual: Option<Value>,
    /// The reason that the claim could not be compared, if it could not.
    pub unknown: Option<Unknown>,
}

impl RequesterView {
    pub(super) fn new(view: &OperatorView<'_>) -> Self {
        let mut seen = Self::default();
        if view.allowed_by.is_some() {
            seen.is_allowed = true;
            return seen;
        }
        for clause in view.clauses.iter().filter(|clause| clause.is_own_tenant) {
            let failed = failed(clause);
            if !seen.clauses.contains(&failed) {
                seen.clauses.push(failed);
            }
        }
        seen
    }
}

/// Returns the claims that keep a clause from allowing the role, each once.
fn failed(clause: &ClauseExplanation<'_>) -> Vec<FailedClaim> {
    let mut found: Vec<FailedClaim> = Vec::new();
    let mut add = |claim: &str, actual: Option<Value>, unknown: Option<Unknown>| {
        if found.iter().all(|known| known.claim != claim) {
            found.push(FailedClaim {
                claim: claim.to_owned(),
                actual,
                unknown,
            });
        }
    };
    if let ClaimCheck::Differs(actual) = &clause.audience_check {
        add("aud", actual.clone(), None);
    }
    for claim in &clause.unverified {
        add(claim, None, Some(Unknown::Absent));
    }
    for comparison in clause.trees().flat_map(|tree| tree.causes()) {
        add(&comparison.claim, comparison.actual.clone(), comparison.unknown);
    }
    for fault in &clause.unfilled {
        add(fault.claim(), fault.value().map(Value::from), None);
    }
    found
}
