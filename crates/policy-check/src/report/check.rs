//! What is wrong with some policy sets.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::PathBuf;

use rolecall_engine::PolicySet;
use rolecall_lint::{LintReport, Suppression};
use serde::Serialize;

use super::case::Case;
use super::finding::{Finding, INVALID, Level};
use super::json::SchemaVersion;
use super::location::{LocationView, Locations, count};
use super::stats::StatsReport;
use super::test::TestReport;
use super::weakening::{Weakening, Weakenings};
use crate::baseline::Known;
use crate::configured::Configured;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::loaded::Loaded;
use crate::printable::printable;
use crate::style::{BAD, DOUBT, FAINT, GOOD, STRONG, paint};

/// The report of `check`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct CheckReport {
    schema_version: SchemaVersion,
    /// The revision by whose configuration the sets are judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<String>,
    /// Whether weakenings of the configuration are accepted.
    #[serde(skip)]
    accepts: bool,
    pub(crate) sets: Vec<Checked>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tests: Option<TestReport>,
    /// What could not be looked at, and why.
    #[serde(skip)]
    pub(crate) failures: Vec<Failure>,
}

/// What is wrong with one policy set.
#[derive(Debug, Serialize)]
pub(crate) struct Checked {
    pub(crate) name: String,
    pub(crate) files: Vec<String>,
    /// How many there are, if the policies compile.
    roles: Option<usize>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) suppressed: Vec<Suppressed>,
    /// The number of findings that the baseline took out.
    known: usize,
    /// The configuration file, if there is one.
    configuration: Option<String>,
    /// The number of rules that it turns off or lowers.
    lowered_rules: usize,
    /// The baseline, if there is one.
    #[serde(rename = "baseline")]
    baseline_name: Option<String>,
    /// The changes by which less is reported than at the base.
    pub(crate) weakenings: Vec<Weakening>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stats: Option<StatsReport>,
    #[serde(skip)]
    tests: Option<TestReport>,
    /// From which level on findings fail the run.
    #[serde(skip)]
    pub(crate) fail_level: Level,
    /// The path of the baseline.
    #[serde(skip)]
    pub(crate) baseline: Option<PathBuf>,
    /// The tags of its roles, if the policies compile.
    #[serde(skip)]
    pub(crate) tags: Option<BTreeSet<String>>,
    /// Where the pages of the rules are published.
    #[serde(skip)]
    pages: Option<String>,
}

/// A finding that a comment suppresses.
#[derive(Debug, Serialize)]
pub(crate) struct Suppressed {
    pub(crate) finding: Finding,
    pub(crate) reason: String,
    pub(crate) until: Option<String>,
    pub(crate) comment: LocationView,
}

impl Checked {
    /// What is wrong with a policy set: that it does not compile, or what the linter found.
    pub(crate) fn new(loaded: &Loaded, linted: &LintReport, configured: &Configured) -> Self {
        let pages = configured.pages.as_deref();
        let (roles, findings, suppressed) = match &loaded.outcome {
            Err(error) => (None, Finding::all(error), Vec::new()),
            Ok(set) => {
                let sources = &set.program().sources;
                let findings = Finding::linted(&linted.findings, sources, pages);
                let places = Locations::new(sources);
                let hidden: Vec<_> = linted
                    .suppressed
                    .iter()
                    .map(|suppressed| suppressed.finding.clone())
                    .collect();
                let hidden = Finding::linted(&hidden, sources, pages);
                let comments = linted.suppressed.iter().map(|suppressed| &suppressed.by);
                let hidden = hidden.into_iter().zip(comments);
                let hidden = hidden.map(|(finding, comment)| Suppressed::new(finding, comment, &places));
                (Some(set.program().roles.len()), findings, hidden.collect())
            }
        };
        Self {
            name: loaded.name.clone(),
            files: loaded.files.clone(),
            roles,
            findings,
            suppressed,
            known: 0,
            configuration: configured.name.clone(),
            lowered_rules: configured.lowered,
            baseline_name: configured.baseline_name(),
            weakenings: Vec::new(),
            stats: None,
            tests: None,
            fail_level: configured.fail_level.into(),
            baseline: configured.baseline.clone(),
            tags: loaded.outcome.as_ref().ok().map(tags),
            pages: pages.map(str::to_owned),
        }
    }

    /// Reports findings although comments suppress them.
    pub(crate) fn reveal(&mut self, fingerprints: &HashSet<String>) {
        let suppressed = std::mem::take(&mut self.suppressed);
        for one in suppressed {
            if fingerprints.contains(&one.finding.fingerprint) {
                self.findings.push(one.finding);
            } else {
                self.suppressed.push(one);
            }
        }
        let place = |finding: &Finding| {
            let at = &finding.location;
            (at.file.clone(), at.line, at.column)
        };
        self.findings.sort_by_cached_key(place);
    }

    /// Takes out what is known already, but for some.
    pub(crate) fn take_out(&mut self, known: &Known, but: &HashSet<String>) {
        let before = self.findings.len();
        self.findings.retain(|finding| {
            let name = &finding.fingerprint;
            finding.rule == INVALID || but.contains(name) || !known.has(name)
        });
        let taken = before.saturating_sub(self.findings.len());
        self.known = self.known.saturating_add(taken);
    }

    pub(crate) fn add_stats(&mut self, stats: StatsReport) {
        self.stats = Some(stats);
    }

    /// Runs the tests of the set, and proves its assertions.
    pub(crate) fn run_tests(&mut self, name: &str, set: &PolicySet) {
        let mut tests = TestReport::default();
        tests.run(name, set, None);
        self.tests = Some(tests);
    }

