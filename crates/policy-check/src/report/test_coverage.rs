//! The report of coverage: for each comparison of each role, whether tests show that it matters.

mod cobertura;
mod lcov;
mod lines;
mod page;

pub(crate) use cobertura::document as cobertura;
pub(crate) use lcov::text as lcov;
pub(crate) use page::page;

use crate::report::written_names::WrittenNames;
use crate::test_coverage::{Obligation, Pair, coverage};
use lines::{FileLines, outcome};
use rolecall_engine::PolicySet;
use rolecall_engine::ir::Test;
use rolecall_report::location::{LineLocation, LocationView, Locations, count};
use rolecall_report::printable::{printable, shortened};
use rolecall_report::style::{BAD, DOUBT, FAINT, GOOD, STRONG, paint};
use rolecall_report::test_names::Names;
use rolecall_report::token_text::{self, formatted};
use serde::Serialize;

/// The maximum number of characters of a comparison in text.
const LONGEST: usize = 200;
/// The maximum number of obligations in text. The JSON and the page have all of them.
const MAX_SHOWN: usize = 50;

/// The coverage of policy sets by their tests.
#[derive(Debug, Default, Serialize)]
pub(crate) struct TestCoverage {
    #[serde(flatten)]
    pub(crate) counts: Counts,
    /// The share of the obligations that are covered, rounded down.
    percent: f64,
    roles: Vec<RoleReport>,
    #[serde(skip)]
    files: Vec<FileLines>,
}

/// Numbers of obligations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    pub(crate) covered: usize,
    pub(crate) uncovered: usize,
    /// Proved to be impossible, and not counted.
    impossible: usize,
    /// Not decided, and not counted.
    pub(crate) not_decided: usize,
}

#[derive(Debug, Serialize)]
struct RoleReport {
    set: String,
    /// The name as it is written, with the variables of a `for`.
    role: String,
    #[serde(flatten)]
    location: LineLocation,
    comparisons: Vec<ComparisonReport>,
}

#[derive(Debug, Serialize)]
struct ComparisonReport {
    #[serde(flatten)]
    location: LocationView,
    /// The source text, on one line.
    text: String,
    /// The obligation that it decides a test in which the role is allowed.
    allowed: ObligationReport,
    /// The obligation that it decides a test in which the role is denied.
    denied: ObligationReport,
}

#[derive(Debug, Serialize)]
struct ObligationReport {
    /// `covered`, `uncovered`, `impossible` or `not_decided`.
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// A test that covers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<String>,
}

impl Counts {
    fn add(&mut self, outcome: &str) {
        let counter = match outcome {
            "covered" => &mut self.covered,
            "uncovered" => &mut self.uncovered,
            "impossible" => &mut self.impossible,
            _ => &mut self.not_decided,
        };
        *counter = counter.saturating_add(1);
    }

    /// Returns the obligations that count.
    fn counted(self) -> usize {
        self.covered.saturating_add(self.uncovered)
    }

    /// Returns the tenths of a percent that are covered, rounded down: 1000 means all. `open` obligations count as well.
    fn tenths(self, open: usize) -> usize {
        let all = self.counted().saturating_add(open);
        let tenths = self.covered.saturating_mul(1000).checked_div(all);
        tenths.unwrap_or(1000)
    }

    /// Returns whether at least these tenths of a percent are covered: `None` if that depends on what is not decided.
    pub(crate) fn reaches(self, tenths: usize) -> Option<bool> {
        match (self.tenths(0) >= tenths, self.tenths(self.not_decided) >= tenths) {
            (true, false) => None,
            (reached, _) => Some(reached),
        }
    }
}

/// Formats tenths of a percent.
fn percent(tenths: usize) -> String {
    let (whole, tenth) = (tenths.checked_div(10), tenths.checked_rem(10));
    format!("{}.{}%", whole.unwrap_or_default(), tenth.unwrap_or_default())
}

impl TestCoverage {
    /// Adds the coverage of a policy set by some of its tests.
    pub(crate) fn run(&mut self, name: &str, set: &PolicySet, tests: &[&Test]) {
        let locations = Locations::new(set.program().files());
        let written = WrittenNames::new(set);
        let mut names = Names::new(set.program().tests().iter().map(|test| test.name.clone()));
        let found = coverage(set, tests);
        self.files
            .extend(FileLines::of(set, &found, &locations, &written));
        for one in &found {
            let role = written.name(set, &one.role);
            let mut report = RoleReport {
                set: name.to_owned(),
                location: locations.line(one.role.location),
                comparisons: Vec::new(),
                role,
            };
            for (at, obligations) in &one.comparisons {
                let shown = locations.negated(*at);
                let words = locations.words(shown);
                let each = obligations.each().map(|(is_allowed, obligation)| {
                    ObligationReport::new(is_allowed, obligation, &words, one.tests, &mut names)
                });
                each.iter().for_each(|one| self.counts.add(one.outcome));
                let [allowed, denied] = each;
                report.comparisons.push(ComparisonReport {
                    location: locations.location(*at),
                    text: words,
                    allowed,
                    denied,
                });
            }
            self.roles.push(report);
        }
        let percent = u32::try_from(self.counts.tenths(0)).unwrap_or_default();
        self.percent = f64::from(percent) / 10.0;
    }

