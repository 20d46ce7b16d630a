//! Printed findings about one `allow`: the worst three in full, and the others as notes.

use crate::finding::{FindingView, Note};
use crate::printable::printable;
use rolecall_engine::Location;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The most findings about one `allow` that are reported in full.
const MAX_PER_CLAUSE: usize = 3;

/// Keeps the worst findings about each `allow`, and makes the others notes of the worst one. Of equal ones, those about
/// identities come before those about code.
///
/// The worst stay, so that the exit code is the same. Baselines and fixes need all findings, so this comes after them.
pub fn gathered(mut findings: Vec<FindingView>) -> Vec<FindingView> {
    let mut clauses: BTreeMap<Location, Vec<usize>> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        if let Some(clause) = finding.clause {
            clauses.entry(clause).or_default().push(at);
        }
    }
    let mut notes: BTreeMap<usize, Vec<Note>> = BTreeMap::new();
    let mut gone = BTreeSet::new();
    for of_clause in clauses.values_mut() {
        of_clause.sort_by_key(|at| {
            let finding = findings.get(*at);
            let rule = finding.and_then(|finding| rolecall_lint::find(finding.rule));
            let severity = finding.map(|finding| finding.severity);
            (Reverse(severity), rule.map(|rule| rule.category))
        });
        let Some((worst, others)) = of_clause.split_first() else {
            continue;
        };
        let mut others: Vec<usize> = others.iter().skip(MAX_PER_CLAUSE - 1).copied().collect();
        others.sort_unstable();
        let of_others = others.iter().filter_map(|at| findings.get(*at)).map(Note::also);
        notes.insert(*worst, of_others.collect());
        gone.extend(others);
    }
    for (at, notes) in notes {
        if let Some(finding) = findings.get_mut(at) {
            finding.add(notes);
        }
    }
    let mut at = 0..;
    findings.retain(|_| at.next().is_none_or(|at| !gone.contains(&at)));
    findings
}

impl FindingView {
    /// Adds notes, each as a line below the excerpt.
    fn add(&mut self, notes: Vec<Note>) {
        if notes.is_empty() {
            return;
        }
        let lines = notes.iter().map(|note| {
            let place = &note.location;
            let text = format!(
                "{} ({}:{}:{})",
                note.message, place.file, place.line, place.column
            );
            format!("note: {}\n", printable(&text))
        });
        self.noted = notes.len();
        self.snippet = format!("{}\n{}\n", self.snippet.trim_end(), lines.collect::<String>());
        self.notes.extend(notes);
    }
}

impl Note {
    /// Creates the note for a finding.
    fn also(other: &FindingView) -> Self {
        Self {
            message: format!("also {} ({}): {}", other.rule, other.severity, other.message),
            location: other.location.clone(),
        }
    }
}
