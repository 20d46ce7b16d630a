//! Checkstyle XML, which many services read: files with errors.

use super::check::CheckReport;
use super::file_name::relative;
use super::xml::{self, clean_line};
use rolecall_lint::Severity;
use rolecall_report::failure::Failure;
use rolecall_report::finding::FindingView;
use rolecall_report::severity::ReportSeverity;
use std::collections::BTreeMap;

/// Formats the report. Its version is that of the format that readers expect.
pub(crate) fn document(report: &CheckReport) -> Result<Vec<u8>, Failure> {
    let mut files: BTreeMap<String, Vec<&FindingView>> = BTreeMap::new();
    for finding in report.findings() {
        let file = relative(&finding.location.file);
        files.entry(file).or_default().push(finding);
    }
    xml::document(|writer| {
        let root = writer
            .create_element("checkstyle")
            .with_attribute(("version", "4.3"));
        root.write_inner_content(|writer| {
            for (file, findings) in &files {
                let name = clean_line(file);
                let element = writer
                    .create_element("file")
                    .with_attribute(("name", name.as_str()));
                element.write_inner_content(|writer| {
                    for finding in findings {
                        let (line, column) = (
                            finding.location.line.to_string(),
                            finding.location.column.to_string(),
                        );
                        let message = clean_line(&finding.message);
                        let source = format!("policy-check.{}", finding.rule);
                        let element = writer.create_element("error").with_attributes([
                            ("line", line.as_str()),
                            ("column", &column),
                            ("severity", severity(finding.severity)),
                            ("message", &message),
                            ("source", &source),
                        ]);
                        element.write_empty()?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })
}

fn severity(level: ReportSeverity) -> &'static str {
    match level {
        ReportSeverity::CompileError | ReportSeverity::Rule(Severity::High) => "error",
        ReportSeverity::Rule(Severity::Medium) => "warning",
        ReportSeverity::Rule(Severity::Low | Severity::Info) => "info",
    }
}
