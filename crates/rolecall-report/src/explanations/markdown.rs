//! The report of `explain` as Markdown: a summary of each role, with its explanation folded.

use super::{ExplainReport, UNVERIFIED, summary};
use crate::markdown_text::{block, code, prose};
use anstream::adapter::strip_str;

/// Formats the report as Markdown.
pub(super) fn text(report: &ExplainReport) -> String {
    let mut text = match report.verified {
        true => format!("### Token of {}\n\n", code(&report.issuer)),
        false => format!(
            "### Claims of {}\n\n{}\n\n",
            code(&report.issuer),
            prose(UNVERIFIED)
        ),
    };
    if let Some(subject) = &report.subject {
        text.push_str(&format!("{}\n\n", code(subject)));
    }
    for line in report.filled_in() {
        text.push_str(&format!("- {}\n", prose(&line)));
    }
    let explained = &report.explained;
    if explained.is_empty() {
        let none = format!("no role has a clause for `{}`", report.issuer);
        text.push_str(&format!("**denied**: {}\n", prose(&none)));
    }
    for role in &explained.roles {
        let verdict = if role.is_allowed() { "allowed" } else { "denied" };
        let (name, summary) = (code(role.role()), prose(&summary(role)));
        let mut body = String::new();
        role.write("", &mut body);
        let body = strip_str(&body).to_string();
        text.push_str(&format!(
            "\n<details><summary><b>{verdict}</b> {name} {summary}</summary>\n\n{}\n</details>\n",
            block(body.lines(), "")
        ));
    }
    let others = explained.others();
    if !others.is_empty() {
        text.push('\n');
        let lines = others.iter().map(|line| format!("- {}\n", prose(line)));
        text.extend(lines);
    }
    text
}
