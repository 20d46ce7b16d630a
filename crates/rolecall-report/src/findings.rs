//! The findings of one policy set: those that are shown, and those that comments suppress.

use crate::finding::FindingView;
use crate::location::{LocationView, Locations};
use rolecall_engine::{CompileError, ParsedFile, PolicySet};
use rolecall_lint::{Identity, LintReport, Suppression, identities};
use serde::Serialize;
use std::collections::HashSet;

/// A finding of the linter with its identity.
pub type Found = (rolecall_lint::Finding, Identity);

/// A function that renders a finding.
pub type Render<'r> = dyn Fn(Found) -> FindingView + Sync + 'r;

/// The findings of one policy set.
#[derive(Debug)]
pub struct Findings {
    /// The findings that no comment suppresses, in the order of the files.
    pub shown: Vec<FindingView>,
    /// The findings that comments suppress, in the same order.
    pub suppressed: Vec<Suppressed>,
}

/// A finding that a comment suppresses.
#[derive(Debug, Serialize)]
pub struct Suppressed {
    pub finding: FindingView,
    /// The reason in the comment.
    pub reason: String,
    /// The last day of the suppression; none if it is permanent.
    pub until: Option<String>,
    /// The location of the comment.
    pub comment: LocationView,
}

impl Findings {
    /// Converts the result of the linter for a set that was compiled from some files. Of a policy set that does not
    /// compile, the findings are its errors. Rule names link to the rule pages if those are published.
    ///
    /// Each finding is rendered on its own, which is a good part of the work: `each` may do it on several threads.
    pub fn new(
        outcome: &Result<PolicySet, CompileError>,
        files: Vec<ParsedFile>,
        linted: LintReport,
        pages: Option<&str>,
        each: impl Fn(Vec<Found>, &Render<'_>) -> Vec<FindingView>,
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
        let locations = Locations::new(set.program().files());
        let suppressed = linted.suppressed.into_iter().map(|one| (one.finding, one.by));
        let (suppressed, comments): (Vec<_>, Vec<_>) = suppressed.unzip();
        let trees = set.program().parsed_files(&files);
        let names = identities(&suppressed, &trees);
        let render = |found: Found| FindingView::of_linter(found, &locations, pages);
        let suppressed = each(suppressed.into_iter().zip(names).collect(), &render);
        let suppressed = suppressed
            .into_iter()
            .zip(comments)
            .map(|(finding, comment)| Suppressed::new(finding, comment, &locations));
        let names = identities(&linted.findings, &trees);
        // Trees are large, and not needed to render.
        drop((files, trees));
        Self {
            shown: each(linted.findings.into_iter().zip(names).collect(), &render),
            suppressed: suppressed.collect(),
        }
    }

    /// Shows the findings with these fingerprints although comments suppress them.
    pub fn reveal(self, fingerprints: &HashSet<String>) -> Self {
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
