//! The page of coverage: the policies as they are written, with each comparison painted.

use super::lines::{ComparisonLine, FileLines};
use super::{RoleReport, TestCoverage};
use maud::{Markup, html};
use rolecall_report::html;
use rolecall_report::printable::printable;
use rolecall_syntax::Span;

/// Returns the page.
pub(crate) fn page(report: &TestCoverage) -> String {
    let counts = &report.counts;
    let is_all = counts.uncovered == 0 && counts.not_decided == 0;
    let body = html! {
        h1 { "Coverage of the policies " (html::badge(is_all, &super::percent(counts.tenths(0)))) }
        p.faint {
            (counts.covered) " of " (counts.counted()) " obligations are covered"
            @if counts.impossible > 0 { "; not counted: " (counts.impossible) " proved to be impossible" }
            @if counts.not_decided > 0 { "; not decided: " (counts.not_decided) }
            ". Each comparison of a role should decide a test in which the role is allowed, and one in which it is \
             denied: with its opposite in its place, the decision would be the other one."
        }
        p.legend {
            span.cover.all { "covered" } " "
            span.cover.some { "in part" } " "
            span.cover.none { "not covered" } " "
            span.cover.open { "not decided" } " "
            span.cover.moot { "impossible" }
        }
        @for file in report.files.iter().filter(|file| !file.comparisons.is_empty()) {
            (source(file))
        }
        @if counts.uncovered > 0 || counts.not_decided > 0 {
            h2 { "Missing tests" }
            @for role in &report.roles { (missing(role)) }
        }
    };
    html::page("Coverage of the policies", &body)
}

/// Returns a file with its lines numbered and its comparisons painted.
fn source(file: &FileLines) -> Markup {
    let first = file.text.split_inclusive('\n');
    let mut start = 0_usize;
    let mut lines: Vec<Markup> = Vec::new();
    for line in first {
        let end = start.saturating_add(line.len());
        lines.push(painted(file, start, end));
        start = end;
    }
    html! {
        h2 { (printable(&file.name)) }
        table.source {
            tbody {
                @for (number, line) in (1_usize..).zip(&lines) {
                    tr { th scope="row" { (number) } td { pre { (*line) } } }
                }
            }
        }
    }
}

/// Returns the text between two bytes, with its comparisons painted.
fn painted(file: &FileLines, start: usize, end: usize) -> Markup {
    let mut at = start;
    let mut parts: Vec<(&str, Option<&ComparisonLine>)> = Vec::new();
    let first = file.comparisons.partition_point(|one| one.span.end <= start);
    for one in file.comparisons.iter().skip(first) {
        if one.span.start >= end {
            break;
        }
        parts.push((between(&file.text, at, one.span.start), None));
        at = one.span.end.min(end);
        parts.push((between(&file.text, one.span.start.max(start), at), Some(one)));
    }
    parts.push((between(&file.text, at, end), None));
    html! {
        @for (text, comparison) in parts {
            @if let Some(comparison) = comparison {
                span class={ "cover " (class(comparison)) } tabindex="0" title=(title(comparison)) {
                    (printable(text.trim_end_matches(['\r', '\n'])))
                }
            } @else {
                (printable(text.trim_end_matches(['\r', '\n'])))
            }
        }
    }
}

fn between(text: &str, start: usize, end: usize) -> &str {
    Span::new(start, end.max(start)).text(text)
}

/// Returns the class of the worst role.
fn class(comparison: &ComparisonLine) -> &'static str {
    let outcomes: Vec<&str> = comparison
        .roles
        .iter()
        .flat_map(|(_, outcomes)| *outcomes)
        .collect();
    let has = |word: &str| outcomes.contains(&word);
    match (has("uncovered"), has("covered"), has("not_decided")) {
        (true, true, _) => "some",
        (true, false, _) => "none",
        (false, _, true) => "open",
        (false, true, false) => "all",
        (false, false, false) => "moot",
    }
}

/// Returns the obligations of each role.
fn title(comparison: &ComparisonLine) -> String {
    let words = |outcome: &str| outcome.replace('_', " ");
    let roles = comparison.roles.iter().map(|(role, [allowed, denied])| {
        let (allowed, denied) = (words(allowed), words(denied));
        format!("{}: allowed {allowed}, denied {denied}", printable(role))
    });
    roles.collect::<Vec<String>>().join("\n")
}

/// Returns the tests that a role lacks.
fn missing(role: &RoleReport) -> Markup {
    html! {
        @for comparison in &role.comparisons {
            @for (decision, obligation) in comparison.each() {
                @if matches!(obligation.outcome, "uncovered" | "not_decided") {
                    details {
                        summary {
                            code { (printable(&comparison.text)) }
                            " " span.faint { (printable(&role.role)) " " (decision) }
                            " " span.place { (printable(&comparison.location.file)) ":" (comparison.location.line) }
                        }
                        div {
                            @if let Some(message) = &obligation.message { p { (printable(message)) } }
                            @if let Some(test) = &obligation.test {
                                pre { @for line in test.lines() { (printable(line)) "\n" } }
                            }
                        }
                    }
                }
            }
        }
    }
}
