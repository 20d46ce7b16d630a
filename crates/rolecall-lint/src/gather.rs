//! Findings about one `allow`: the worst ones in full, and the others as notes.

use crate::finding::Finding;
use hashbrown::HashMap;
use rolecall_engine::Location;
use std::cmp::Reverse;
use std::collections::HashSet;

/// The most findings about one `allow` that are reported in full.
const MAX_PER_CLAUSE: usize = 3;

/// Keeps the worst findings about each `allow`. The others become notes of the worst one.
pub(crate) fn gathered(mut findings: Vec<Finding>) -> Vec<Finding> {
    let mut clauses: HashMap<Location, Vec<usize>> = HashMap::new();
    for (at, finding) in findings.iter().enumerate() {
        if let Some(clause) = finding.clause {
            clauses.entry(clause).or_default().push(at);
        }
    }
    let mut notes: Vec<(usize, usize)> = Vec::new();
    for mut of_clause in clauses
        .into_values()
        .filter(|of_clause| of_clause.len() > MAX_PER_CLAUSE)
    {
        of_clause.sort_by_key(|at| Reverse(findings.get(*at).map(|finding| finding.severity)));
        let (kept, others) = of_clause.split_at(MAX_PER_CLAUSE);
        let worst = kept.iter().take(1);
        notes.extend(worst.flat_map(|worst| others.iter().map(|other| (*worst, *other))));
    }
    notes.sort_unstable();
    for (worst, other) in &notes {
        let note = findings.get(*other).map(|other| {
            let text = format!("also {} ({}): {}", other.rule.name, other.severity, other.message);
            (other.location, text)
        });
        if let (Some(finding), Some((location, text))) = (findings.get_mut(*worst), note) {
            *finding = finding.clone().note(location, text);
        }
    }
    let gone: HashSet<usize> = notes.into_iter().map(|(_, other)| other).collect();
    let kept = findings
        .into_iter()
        .enumerate()
        .filter(|(at, _)| !gone.contains(at));
    kept.map(|(_, finding)| finding).collect()
}
