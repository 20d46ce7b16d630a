//! One line per finding: `file:line:column: severity: message [rule]`, as in compilers and editors.

use super::check::CheckReport;
use rolecall_report::printable::printable;

pub(crate) fn text(report: &CheckReport) -> String {
    let lines = report.findings().map(|finding| {
        let at = &finding.location;
        let (message, rule, severity) = (printable(&finding.message), finding.rule, finding.severity);
        format!(
            "{}:{}:{}: {severity}: {message} [{rule}]\n",
            at.file, at.line, at.column
        )
    });
    lines.collect()
}
