//! Published misconfigurations, each of which is found, and good policies, in which nothing above low is.

use rolecall_analysis::Analysis;
use rolecall_engine::{PolicySet, Source};
use rolecall_lint::{Finding, Linter, Settings, Severity};
use rolecall_syntax::line_column;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What is not as a case says, and more about it.
type Deviations = BTreeMap<String, String>;

/// What is to be found on a line.
struct Mark<'t> {
    line: usize,
    rule: &'t str,
    /// Whether it may be of a severity below medium.
    is_low: bool,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// The policies of a folder, by their names.
fn cases(of: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder().join(of)).expect("the folder");
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a text");
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
        assert!(
            path.extension().is_some_and(|extension| extension == "policy"),
            "{name}: not a policy"
        );
        (format!("{of}/{name}"), text)
    };
    paths.into_iter().map(read).collect()
}

/// The marks at the ends of lines.
fn marks(text: &str) -> Vec<Mark<'_>> {
    let mut marks = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        for (sign, is_low) in [("// error: ", false), ("// low: ", true)] {
            let Some((_, rules)) = text.split_once(sign) else {
                continue;
            };
            let of_line = rules.split(", ").map(|rule| Mark {
                line,
                rule: rule.trim_end(),
                is_low,
            });
            marks.extend(of_line);
        }
    }
    marks
}

/// What is found in a policy, with the lines; and what is wrong with the policy itself.
fn lint(name: &str, text: &str, deviations: &mut Deviations) -> Vec<(Finding, usize)> {
    let set = match PolicySet::compile([Source::new(name, text)]) {
        Ok(set) => set,
        Err(error) => {
            deviations.insert(format!("{name}: does not compile"), error.to_string());
            return Vec::new();
        }
    };
    for outcome in set.run_tests().filter(|outcome| !outcome.failures.is_empty()) {
        deviations.insert(
            format!("{name}: the test \"{}\" fails", outcome.test.name),
            String::new(),
        );
    }
    let mut analysis = Analysis::new(&set);
    for assertion in set.program().assertions() {
        if !analysis.prove(assertion).outcome.is_proved() {
            deviations.insert(
                format!("{name}: \"{}\" is not proved", assertion.name),
                String::new(),
            );
        }
    }
    let settings = Settings {
        today: "2026-06-30".parse().ok(),
        ..Settings::default()
    };
    let findings = Linter::new(&set, &settings).run().findings;
    let with_line = |finding: Finding| {
        let (line, _) = line_column(text, finding.location.span().start);
        (finding, line)
    };
    findings.into_iter().map(with_line).collect()
}

/// What is known to deviate: the lines of a file that are not comments.
fn known() -> BTreeSet<String> {
    let text = std::fs::read_to_string(folder().join("deviations.txt")).expect("the file");
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

/// All that deviates must be known, and all that is known must deviate.
fn compare(of: &str, deviations: &Deviations) {
    let prefix = format!("{of}/");
    let known: BTreeSet<String> = known()
        .into_iter()
        .filter(|line| line.starts_with(&prefix))
        .collect();
    let new = deviations.iter().filter(|(what, _)| !known.contains(*what));
    let new = new.map(|(what, more)| format!("  {what}\n      {more}"));
    let gone = known.iter().filter(|line| !deviations.contains_key(*line));
    let gone = gone.map(|line| format!("  {line}\n      no longer so"));
    let lines: Vec<String> = new.chain(gone).collect();
    assert!(
        lines.is_empty(),
        "{} cases of {of} deviate:\n{}",
        lines.len(),
        lines.join("\n")
    );
}

#[test]
fn published_misconfigurations_are_found() {
    let cases = cases("bad");
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    let mut deviations = Deviations::new();
    for (name, text) in &cases {
        let marks = marks(text);
        assert!(!marks.is_empty(), "{name}: nothing is marked");
        assert!(
            text.starts_with("// ") && text.contains("\n// Published: "),
            "{name}: it is not said what it is and where it was published"
        );
        let found = lint(name, text, &mut deviations);
        for mark in marks {
            assert!(
                rolecall_lint::find(mark.rule).is_some(),
                "{name}: no rule {}",
                mark.rule
            );
            let of_rule = found.iter().filter(|(finding, _)| finding.rule.name == mark.rule);
            let of_rule: Vec<_> = of_rule.collect();
            let here = of_rule.iter().filter(|(_, line)| *line == mark.line);
            let most = here.map(|(finding, _)| finding.severity).max();
            if most.is_none_or(|severity| !mark.is_low && severity < Severity::Medium) {
                deviations.insert(
                    format!("{name}: line {} wants {}", mark.line, mark.rule),
                    told(&found),
                );
            }
        }
    }
    compare("bad", &deviations);
}

#[test]
fn good_policies_have_nothing_above_low() {
    let cases = cases("good");
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    let mut deviations = Deviations::new();
    for (name, text) in &cases {
        let found = lint(name, text, &mut deviations);
        for (finding, line) in found
            .iter()
            .filter(|(finding, _)| finding.severity > Severity::Low)
        {
            deviations.insert(
                format!("{name}: line {line} has {}", finding.rule.name),
                finding.message.clone(),
            );
        }
    }
    compare("good", &deviations);
}

/// What was found instead.
fn told(found: &[(Finding, usize)]) -> String {
    let lines = found.iter().map(|(finding, line)| {
        let severity = finding.severity;
        format!("{severity:?} {} on line {line}", finding.rule.name)
    });
    format!("found: {}", lines.collect::<Vec<_>>().join(", "))
}
