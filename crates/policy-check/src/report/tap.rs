//! TAP version 14 (testanything.org, "TAP 14 Specification"): a line for each test and assertion, with a YAML block
//! for those that did not pass.

use super::file_name::relative;
use rolecall_report::case::Case;
use rolecall_report::printable::printable;
use serde_json::json;

/// Formats the cases.
pub(crate) fn text(cases: &[Case<'_>]) -> String {
    let mut text = format!("TAP version 14\n1..{}\n", cases.len());
    for (number, case) in (1_usize..).zip(cases) {
        let complaint = case.complaint();
        let ok = if complaint.is_none() { "ok" } else { "not ok" };
        let name = printable(case.name).replace('\\', "\\\\").replace('#', "\\#");
        text.push_str(&format!("{ok} {number} - {}: {name}\n", case.kind));
        let Some(complaint) = complaint else {
            continue;
        };
        // A JSON string is one of YAML.
        let message = json!(complaint);
        let at = json!({"file": relative(&case.location.file), "line": case.location.line});
        text.push_str(&format!("  ---\n  message: {message}\n  at: {at}\n  text: |\n"));
        for line in case.text.lines() {
            text.push_str(&format!("    {}\n", printable(line)));
        }
        text.push_str("  ...\n");
    }
    text
}