    /// Writes the obligations that are not covered.
    pub(crate) fn write(&self, text: &mut String) {
        let each = self.roles.iter().flat_map(|role| {
            let comparisons = role.comparisons.iter();
            comparisons
                .flat_map(move |one| one.each().map(|(word, obligation)| (role, one, word, obligation)))
        });
        let open = each.filter(|(.., obligation)| matches!(obligation.outcome, "uncovered" | "not_decided"));
        let mut left_out = 0_usize;
        for (number, (role, comparison, word, obligation)) in open.enumerate() {
            if number < MAX_SHOWN {
                obligation.write(role, comparison, word, text);
            } else {
                left_out = left_out.saturating_add(1);
            }
        }
        if left_out > 0 {
            let more = count(left_out, "more obligation");
            text.push_str(&format!("and {more}: see `--format json` or `--format html`\n\n"));
        }
    }

    /// Formats the share that is covered.
    pub(crate) fn summary(&self) -> String {
        let tenths = self.counts.tenths(0);
        let style = if tenths == 1000 { GOOD } else { BAD };
        let mut rest = format!("{} of {}", self.counts.covered, self.counts.counted());
        if self.counts.impossible > 0 {
            rest += &format!(", {} impossible", self.counts.impossible);
        }
        if self.counts.not_decided > 0 {
            rest += &format!(", {} not decided", self.counts.not_decided);
        }
        format!("coverage: {} ({rest})", paint(style, percent(tenths)))
    }
}

impl ComparisonReport {
    fn each(&self) -> [(&'static str, &ObligationReport); 2] {
        [("allowed", &self.allowed), ("denied", &self.denied)]
    }
}

impl ObligationReport {
    fn new(
        is_allowed: bool,
        obligation: &Obligation,
        words: &str,
        tests: Pair<usize>,
        names: &mut Names,
    ) -> Self {
        let (message, test) = match obligation {
            Obligation::Covered => (None, None),
            Obligation::Impossible => {
                let decision = if is_allowed { "allowed" } else { "denied" };
                let why = format!("proved: no token is {decision} the role because of it");
                (Some(why), None)
            }
            Obligation::NotDecided(reason) => (Some(reason.to_string()), None),
            Obligation::Uncovered(witness) => {
                let roles = if is_allowed {
                    &witness.allowed
                } else {
                    &witness.denied
                };
                let role = roles.first().map_or("the role", |role| role.as_str());
                let name = match is_allowed {
                    true => names.granted_by(role, words),
                    false => names.needs(role, words),
                };
                let test = witness.test(&name).map(formatted);
                (Some(reason(is_allowed, tests)), test)
            }
        };
        Self {
            outcome: outcome(obligation),
            message,
            test,
        }
    }

    fn write(&self, role: &RoleReport, comparison: &ComparisonReport, decision: &str, text: &mut String) {
        let mark = match self.outcome {
            "uncovered" => paint(BAD, "UNCOVERED"),
            _ => paint(DOUBT, "NOT DECIDED"),
        };
        let words = printable(&comparison.text);
        let words = paint(STRONG, shortened(&words, LONGEST));
        let LocationView {
            file, line, column, ..
        } = &comparison.location;
        let location = paint(FAINT, format!("{file}:{line}:{column}"));
        let role = printable(&role.role);
        text.push_str(&format!("{mark}  {words}  `{role}` {decision}  {location}\n"));
        if let Some(message) = &self.message {
            text.push_str(&format!("  {}\n", printable(message)));
        }
        if let Some(test) = &self.test {
            token_text::write_test(token_text::TO_KEEP, test, text);
        }
        text.push('\n');
    }
}

/// Returns the reason that no test meets an obligation.
fn reason(is_allowed: bool, tests: Pair<usize>) -> String {
    match (is_allowed, tests.allowed, tests.denied) {
        (true, 0, _) => "no test expects the role to be allowed".to_owned(),
        (false, _, 0) => "no test expects the role to be denied".to_owned(),
        (true, number, _) => {
            let tests = count(number, "test");
            format!("the role is allowed in {tests}, and would be with the opposite of it, too")
        }
        (false, _, number) => {
            let tests = count(number, "test");
            format!("the role is denied in {tests}, and never because of it alone")
        }
    }
}
