//! Documents in other languages: the part of them that a comparison covers.

use rolecall_interop::{Coverage, Fidelity, TranslatedRole};
use rolecall_report::coverage::CoverageReport;
use serde::Serialize;
use std::collections::BTreeMap;

/// The coverage of the documents of one set in both versions.
#[derive(Debug, Serialize)]
pub(super) struct DocumentsReport {
    set: String,
    /// The documents before; null if there were none.
    before: Option<CoverageReport>,
    /// The documents now; null if there are none.
    now: Option<CoverageReport>,
}

impl DocumentsReport {
    /// Creates the report of a set; none without such documents.
    pub(super) fn new(set: &str, covered: &[Option<Coverage>; 2]) -> Option<Self> {
        let [before, now] = covered
            .each_ref()
            .map(|coverage| coverage.as_ref().map(CoverageReport::of));
        (before.is_some() || now.is_some()).then(|| Self {
            set: set.to_owned(),
            before,
            now,
        })
    }

    fn versions(&self) -> impl Iterator<Item = (&'static str, &CoverageReport)> {
        let versions = [("before", &self.before), ("now", &self.now)];
        versions
            .into_iter()
            .filter_map(|(when, coverage)| Some((when, coverage.as_ref()?)))
    }

    /// Returns whether each role of both versions is translated exactly, and no information is missing.
    pub(super) fn is_complete(&self) -> bool {
        self.versions().all(|(_, coverage)| coverage.is_complete())
    }

    /// Formats what is covered, a few lines for each version.
    pub(super) fn text(&self) -> String {
        let lines = self.versions().flat_map(|(when, coverage)| {
            let lines: Vec<String> = coverage
                .text()
                .lines()
                .map(|line| format!("{when}: {line}\n"))
                .collect();
            lines
        });
        lines.collect()
    }
}

/// Returns the roles of which a comparison says nothing, because one of their versions is not translated exactly, each with
/// the reason.
pub(super) fn undecided(covered: &[Option<Coverage>; 2]) -> BTreeMap<&str, String> {
    let roles = covered.iter().flatten().flat_map(|coverage| &coverage.roles);
    let reason = |fidelity: &Fidelity| match fidelity {
        Fidelity::Exact | Fidelity::NotForTokens => None,
        Fidelity::Narrower(code) | Fidelity::Wider(code) | Fidelity::Refused(code) => {
            Some(format!("the role is not translated exactly ({code})"))
        }
    };
    roles
        .filter_map(|role| Some((role.name.as_str(), reason(&role.fidelity)?)))
        .collect()
}

/// Returns the roles of which facts beside their tokens differ, each with the facts that are new and those that are gone.
pub(super) fn changed_beside(covered: &[Option<Coverage>; 2]) -> BTreeMap<&str, String> {
    let [Some(before), Some(now)] = covered else {
        return BTreeMap::new();
    };
    let earlier: BTreeMap<&str, &TranslatedRole> = before
        .roles
        .iter()
        .map(|role| (role.name.as_str(), role))
        .collect();
    let change = |role: &TranslatedRole| {
        let was = &earlier.get(role.name.as_str())?.beside;
        let new = role.beside.difference(was).map(|fact| format!("now {fact}"));
        let gone = was
            .difference(&role.beside)
            .map(|fact| format!("no longer {fact}"));
        let changes: Vec<String> = new.chain(gone).collect();
        (!changes.is_empty()).then(|| changes.join(", "))
    };
    let roles = now.roles.iter();
    roles
        .filter_map(|role| Some((role.name.as_str(), change(role)?)))
        .collect()
}
