//! Coverage by file: the comparisons where they stand, and the lines that they are on.

use crate::report::written_names::WrittenNames;
use crate::test_coverage::{Obligation, RoleCoverage};
use rolecall_engine::{FileId, PolicySet};
use rolecall_report::location::Locations;
use rolecall_report::printable::printable;
use rolecall_syntax::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A file of a policy set with the comparisons in it.
#[derive(Debug)]
pub(super) struct FileLines {
    pub(super) name: String,
    pub(super) text: Arc<str>,
    /// The comparisons, in the order of the text. None of them overlaps another one.
    pub(super) comparisons: Vec<ComparisonLine>,
}

/// A comparison for all roles that have it.
#[derive(Debug)]
pub(super) struct ComparisonLine {
    pub(super) span: Span,
    /// The line of its beginning, from 1.
    pub(super) line: usize,
    /// For each role that has it, its name and the outcomes of both obligations.
    pub(super) roles: Vec<(String, [&'static str; 2])>,
}

impl FileLines {
    /// Returns the policy files of a set, those of built-in profiles left out.
    pub(super) fn of(
        set: &PolicySet,
        coverage: &[RoleCoverage],
        locations: &Locations<'_>,
        names: &WrittenNames,
    ) -> Vec<Self> {
        let program = set.program();
        let mut found: BTreeMap<(FileId, usize, usize), ComparisonLine> = BTreeMap::new();
        for one in coverage {
            let name = names.name(set, &one.role);
            for (at, obligations) in &one.comparisons {
                let (allowed, denied) = (&obligations.allowed, &obligations.denied);
                let outcomes = [outcome(allowed), outcome(denied)];
                let span = at.span();
                let comparison = found.entry((at.file(), span.start, span.end)).or_insert_with(|| {
                    let line = locations.line(*at).line;
                    let roles = Vec::new();
                    ComparisonLine { span, line, roles }
                });
                comparison.roles.push((name.clone(), outcomes));
            }
        }
        let own = program.own_files().filter(|(id, _)| !program.is_foreign(*id));
        let mut by_file: BTreeMap<FileId, Vec<ComparisonLine>> = BTreeMap::new();
        for ((file, ..), comparison) in found {
            by_file.entry(file).or_default().push(comparison);
        }
        let files = own.map(|(id, source)| Self {
            name: printable(&source.name).into_owned(),
            text: Arc::clone(&source.text),
            comparisons: by_file.remove(&id).unwrap_or_default(),
        });
        files.collect()
    }

    /// Returns the lines with comparisons, each with the outcomes of its obligations that count.
    pub(super) fn lines(&self) -> BTreeMap<usize, Vec<bool>> {
        let mut lines: BTreeMap<usize, Vec<bool>> = BTreeMap::new();
        for comparison in &self.comparisons {
            let each = comparison.roles.iter().flat_map(|(_, outcomes)| outcomes);
            let counted = each.filter_map(|outcome| match *outcome {
                "covered" => Some(true),
                "uncovered" => Some(false),
                _ => None,
            });
            lines.entry(comparison.line).or_default().extend(counted);
        }
        lines.retain(|_, obligations| !obligations.is_empty());
        lines
    }
}

/// Returns the word for an obligation in reports.
pub(super) fn outcome(obligation: &Obligation) -> &'static str {
    match obligation {
        Obligation::Covered => "covered",
        Obligation::Impossible => "impossible",
        Obligation::NotDecided(_) => "not_decided",
        Obligation::Uncovered(_) => "uncovered",
    }
}
