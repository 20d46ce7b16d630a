//! The report of `check`.

use super::stats::StatsReport;
use super::test::TestReport;
use super::weakening::{Weakening, Weakenings};
use anstyle::Style;
use rolecall_lint::Severity;
use rolecall_report::case::Case;
use rolecall_report::coverage::CoverageReport;
use rolecall_report::failure::Failure;
use rolecall_report::finding::FindingView;
use rolecall_report::findings::Suppressed;
use rolecall_report::json::SchemaVersion;
use rolecall_report::location::count;
use rolecall_report::printable::printable;
use rolecall_report::severity::ReportSeverity;
use rolecall_report::style::{BAD, DOUBT, FAINT, GOOD, STRONG, paint};
use rolecall_report::text::plus;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The report of `check`.
#[derive(Debug, Serialize)]
pub(crate) struct CheckReport {
    schema_version: SchemaVersion,
    /// The revision whose configuration applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<String>,
    pub(crate) sets: Vec<SetReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tests: Option<TestReport>,
    /// Facts that only other formats show.
    #[serde(skip)]
    pub(crate) context: ReportContext,
}

/// Facts about a run of `check` that only formats other than JSON show.
#[derive(Debug)]
pub(crate) struct ReportContext {
    /// True if the user accepts changes by which less is reported.
    pub(crate) accepts_weakenings: bool,
    /// The URL of the published rule pages.
    pub(crate) pages: Option<String>,
    /// The policy sets that could not be checked, and why.
    pub(crate) failures: Vec<Failure>,
}

/// The findings of one policy set.
#[derive(Debug, Serialize)]
pub(crate) struct SetReport {
    pub(crate) name: String,
    pub(crate) files: Vec<String>,
    /// The number of roles; none if the policies do not compile.
    pub(crate) roles: Option<usize>,
    pub(crate) findings: Vec<FindingView>,
    pub(crate) suppressed: Vec<Suppressed>,
    /// The lowest severity that fails the run.
    #[serde(skip)]
    pub(crate) fail_level: ReportSeverity,
    /// The number of findings that the baseline hides.
    pub(crate) known: usize,
    /// The configuration file, if there is one.
    pub(crate) configuration: Option<String>,
    /// The number of rules that the configuration turns off or lowers.
    pub(crate) lowered_rules: usize,
    /// The baseline file, if there is one.
    pub(crate) baseline: Option<String>,
    /// The changes by which less is reported than at the base.
    pub(crate) weakenings: Vec<Weakening>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stats: Option<StatsReport>,
    /// The part of documents in other languages that the findings cover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) coverage: Option<CoverageReport>,
}

impl SetReport {
    fn text(&self) -> String {
        let files = count(self.files.len(), "file");
        let name = paint(STRONG, &self.name);
        let mut text = format!("{name}: {files}");
        if let Some(roles) = self.roles {
            text += &format!(", {}", count(roles, "role"));
        }
        text += &match self.findings.len() {
            0 => ", no findings\n".to_owned(),
            found => format!(", {}\n", count(found, "finding")),
        };
        text.extend(self.stats.as_ref().map(StatsReport::text));
        text
    }
}

impl CheckReport {
    /// Creates the report of a run. `base` is the revision whose configuration applies, if there is one.
    pub(crate) fn new(
        base: Option<String>,
        sets: Vec<SetReport>,
        tests: Option<TestReport>,
        context: ReportContext,
    ) -> Self {
        Self {
            schema_version: SchemaVersion,
            base,
            sets,
            tests,
            context,
        }
    }

