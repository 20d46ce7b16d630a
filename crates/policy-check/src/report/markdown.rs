//! The report of `check` as a merge request comment: a summary, then findings, the most severe first.

use super::check::CheckReport;
use super::file_name::relative;
use super::weakening;
use anstream::adapter::strip_str;
use rolecall_report::finding::{FindingView, page};
use rolecall_report::markdown_text::{block, code, escaped, prose};
use rolecall_report::severity::ReportSeverity;

/// The number of findings of one severity from which they are folded.
const FOLDED: usize = 4;
/// The maximum number of findings shown per severity: services refuse long comments.
const MAX_FINDINGS: usize = 100;

/// The indentation of a list item's text.
const ITEM: &str = "  ";

/// Formats the report as Markdown.
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
            let location =
                weakening::location(change).map_or(String::new(), |location| code(&location) + ": ");
            text.push_str(&format!("- {location}{}\n", prose(&change.message)));
        }
    }
    let failed: Vec<_> = report
        .cases()
        .into_iter()
        .filter_map(|case| Some((case.complaint()?, case)))
        .collect();
    if !failed.is_empty() {
        text.push_str("\n#### Tests\n");
    }
    for (complaint, case) in failed.iter().take(MAX_FINDINGS) {
        let location = format!("{}:{}", relative(&case.location.file), case.location.line);
        text.push_str(&format!("\n- {} ({})\n\n", prose(complaint), code(&location)));
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
    let location = code(&format!("{}:{}", relative(&at.file), at.line));
    let rule = match pages.map(|pages| page(pages, finding.rule)) {
        Some(page) => format!("[{}](<{page}>)", code(finding.rule)),
        None => code(finding.rule),
    };
    text.push_str(&format!("\n- {location}: {} {rule}\n", prose(&finding.message)));
    if let Some(help) = &finding.help {
        text.push_str(&format!("  <br>help: {}\n", prose(help)));
    }
    if let Some(token) = &finding.token {
        text.push('\n');
        text.push_str(&block([token.0.to_string()], ITEM));
    }
}
