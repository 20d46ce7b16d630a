//! The report of mutation: the mutants that no test and no assertion notices.

use crate::mutation::{Fate, Tried, mutate};
use rolecall_engine::ir::Test;
use rolecall_engine::{Location, PolicySet};
use rolecall_report::case::{Case, Outcome};
use rolecall_report::location::{LineLocation, Locations, count};
use rolecall_report::printable::printable;
use rolecall_report::style::{BAD, DOUBT, FAINT, GOOD, STRONG, paint};
use rolecall_report::test_names::Names;
use rolecall_report::token_text::{self, formatted};
use serde::Serialize;
use similar::{ChangeTag, TextDiff};
use std::time::Duration;

/// The maximum number of mutants in text. The JSON has all of them.
const MAX_SHOWN: usize = 50;

/// The fates of the mutants of policy sets.
#[derive(Debug, Default, Serialize)]
pub(crate) struct MutationReport {
    killed_by_tests: usize,
    killed_by_assertions: usize,
    survived: usize,
    /// Proved to mean the same, and not counted.
    equivalent: usize,
    /// Not decided, and not counted.
    not_decided: usize,
    /// The mutants for which there was no time.
    not_tried: usize,
    /// Those that survived, and those that were not decided.
    mutants: Vec<MutantReport>,
}

#[derive(Debug, Serialize)]
struct MutantReport {
    set: String,
    #[serde(flatten)]
    location: LineLocation,
    /// `drop`, `loosen`, `narrow`, `negate` or `widen`.
    kind: &'static str,
    /// `survived` or `not_decided`.
    outcome: &'static str,
    /// The reason why it is not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// The text of the change: a line begins with `-`, `+` or a space.
    diff: Vec<String>,
    /// A role that another token would get.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// A test that kills it.
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<String>,
    #[serde(skip)]
    name: String,
}

impl MutationReport {
    /// Adds the mutants of a policy set, tried with some of its tests for a time.
    pub(crate) fn run(&mut self, name: &str, set: &PolicySet, tests: &[&Test], limit: Duration) {
        let locations = Locations::new(set.program().files());
        let mut names = Names::new(set.program().tests().iter().map(|test| test.name.clone()));
        for tried in mutate(set, tests, Some(limit)) {
            let counter = match &tried.fate {
                Fate::KilledByAssertion => &mut self.killed_by_assertions,
                Fate::KilledByTest => &mut self.killed_by_tests,
                Fate::Equivalent => &mut self.equivalent,
                Fate::NotDecided(_) => &mut self.not_decided,
                Fate::NotTried => &mut self.not_tried,
                Fate::Survived(_) => &mut self.survived,
            };
            *counter = counter.saturating_add(1);
            self.mutants
                .extend(MutantReport::new(name, set, &tried, &locations, &mut names));
        }
    }

    /// Returns whether a mutant survived.
    pub(crate) fn has_survivors(&self) -> bool {
        self.survived > 0
    }

    /// Returns whether some mutants were not decided, or not tried.
    pub(crate) fn is_open(&self) -> bool {
        self.not_decided > 0 || self.not_tried > 0
    }

    /// Returns the mutants that survived, or were not decided, as cases.
    pub(crate) fn cases(&self) -> impl Iterator<Item = Case<'_>> {
        self.mutants.iter().map(|mutant| {
            let outcome = match mutant.outcome {
                "survived" => Outcome::Failed,
                _ => Outcome::Open,
            };
            let mut text = String::new();
            mutant.write(&mut text);
            Case::new("mutant", &mutant.name, &mutant.location, outcome, &text)
        })
    }

    /// Writes the mutants that survived, and those that were not decided.
    pub(crate) fn write(&self, text: &mut String) {
        for mutant in self.mutants.iter().take(MAX_SHOWN) {
            mutant.write(text);
        }
        let left_out = self.mutants.len().saturating_sub(MAX_SHOWN);
        if left_out > 0 {
            let more = count(left_out, "more mutant");
            text.push_str(&format!("and {more}: see `--format json`\n\n"));
        }
    }

    /// Formats the numbers of mutants.
    pub(crate) fn summary(&self) -> String {
        let killed = self.killed_by_tests.saturating_add(self.killed_by_assertions);
        let mut parts = vec![paint(GOOD, format!("{killed} killed"))];
        let survived = format!("{} survived", self.survived);
        parts.push(match self.survived {
            0 => survived,
            _ => paint(BAD, survived),
        });
        for (number, word) in [
            (self.equivalent, "equivalent"),
            (self.not_decided, "not decided"),
            (self.not_tried, "not tried: the time was over"),
        ] {
            if number > 0 {
                parts.push(format!("{number} {word}"));
            }
        }
        format!("mutants: {}", parts.join(", "))
    }
}

impl MutantReport {
    /// Reports a mutant that survived, or was not decided.
    fn new(
        set_name: &str,
        set: &PolicySet,
        tried: &Tried,
        locations: &Locations<'_>,
        names: &mut Names,
    ) -> Option<Self> {
        let texts = tried.texts.as_ref()?;
        let (file, _) = tried.mutant.place;
        let (id, _) = set.program().own_files().nth(file)?;
        let at = Location::new(id, tried.mutant.span);
        let words = locations.words(at);
        let kind = tried.mutant.kind.word();
        let mut report = Self {
            set: set_name.to_owned(),
            location: locations.line(at),
            kind,
            outcome: "survived",
            message: None,
            diff: diff(texts),
            role: None,
            test: None,
            name: format!("{kind} {words}"),
        };
        match &tried.fate {
            Fate::Survived(witness) => {
                let role = witness.allowed.first().or(witness.denied.first())?;
                let name = match witness.allowed.is_empty() {
                    true => names.needs(role, &words),
                    false => names.granted_by(role, &words),
                };
                report.role = Some(role.clone());
                report.test = witness.test(&name).map(formatted);
            }
            Fate::NotDecided(reason) => {
                report.outcome = "not_decided";
                report.message = Some(reason.to_string());
            }
            _ => return None,
        }
        Some(report)
    }

    fn write(&self, text: &mut String) {
        let mark = match self.outcome {
            "survived" => paint(BAD, "SURVIVED"),
            _ => paint(DOUBT, "NOT DECIDED"),
        };
        let (name, location) = (printable(&self.name), paint(FAINT, &self.location));
        text.push_str(&format!("{mark}  {}  {location}\n", paint(STRONG, name)));
        if let Some(message) = &self.message {
            text.push_str(&format!("  {}\n", printable(message)));
        }
        for line in &self.diff {
            let shown = printable(line);
            let painted = match line.chars().next() {
                Some('-') => paint(BAD, shown),
                Some('+') => paint(GOOD, shown),
                _ => shown.into_owned(),
            };
            text.push_str(&format!("  {painted}\n"));
        }
        if let Some(test) = &self.test {
            token_text::write_test("as a test that kills it", test, text);
        }
        text.push('\n');
    }
}

/// Returns the changed lines, each with `-` or `+`, and a line around them.
fn diff([before, after]: &[String; 2]) -> Vec<String> {
    let diff = TextDiff::from_lines(before.as_str(), after.as_str());
    let mut lines = Vec::new();
    for group in diff.grouped_ops(1) {
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Equal => ' ',
                ChangeTag::Insert => '+',
            };
            lines.push(format!("{sign} {}", change.value().trim_end()));
        }
    }
    lines
}