    /// Returns the changes by which less is reported than at the base; none if there are no such changes.
    pub(crate) fn weakenings(&self) -> Option<Weakenings<'_>> {
        let changes: Vec<&Weakening> = self.sets.iter().flat_map(|set| &set.weakenings).collect();
        (!changes.is_empty()).then_some(Weakenings {
            base: self.base.as_deref(),
            changes,
            accepted: self.context.accepts_weakenings,
        })
    }

    /// Returns the findings in the order of the sets and their files.
    pub(crate) fn findings(&self) -> impl Iterator<Item = &FindingView> {
        self.sets.iter().flat_map(|set| &set.findings)
    }

    /// Returns the suppressed findings in the same order.
    pub(crate) fn suppressed(&self) -> impl Iterator<Item = &Suppressed> {
        self.sets.iter().flat_map(|set| &set.suppressed)
    }

    /// Returns the results of tests and assertions; none if they were not run.
    pub(crate) fn cases(&self) -> Vec<Case<'_>> {
        self.tests.iter().flat_map(TestReport::cases).collect()
    }

    /// Returns the text piece by piece: the findings, and the rest.
    pub(crate) fn pieces(&self, statistics: bool) -> impl Iterator<Item = Cow<'_, str>> {
        let findings = self.findings().map(|finding| finding.snippet.as_str().into());
        findings.chain([self.conclusion(statistics).into()])
    }

    /// Formats the sets if there are several, the tests, and a summary.
    fn conclusion(&self, statistics: bool) -> String {
        let mut text = String::new();
        let has_stats = self.sets.iter().any(|set| set.stats.is_some());
        if self.sets.len() > 1 || has_stats {
            self.sets.iter().for_each(|set| text.push_str(&set.text()));
        }
        if self.sets.is_empty() {
            return text;
        }
        let coverage = self.sets.iter().filter_map(|set| set.coverage.as_ref());
        coverage.for_each(|coverage| text.push_str(&coverage.text()));
        if statistics {
            text.push_str(&self.statistics());
        }
        if let Some(tests) = &self.tests {
            text.push_str(&tests.text(false));
        }
        if let Some(weakenings) = self.weakenings() {
            text.push_str(&weakenings.text());
        }
        text.push_str(&self.summary());
        text.push('\n');
        text
    }

    /// Formats the number of findings per rule, the most frequent rule first.
    fn statistics(&self) -> String {
        let mut counts: BTreeMap<&str, (usize, ReportSeverity)> = BTreeMap::new();
        for finding in self.findings() {
            let (count, highest) = counts.entry(finding.rule).or_insert((0, finding.severity));
            *count = plus(*count, 1);
            *highest = finding.severity.max(*highest);
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        let lines = counts
            .iter()
            .map(|(rule, (count, severity))| format!("{count:>6}  {severity:<6}  {rule}\n"));
        lines.collect()
    }

    /// Formats the configurations and baselines in use.
    fn configurations(&self) -> String {
        let mut text = String::new();
        let mut seen = BTreeSet::new();
        for set in &self.sets {
            if let Some(name) = &set.configuration
                && seen.insert(name)
            {
                let lowered = count(set.lowered_rules, "rule");
                text.push_str(&format!(
                    "; configuration {}, {lowered} off or lowered",
                    printable(name)
                ));
            }
            if let Some(name) = &set.baseline
                && seen.insert(name)
            {
                text.push_str(&format!("; baseline {}", printable(name)));
            }
        }
        text
    }

    /// Formats the numbers of files, sets, roles and findings, on one line.
    pub(crate) fn summary(&self) -> String {
        let files: usize = self.sets.iter().map(|set| set.files.len()).sum();
        let roles: usize = self.sets.iter().filter_map(|set| set.roles).sum();
        let sets = count(self.sets.len(), "policy set");
        let files = count(files, "file");
        // The number is unknown for policies that do not compile.
        let roles = match roles {
            0 => String::new(),
            roles => format!(", {}", count(roles, "role")),
        };
        let mut parts = Vec::new();
        for severity in ReportSeverity::descending() {
            let found = self.findings().filter(|finding| finding.severity == severity);
            let text = match (found.count(), severity) {
                (0, _) => continue,
                (found, ReportSeverity::CompileError) => count(found, "error"),
                (found, severity) => format!("{found} {severity}"),
            };
            parts.push(paint(style(severity), text));
        }
        if parts.is_empty() {
            parts.push(paint(GOOD, "no findings"));
        }
        let suppressed: usize = self.sets.iter().map(|set| set.suppressed.len()).sum();
        let known: usize = self.sets.iter().map(|set| set.known).sum();
        let noted: usize = self.findings().map(|finding| finding.noted).sum();
        let others = [
            (noted, "in notes"),
            (suppressed, "suppressed"),
            (known, "in the baseline"),
        ];
        for (number, what) in others {
            if number > 0 {
                parts.push(format!("{number} {what}"));
            }
        }
        format!(
            "{files}, {sets}{roles}: {}{}",
            parts.join(", "),
            self.configurations()
        )
    }
}

/// Returns the style of a number of findings.
fn style(severity: ReportSeverity) -> Style {
    match severity {
        ReportSeverity::CompileError | ReportSeverity::Rule(Severity::High) => BAD,
        ReportSeverity::Rule(Severity::Medium) => DOUBT,
        ReportSeverity::Rule(Severity::Low) => STRONG,
        ReportSeverity::Rule(Severity::Info) => FAINT,
    }
}
