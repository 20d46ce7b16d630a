//! A comment for a merge request: a summary, and what was found, the worst first.

use anstream::adapter::strip_str;

use super::case::Outcome;
use super::check::CheckReport;
use super::file_name::relative;
use super::finding::{FindingView, page};
use super::severity::ReportSeverity;
use super::weakening;
use text::{block, code, escaped, prose};

pub(crate) mod text;

/// From how many findings of one severity on they are folded away.
const FOLDED: usize = 4;
/// How many findings of one severity are shown: beyond that nobody reads on, and services refuse long comments.
const MAX_FINDINGS: usize = 100;

/// How far the text of an item is indented.
const ITEM: &str = "  ";

/// The report as Markdown.
pub(crate) fn text(report: &CheckReport) -> String {
    let summary = strip_str(&report.summary()).to_string();
    let mut text = format!("### Policies\n\n{}\n", escaped(&summary));
    for level in ReportSeverity::descending() {
        let findings: Vec<&FindingView> = report
            .findings()
            .filter(|finding| finding.severity == level)
            .collect();
        if !findings.is_empty() {
            write_level(level, &findings, report.context.pages.as_deref(), &mut text);
        }
    }
    if let Some(weakenings) = report.weakenings() {
        text.push_str(&format!("\n#### {}\n\n", prose(&weakenings.title())));
        for change in weakenings.changes.iter().take(MAX_FINDINGS) {
            let place = weakening::place(change).map_or(String::new(), |place| code(&place) + ": ");
            text.push_str(&format!("- {place}{}\n", prose(&change.message)));
        }
    }
    let failed: Vec<_> = report
        .cases()
        .into_iter()
        .filter(|case| case.outcome != Outcome::Passed)
        .collect();
    if !failed.is_empty() {
        text.push_str("\n#### Tests\n");
    }
    for case in failed.iter().take(MAX_FINDINGS) {
        let complaint = case.complaint().unwrap_or_default();
        let place = format!("{}:{}", relative(&case.place.file), case.place.line);
        text.push_str(&format!("\n- {} ({})\n\n", prose(&complaint), code(&place)));
        text.push_str(&block(case.text.lines(), ITEM));
    }
    text
}

fn write_level(level: ReportSeverity, findings: &[&FindingView], pages: Option<&str>, text: &mut String) {
    let title = format!("{level} ({})", findings.len());
    let is_folded = findings.len() >= FOLDED;
    if is_folded {
        text.push_str(&format!("\n<details><summary>{title}</summary>\n"));
    } else {
        text.push_str(&format!("\n#### {title}\n"));
    }
    for finding in findings.iter().take(MAX_FINDINGS) {
        write(finding, pages, text);
    }
    if let Some(more @ 1..) = findings.len().checked_sub(MAX_FINDINGS) {
        text.push_str(&format!("\n… and {more} more\n"));
    }
    if is_folded {
        text.push_str("\n</details>\n");
    }
}

fn write(finding: &FindingView, pages: Option<&str>, text: &mut String) {
    let at = &finding.location;
    let place = code(&format!("{}:{}", relative(&at.file), at.line));
    let rule = match pages.map(|pages| page(pages, finding.rule)) {
        Some(page) => format!("[{}](<{page}>)", code(finding.rule)),
        None => code(finding.rule),
    };
    text.push_str(&format!("\n- {place}: {} {rule}\n", prose(&finding.message)));
    if let Some(help) = &finding.help {
        text.push_str(&format!("  <br>help: {}\n", prose(help)));
    }
    if let Some(token) = &finding.token {
        text.push('\n');
        text.push_str(&block([token.0.to_string()], ITEM));
    }
}
