//! A comment for a merge request: a summary, and what was found, the worst first.

use anstream::adapter::strip_str;

use super::case::Outcome;
use super::check::CheckReport;
use super::file_name::relative;
use super::finding::{Finding, Level, page};
use super::weakening;
use crate::printable::printable;

/// From how many findings of one severity on they are folded away.
const FOLDED: usize = 4;
/// How many findings of one severity are shown: beyond that nobody reads on, and services refuse long comments.
const MAX_FINDINGS: usize = 100;

/// The report as Markdown.
pub(crate) fn text(report: &CheckReport) -> String {
    let summary = strip_str(&report.summary()).to_string();
    let mut text = format!("### Policies\n\n{}\n", escaped(&summary));
    for level in [Level::Error, Level::High, Level::Medium, Level::Low, Level::Info] {
        let findings: Vec<&Finding> = report
            .findings()
            .filter(|finding| finding.severity == level)
            .collect();
        if !findings.is_empty() {
            write_level(level, &findings, report.pages(), &mut text);
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
        for line in case.text.lines() {
            text.push_str(&format!("      {}\n", printable(line)));
        }
    }
    text
}

fn write_level(level: Level, findings: &[&Finding], pages: Option<&str>, text: &mut String) {
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

fn write(finding: &Finding, pages: Option<&str>, text: &mut String) {
    let at = &finding.location;
    let place = code(&format!("{}:{}", relative(&at.file), at.line));
    // What somebody sets as the address of the pages is theirs; only what would end the link is taken from it.
    let rule = match pages.map(|pages| page(pages, finding.rule)) {
        Some(page) if !page.contains(|c: char| c.is_whitespace() || "<>()".contains(c)) => {
            format!("[{}](<{}>)", code(finding.rule), printable(&page))
        }
        _ => code(finding.rule),
    };
    text.push_str(&format!("\n- {place}: {} {rule}\n", prose(&finding.message)));
    if let Some(help) = &finding.help {
        text.push_str(&format!("  <br>help: {}\n", prose(help)));
    }
    if let Some(token) = &finding.token {
        // Indented below the item and not fenced: no value can end it.
        text.push_str(&format!("\n      {}\n", printable(&token.0.to_string())));
    }
}

/// A message, with what is between its backticks as code.
fn prose(message: &str) -> String {
    let parts = message.split('`').enumerate();
    let parts = parts.map(|(index, part)| match index.checked_rem(2) {
        Some(1) => code(part),
        _ => escaped(part),
    });
    parts.collect()
}

/// A text as code.
pub(crate) fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// A text in which nothing means anything: neither Markdown nor HTML. A character reference is never structure (CommonMark,
/// section 2.5).
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in printable(text).chars() {
        if c.is_ascii_punctuation() && !"-/,()=;?%'".contains(c) {
            escaped.push_str(&format!("&#{};", u32::from(c)));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_others_wrote_means_anything() {
        assert_eq!(prose("the role `a|b`"), "the role <code>a&#124;b</code>");
        assert_eq!(
            prose("`<img src=x>` and `![x](//y) @all *z*`"),
            "<code>&#60;img src=x&#62;</code> and <code>&#33;&#91;x&#93;(//y) &#64;all &#42;z&#42;</code>"
        );
        assert_eq!(prose("odd ` one\n<"), "odd <code> one&#92;n&#60;</code>");
    }
}
