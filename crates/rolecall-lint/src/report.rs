//! Reports: the result of linting a policy set.

use crate::finding::Finding;
use crate::suppression::Suppression;

/// The findings of a policy set.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct LintReport {
    /// The findings, in the order of the files.
    pub findings: Vec<Finding>,
    /// The findings that comments suppress, in the order of the files.
    pub suppressed: Vec<Suppressed>,
}

/// A finding that a comment suppresses.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// The comment. Of several, the one that holds longest.
    pub by: Suppression,
}

impl LintReport {
    /// Sorts findings by their locations, and keeps each once: one location may be part of many roles, by a
    /// named condition or an expanded role.
    pub(crate) fn new(findings: Vec<Finding>, suppressed: Vec<Suppressed>) -> Self {
        Self {
            findings: each_once(findings, |finding| finding),
            suppressed: each_once(suppressed, |suppressed| &suppressed.finding),
        }
    }
}

fn each_once<T>(mut found: Vec<T>, finding: fn(&T) -> &Finding) -> Vec<T> {
    let key = |one: &T| (finding(one).location, finding(one).rule.name);
    // The sort is stable: of equal findings, the first is kept.
    found.sort_by_key(key);
    found.dedup_by_key(|one| key(one));
    found
}
