//! SARIF 2.1.0 (OASIS), as GitHub and GitLab code scanning read it: one run.

use super::check::CheckReport;
use super::file_name::uri;
use log::{
    ArtifactChange, ArtifactLocation, Description, Driver, Fingerprints, Fix, Invocation, Log, Message,
    Notification, PhysicalLocation, Properties, Region, Replacement, Run, SarifLocation, SarifResult,
    Suppression, Tool,
};
use rolecall_lint::Severity;
use rolecall_report::failure::Failure;
use rolecall_report::finding::{EditReport, FindingView, FixReport, Note};
use rolecall_report::findings::Suppressed;
use rolecall_report::json;
use rolecall_report::location::LocationView;
use rolecall_report::printable::printable;
use rolecall_report::severity::ReportSeverity;
use rules::{descriptors, index};
use std::collections::BTreeMap;

mod log;
mod rules;

/// The URL of the schema published by OASIS.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The base of file paths: the name that services know for the root of the checkout.
const ROOT: &str = "%SRCROOT%";

/// Formats the report on one line.
pub(crate) fn line(report: &CheckReport) -> Result<Vec<u8>, Failure> {
    // Section 3.27.23: either all results state whether they are suppressed, or none does.
    let says = report.suppressed().next().is_some();
    let found = report.findings().map(|finding| SarifResult {
        suppressions: says.then(Vec::new),
        ..result(finding)
    });
    let suppressed = report.suppressed().map(|suppressed| SarifResult {
        suppressions: Some(vec![suppression(suppressed)]),
        ..result(&suppressed.finding)
    });
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: "policy-check",
                version: env!("CARGO_PKG_VERSION"),
                rules: descriptors(report.context.pages.as_deref()),
            },
        },
        invocations: [invocation(report)],
        original_uri_base_ids: BTreeMap::from([(
            ROOT,
            Description {
                description: Message::new("the folder in which the command ran"),
            },
        )]),
        column_kind: "unicodeCodePoints",
        results: found.chain(suppressed).collect(),
    };
    json::line(&Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [run],
    })
}

fn invocation(report: &CheckReport) -> Invocation {
    let notifications = report.context.failures.iter().map(|failure| Notification {
        level: "error",
        message: Message::new(&failure.message),
    });
    Invocation {
        execution_successful: report.context.failures.is_empty(),
        tool_execution_notifications: notifications.collect(),
    }
}

fn result(finding: &FindingView) -> SarifResult<'_> {
    let help = finding
        .help
        .iter()
        .map(|help| format!("\nhelp: {}", printable(help)));
    let text: String = std::iter::once(printable(&finding.message).into_owned())
        .chain(help)
        .collect();
    SarifResult {
        rule_id: finding.rule,
        rule_index: index(finding.rule),
        level: level(finding.severity),
        message: Message::lines(&text),
        locations: [sarif_location(&finding.location, finding.label.as_deref())],
        related_locations: finding.notes.iter().map(note).collect(),
        partial_fingerprints: Fingerprints {
            line_hash: &finding.fingerprint,
        },
        fixes: finding.fix.iter().map(fix).collect(),
        suppressions: None,
        properties: finding.token.as_ref().map(|token| Properties { token }),
    }
}

fn suppression(suppressed: &Suppressed) -> Suppression {
    let until = suppressed.until.iter().map(|until| format!(", until {until}"));
    let why: String = std::iter::once(suppressed.reason.clone()).chain(until).collect();
    Suppression {
        kind: "inSource",
        justification: printable(&why).into_owned(),
        location: sarif_location(&suppressed.comment, None),
    }
}

fn sarif_location(location: &LocationView, label: Option<&str>) -> SarifLocation {
    SarifLocation {
        physical_location: PhysicalLocation {
            artifact_location: artifact(&location.file),
            region: region(location),
        },
        message: label.map(Message::new),
    }
}

fn note(note: &Note) -> SarifLocation {
    sarif_location(&note.location, Some(&note.message))
}

fn artifact(file: &str) -> ArtifactLocation {
    let uri = uri(file);
    // An absolute path has no base.
    let base = (!uri.starts_with('/')).then_some(ROOT);
    ArtifactLocation {
        uri,
        uri_base_id: base,
    }
}

fn region(location: &LocationView) -> Region {
    Region {
        start_line: location.line,
        start_column: location.column,
        end_line: location.end_line,
        end_column: location.end_column,
    }
}

fn fix(fix: &FixReport) -> Fix<'_> {
    let mut files: BTreeMap<&str, Vec<&EditReport>> = BTreeMap::new();
    for edit in &fix.edits {
        files.entry(&edit.location.file).or_default().push(edit);
    }
    let changes = files.into_iter().map(|(file, edits)| ArtifactChange {
        artifact_location: artifact(file),
        replacements: edits.into_iter().map(replacement).collect(),
    });
    Fix {
        description: Message::new(&fix.message),
        artifact_changes: changes.collect(),
    }
}

fn replacement(edit: &EditReport) -> Replacement<'_> {
    Replacement {
        deleted_region: region(&edit.location),
        inserted_content: log::Content { text: &edit.text },
    }
}

fn level(level: ReportSeverity) -> &'static str {
    match level {
        ReportSeverity::CompileError | ReportSeverity::Rule(Severity::High) => "error",
        ReportSeverity::Rule(Severity::Medium) => "warning",
        ReportSeverity::Rule(Severity::Low | Severity::Info) => "note",
    }
}
