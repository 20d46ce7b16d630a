//! JUnit XML, as test reports read it (GitLab Docs, "Unit test reports": suites with `name`, cases with
//! `name`, `classname` and `file`, `failure`, `error`, `skipped`): one suite per policy file.

use super::check::CheckReport;
use super::file_name::relative;
use super::xml::{self, Writer, clean, clean_line};
use rolecall_report::case::{Case, Outcome};
use rolecall_report::failure::Failure;
use rolecall_report::finding::FindingView;
use rolecall_report::text::plus;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::time::Duration;

/// The cases of one file.
#[derive(Default)]
struct Suite {
    cases: Vec<TestCase>,
    /// The number of cases of each name: readers identify cases by their names.
    seen: HashMap<String, usize>,
}

struct TestCase {
    name: String,
    line: usize,
    took: Option<Duration>,
    outcome: CaseResult,
}

/// The result of a case.
enum CaseResult {
    Passed,
    /// The tag, `failure` or `error`, with its message, type and text.
    Failed(&'static str, String, String, String),
    Skipped(String),
    /// A finding that does not fail the run, with its text.
    Noted(String),
}

/// Formats the report of `check`.
pub(crate) fn document(report: &CheckReport) -> Result<Vec<u8>, Failure> {
    write(&suites(report))
}

/// Formats tests and assertions, with their times.
pub(crate) fn of_tests(cases: &[Case<'_>]) -> Result<Vec<u8>, Failure> {
    let mut suites = BTreeMap::new();
    add(&mut suites, cases, true);
    write(&suites)
}

/// Adds tests and assertions to the suites of their files.
fn add(suites: &mut BTreeMap<String, Suite>, cases: &[Case<'_>], is_timed: bool) {
    for case in cases {
        let suite = suites.entry(relative(&case.location.file)).or_default();
        let name = format!("{}: {}", case.kind, case.name);
        suite.add(&name, case.location.line, result(case));
        if let Some(last) = suite.cases.last_mut().filter(|_| is_timed) {
            last.took = case.took;
        }
    }
}

fn write(suites: &BTreeMap<String, Suite>) -> Result<Vec<u8>, Failure> {
    let totals = ["tests", "failures", "errors", "skipped"].map(|what| {
        suites
            .values()
            .map(|suite| suite.count(what))
            .sum::<usize>()
            .to_string()
    });
    let [tests, failures, errors, skipped] = &totals;
    xml::document(|writer| {
        let root = writer.create_element("testsuites").with_attributes([
            ("name", "policy-check"),
            ("tests", tests),
            ("failures", failures),
            ("errors", errors),
            ("skipped", skipped),
        ]);
        root.write_inner_content(|writer| {
            suites
                .iter()
                .try_for_each(|(file, suite)| suite.write(file, writer))
        })?;
        Ok(())
    })
}

fn suites(report: &CheckReport) -> BTreeMap<String, Suite> {
    let mut suites: BTreeMap<String, Suite> = BTreeMap::new();
    for file in report.sets.iter().flat_map(|set| &set.files) {
        suites.entry(relative(file)).or_default();
    }
    let findings = report
        .sets
        .iter()
        .flat_map(|set| set.findings.iter().map(move |finding| (set, finding)));
    for (set, finding) in findings {
        let suite = suites.entry(relative(&finding.location.file)).or_default();
        let kind = format!("{} {}", finding.severity, finding.rule);
        let result = if finding.severity >= set.fail_level {
            CaseResult::Failed("failure", clean_line(&finding.message), kind, about(finding))
        } else {
            CaseResult::Noted(format!("{kind}\n{}", about(finding)))
        };
        suite.add(&name_of(finding), finding.location.line, result);
    }
    for suppressed in report.suppressed() {
        let finding = &suppressed.finding;
        let suite = suites.entry(relative(&finding.location.file)).or_default();
        let skipped = CaseResult::Skipped(clean_line(&suppressed.reason));
        suite.add(&name_of(finding), finding.location.line, skipped);
    }
    for suite in suites.values_mut() {
        if suite.cases.is_empty() {
            suite.add("no findings", 1, CaseResult::Passed);
        }
    }
    add(&mut suites, &report.cases(), false);
    suites
}

fn result(case: &Case<'_>) -> CaseResult {
    let tag = match case.outcome {
        Outcome::Open => "error",
        _ => "failure",
    };
    match case.complaint() {
        None => CaseResult::Passed,
        Some(complaint) => CaseResult::Failed(
            tag,
            clean_line(&complaint),
            case.kind.to_owned(),
            clean(&case.text),
        ),
    }
}

/// Returns the name of a finding's case. It has no line, so that the case stays the same when lines move.
fn name_of(finding: &FindingView) -> String {
    format!("{}: {}", finding.rule, finding.message)
}

/// Formats the location, the notes, the token and the help of a finding.
fn about(finding: &FindingView) -> String {
    let at = &finding.location;
    let mut text = format!(
        "{}:{}:{}: {}\n",
        relative(&at.file),
        at.line,
        at.column,
        finding.message.replace('\n', " ")
    );
    for note in &finding.notes {
        text += &format!(
            "note: {}:{}: {}\n",
            relative(&note.location.file),
            note.location.line,
            note.message
        );
    }
    if let Some(token) = &finding.token {
        text += &format!("token: {}\n", token.0);
    }
    if let Some(help) = &finding.help {
        text += &format!("help: {help}\n");
    }
    clean(&text)
}

impl Suite {
    fn add(&mut self, name: &str, line: usize, outcome: CaseResult) {
        let name = clean_line(name);
        let seen = self.seen.entry(name.clone()).or_default();
        *seen = plus(*seen, 1);
        let name = match *seen {
            1 => name,
            seen => format!("{name} ({seen})"),
        };
        let took = None;
        self.cases.push(TestCase {
            name,
            line,
            took,
            outcome,
        });
    }

    /// Returns the number of cases with a kind of result, or of all.
    fn count(&self, what: &str) -> usize {
        let such = self.cases.iter().filter(|case| match (&case.outcome, what) {
            (_, "tests") | (CaseResult::Skipped(_), "skipped") => true,
            (CaseResult::Failed(tag, ..), "failures") => *tag == "failure",
            (CaseResult::Failed(tag, ..), "errors") => *tag == "error",
            _ => false,
        });
        such.count()
    }

    fn write(&self, file: &str, writer: &mut Writer) -> io::Result<()> {
        let file = clean_line(file);
        let totals = ["tests", "failures", "errors", "skipped"].map(|what| self.count(what).to_string());
        let [tests, failures, errors, skipped] = &totals;
        let element = writer.create_element("testsuite").with_attributes([
            ("name", file.as_str()),
            ("tests", tests),
            ("failures", failures),
            ("errors", errors),
            ("skipped", skipped),
        ]);
        element
            .write_inner_content(|writer| self.cases.iter().try_for_each(|case| case.write(&file, writer)))?;
        Ok(())
    }
}

impl TestCase {
    fn write(&self, file: &str, writer: &mut Writer) -> io::Result<()> {
        let line = self.line.to_string();
        let element = writer.create_element("testcase").with_attributes([
            ("name", self.name.as_str()),
            ("classname", file),
            ("file", file),
            ("line", &line),
        ]);
        let element = match self.took {
            Some(took) => element.with_attribute(("time", format!("{:.6}", took.as_secs_f64()).as_str())),
            None => element,
        };
        match &self.outcome {
            CaseResult::Passed => element.write_empty()?,
            CaseResult::Skipped(why) => element.write_inner_content(|writer| {
                let skipped = writer.create_element("skipped");
                skipped.with_attribute(("message", why.as_str())).write_empty()?;
                Ok(())
            })?,
            CaseResult::Noted(text) => element.write_inner_content(|writer| {
                let noted = writer.create_element("system-out");
                noted.write_text_content(quick_xml::events::BytesText::new(text))?;
                Ok(())
            })?,
            CaseResult::Failed(tag, message, kind, text) => element.write_inner_content(|writer| {
                let failure = writer.create_element(*tag);
                let failure = failure.with_attributes([("message", message.as_str()), ("type", kind)]);
                failure.write_text_content(quick_xml::events::BytesText::new(text))?;
                Ok(())
            })?,
        };
        Ok(())
    }
}
