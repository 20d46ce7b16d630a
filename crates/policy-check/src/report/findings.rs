//! The findings of one policy set: those that are shown, and those that comments suppress.

use super::finding::FindingView;
use super::location::{LocationView, Locations};
use rolecall_engine::{CompileError, PolicySet};
use rolecall_lint::{LintReport, Suppression};
use serde::Serialize;
use std::collections::HashSet;

/// The findings of one policy set.
#[derive(Debug)]
pub(crate) struct Findings {
    /// The findings that no comment suppresses, in the order of the files.
    pub(crate) shown: Vec<FindingView>,
    /// The findings that comments suppress, in the same order.
    pub(crate) suppressed: Vec<Suppressed>,
}

/// A finding that a comment suppresses.
#[derive(Debug, Serialize)]
pub(crate) struct Suppressed {
    pub(crate) finding: FindingView,
    /// The reason in the comment.
    pub(crate) reason: String,
    /// The last day of the suppression; none if it is permanent.
    pub(crate) until: Option<String>,
    /// The location of the comment.
    pub(crate) comment: LocationView,
}

impl Findings {
    /// Converts the result of the linter. Of a policy set that does not compile, the findings are its errors.
    /// Rule names link to the rule pages if those are published.
    pub(crate) fn new(
        outcome: &Result<PolicySet, CompileError>,
        linted: LintReport,
        pages: Option<&str>,
    ) -> Self {
        let set = match outcome {
            Ok(set) => set,
            Err(error) => {
                return Self {
                    shown: FindingView::of_errors(error),
                    suppressed: Vec::new(),
                };
            }
        };
        let sources = set.program().files();
        let locations = Locations::new(sources);
        let suppressed = linted.suppressed.into_iter().map(|one| (one.finding, one.by));
        let (suppressed, comments): (Vec<_>, Vec<_>) = suppressed.unzip();
        let suppressed = FindingView::of_linter(suppressed, sources, pages).into_iter();
        let suppressed = suppressed
            .zip(comments)
            .map(|(finding, comment)| Suppressed::new(finding, comment, &locations));
        Self {
            shown: FindingView::of_linter(linted.findings, sources, pages),
            suppressed: suppressed.collect(),
        }
    }

    /// Shows the findings with these fingerprints although comments suppress them.
    pub(crate) fn reveal(self, fingerprints: &HashSet<String>) -> Self {
        let is_revealed = |one: &Suppressed| fingerprints.contains(&one.finding.fingerprint);
        let (revealed, suppressed): (Vec<_>, Vec<_>) = self.suppressed.into_iter().partition(is_revealed);
        let mut shown = self.shown;
        shown.extend(revealed.into_iter().map(|one| one.finding));
        shown.sort_by_cached_key(|finding| {
            let at = &finding.location;
            (at.file.clone(), at.line, at.column)
        });
        Self { shown, suppressed }
    }
}

impl Suppressed {
    fn new(finding: FindingView, comment: Suppression, locations: &Locations<'_>) -> Self {
        Self {
            finding,
            reason: comment.reason,
            until: comment.until.map(|date| date.to_string()),
            comment: locations.location(comment.location),
        }
    }
}
