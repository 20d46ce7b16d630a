//! The GitLab Code Quality report (GitLab Docs, "Code Quality", import results from a CI/CD job): one JSON
//! array.

use super::check::CheckReport;
use super::file_name::relative;
use rolecall_lint::Severity;
use rolecall_report::failure::Failure;
use rolecall_report::finding::FindingView;
use rolecall_report::json;
use rolecall_report::markdown_text::prose;
use rolecall_report::printable::printable;
use rolecall_report::severity::ReportSeverity;
use serde::Serialize;

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'static str,
    fingerprint: &'r str,
    severity: &'static str,
    location: Location,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// The details, in Markdown (Code Climate, "Engine specification", contents).
#[derive(Serialize)]
struct Content {
    body: String,
}

/// Formats the report on one line.
pub(crate) fn line(report: &CheckReport) -> Result<Vec<u8>, Failure> {
    let issues: Vec<Issue<'_>> = report.findings().map(Issue::new).collect();
    json::line(&issues)
}

impl<'r> Issue<'r> {
    fn new(finding: &'r FindingView) -> Self {
        Self {
            description: printable(&finding.message).into_owned(),
            check_name: finding.rule,
            fingerprint: &finding.fingerprint,
            severity: match finding.severity {
                ReportSeverity::CompileError => "blocker",
                ReportSeverity::Rule(Severity::High) => "critical",
                ReportSeverity::Rule(Severity::Medium) => "major",
                ReportSeverity::Rule(Severity::Low) => "minor",
                ReportSeverity::Rule(Severity::Info) => "info",
            },
            location: Location {
                path: relative(&finding.location.file),
                lines: Lines {
                    begin: finding.location.line,
                    end: finding.location.end_line,
                },
            },
            content: finding.help.as_deref().map(|help| Content { body: prose(help) }),
        }
    }
}
