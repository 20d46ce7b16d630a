//! GitHub Actions annotations: commands that a workflow run reads from the output of a step (GitHub Docs,
//! "Workflow commands for GitHub Actions", setting messages).

use super::check::CheckReport;
use super::file_name::relative;
use rolecall_lint::Severity;
use rolecall_report::case::Outcome;
use rolecall_report::finding::FindingView;
use rolecall_report::printable::{inert_inside, printable};
use rolecall_report::severity::ReportSeverity;

/// Formats one line per finding, and per test and assertion that did not pass.
pub(crate) fn text(report: &CheckReport) -> String {
    let mut text: String = report.findings().map(annotation).collect();
    if let Some(weakenings) = report.weakenings() {
        let command = if weakenings.accepted { "notice" } else { "error" };
        for change in &weakenings.changes {
            let mut properties = Vec::new();
            properties.extend(change.file.iter().map(|file| ("file", relative(file))));
            properties.extend(change.line.iter().map(|line| ("line", line.to_string())));
            properties.push(("title", "weaker configuration".to_owned()));
            text.push_str(&line_of(
                command,
                &properties,
                &[weakenings.title(), change.message.clone()],
            ));
        }
    }
    for case in report.cases() {
        let Some(complaint) = case.complaint() else {
            continue;
        };
        let command = match case.outcome {
            Outcome::Open => "warning",
            _ => "error",
        };
        let (file, line) = (relative(&case.location.file), case.location.line.to_string());
        let properties = [("file", file), ("line", line), ("title", case.kind.to_owned())];
        text.push_str(&line_of(command, &properties, &[complaint, case.text]));
    }
    text
}

fn annotation(finding: &FindingView) -> String {
    let command = match finding.severity {
        ReportSeverity::CompileError | ReportSeverity::Rule(Severity::High) => "error",
        ReportSeverity::Rule(Severity::Medium) => "warning",
        ReportSeverity::Rule(Severity::Low | Severity::Info) => "notice",
    };
    let at = &finding.location;
    let mut properties = vec![
        ("file", relative(&at.file)),
        ("line", at.line.to_string()),
        ("endLine", at.end_line.to_string()),
    ];
    // Columns are allowed only within one line (GitHub Docs, REST API, check runs, annotations).
    if at.line == at.end_line {
        properties.push(("col", at.column.to_string()));
        properties.push(("endColumn", at.end_column.to_string()));
    }
    properties.push(("title", finding.rule.to_owned()));
    let help = finding.help.iter().map(|help| format!("help: {help}"));
    let message: Vec<String> = std::iter::once(finding.message.clone()).chain(help).collect();
    line_of(command, &properties, &message)
}

fn line_of(command: &str, properties: &[(&str, String)], lines: &[String]) -> String {
    let properties = properties.iter();
    let properties =
        properties.map(|(name, value)| format!("{name}={}", property(&inert_inside(&printable(value)))));
    let properties: Vec<String> = properties.collect();
    let lines = lines.iter().flat_map(|text| text.lines());
    let lines: Vec<String> = lines.map(|line| data(&inert_inside(&printable(line)))).collect();
    format!("::{command} {}::{}\n", properties.join(","), lines.join("%0A"))
}

/// Escapes the text after the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property, including the separators of properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_property_or_a_line() {
        let properties = [("file", "a,b:c%\n.policy".to_owned())];
        let line = line_of(
            "error",
            &properties,
            &["50%\nof a: b, c".to_owned(), "::d".to_owned()],
        );
        assert_eq!(
            line,
            "::error file=a%2Cb%3Ac%25\\n.policy::50%25%0Aof a: b, c%0A::d\n"
        );
        assert_eq!(property("\r\n"), "%0D%0A");
    }
}