    fn fails(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity >= self.fail_level)
    }

    fn text(&self) -> String {
        let files = count(self.files.len(), "file");
        let name = paint(STRONG, &self.name);
        let roles = self
            .roles
            .map(|roles| format!(", {}", count(roles, "role")))
            .unwrap_or_default();
        let found = match self.findings.len() {
            0 => "no findings".to_owned(),
            found => count(found, "finding"),
        };
        let stats = self.stats.as_ref().map(StatsReport::text);
        format!("{name}: {files}{roles}, {found}\n") + &stats.unwrap_or_default()
    }
}

/// The tags of the roles of a set.
fn tags(set: &PolicySet) -> BTreeSet<String> {
    let roles = set.program().roles.iter();
    roles.flat_map(|role| role.tags.iter().cloned()).collect()
}

impl Suppressed {
    fn new(finding: Finding, comment: &Suppression, places: &Locations<'_>) -> Self {
        Self {
            finding,
            reason: comment.reason.clone(),
            until: comment.until.map(|date| date.to_string()),
            comment: places.location(comment.location),
        }
    }
}

impl CheckReport {
    /// A report of no sets yet: of a change against a revision, if there is one.
    pub(crate) fn new(base: Option<String>, accepts: bool) -> Self {
        Self {
            base,
            accepts,
            ..Self::default()
        }
    }

    /// The changes by which less is reported than at the revision that the sets are judged by; none without such a revision.
    pub(crate) fn weakenings(&self) -> Option<Weakenings<'_>> {
        let changes: Vec<&Weakening> = self.sets.iter().flat_map(|set| &set.weakenings).collect();
        (!changes.is_empty()).then_some(Weakenings {
            base: self.base.as_deref(),
            changes,
            accepted: self.accepts,
        })
    }

    /// Adds a policy set.
    pub(crate) fn add(&mut self, mut checked: Checked) {
        if let Some(tests) = checked.tests.take() {
            self.tests.get_or_insert_default().append(tests);
        }
        self.sets.push(checked);
    }

    /// What was found, in the order of the sets and their files.
    pub(crate) fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.sets.iter().flat_map(|set| &set.findings)
    }

    /// What was found and is suppressed, in the same order.
    pub(crate) fn suppressed(&self) -> impl Iterator<Item = &Suppressed> {
        self.sets.iter().flat_map(|set| &set.suppressed)
    }

    /// The tests and the assertions, if they were run.
    pub(crate) fn cases(&self) -> Vec<Case<'_>> {
        self.tests.as_ref().map(TestReport::cases).unwrap_or_default()
    }

    /// Where the pages of the rules are published, if that is known.
    pub(crate) fn pages(&self) -> Option<&str> {
        self.sets.iter().find_map(|set| set.pages.as_deref())
    }

    /// No if there are findings from the level on that fails, or tests that fail.
    pub(crate) fn exit(&self) -> Exit {
        let is_weaker = self.weakenings().is_some() && !self.accepts;
        match &self.tests {
            _ if is_weaker || self.sets.iter().any(Checked::fails) => Exit::No,
            Some(tests) => tests.exit(),
            None => Exit::Yes,
        }
    }

    /// The findings, the sets if there are several, the tests, and a summary.
    pub(crate) fn text(&self, statistics: bool) -> String {
        let mut text: String = self.findings().map(|finding| finding.snippet.as_str()).collect();
        let has_stats = self.sets.iter().any(|set| set.stats.is_some());
        if self.sets.len() > 1 || has_stats {
            self.sets.iter().for_each(|set| text.push_str(&set.text()));
        }
        if self.sets.is_empty() {
            return text;
        }
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

    /// How often each rule was found, the most frequent first.
    fn statistics(&self) -> String {
        let mut counts: BTreeMap<&str, (usize, Level)> = BTreeMap::new();
        for finding in self.findings() {
            let (count, level) = counts.entry(finding.rule).or_insert((0, finding.severity));
            *count = count.saturating_add(1);
            *level = finding.severity.max(*level);
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        let lines = counts
            .iter()
            .map(|(rule, (count, level))| format!("{count:>6}  {level:<6}  {rule}\n"));
        lines.collect()
    }

    /// The configurations and baselines in use.
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
            if let Some(name) = &set.baseline_name
                && seen.insert(name)
            {
                text.push_str(&format!("; baseline {}", printable(name)));
            }
        }
        text
    }

    /// What was looked at, and how much was found, on one line.
    pub(crate) fn summary(&self) -> String {
        let files: usize = self.sets.iter().map(|set| set.files.len()).sum();
        let roles: usize = self.sets.iter().filter_map(|set| set.roles).sum();
        let sets = count(self.sets.len(), "policy set");
        let files = count(files, "file");
        // Of policies that do not compile, nobody knows how many there are.
        let roles = match roles {
            0 => String::new(),
            roles => format!(", {}", count(roles, "role")),
        };
        let mut parts = Vec::new();
        for (level, style) in [
            (Level::Error, BAD),
            (Level::High, BAD),
            (Level::Medium, DOUBT),
            (Level::Low, STRONG),
            (Level::Info, FAINT),
        ] {
            let found = self
                .findings()
                .filter(|finding| finding.severity == level)
                .count();
            match (found, level) {
                (0, _) => {}
                (found, Level::Error) => parts.push(paint(style, count(found, "error"))),
                (found, level) => parts.push(paint(style, format!("{found} {level}"))),
            }
        }
        if parts.is_empty() {
            parts.push(paint(GOOD, "no findings"));
        }
        let suppressed: usize = self.sets.iter().map(|set| set.suppressed.len()).sum();
        let known: usize = self.sets.iter().map(|set| set.known).sum();
        for (number, what) in [(suppressed, "suppressed"), (known, "in the baseline")] {
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
