//! The Code Quality report of GitLab (GitLab Docs, "Code Quality", import results from a CI/CD job): one JSON array.

use serde::Serialize;

use super::check::CheckReport;
use super::file_name::relative;
use super::finding::FindingView;
use super::json;
use super::markdown::text::prose;
use super::severity::ReportSeverity;
use crate::failure::Failure;
use crate::printable::printable;
use rolecall_lint::Severity;

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

/// More about it, in Markdown (Code Climate, "Engine specification", contents).
#[derive(Serialize)]
struct Content {
    body: String,
}

/// The report on one line.
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
