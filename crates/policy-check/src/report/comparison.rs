//! Results of comparisons.

use super::json::Json;
use super::location::{LocationView, Locations};
use crate::printable::{printable, shortened};
use crate::style::{BAD, DOUBT, FAINT, GOOD, paint};
use crate::text::{first_line, head};
use rolecall_engine::{Comparison, Truth, Unknown, Value};
use serde::Serialize;

/// The maximum width of a column of values; a wider value moves the next column.
const WIDEST: usize = 36;
/// The maximum number of characters of a value in text. The JSON has all of them.
const LONGEST_VALUE: usize = 200;
/// The maximum number of characters of a comparison, also in the JSON.
const LONGEST_TEXT: usize = 4 * 1024;

/// The result of a comparison in a clause or a guard.
#[derive(Debug, Serialize)]
pub(crate) struct ComparisonReport {
    claim: String,
    truth: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<Json>,
    accepted: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    derived: Vec<String>,
    #[serde(flatten)]
    location: LocationView,
    text: String,
    /// The declared type of the claim.
    #[serde(skip)]
    claim_type: Option<String>,
    /// The first line of the comparison.
    #[serde(skip)]
    line: String,
}

/// Returns `true`, `false` or `unknown`.
pub(crate) fn truth_name(truth: Truth) -> &'static str {
    match truth {
        Truth::False => "false",
        Truth::True => "true",
        Truth::Unknown => "unknown",
    }
}

/// Returns the code of a reason.
fn unknown_name(unknown: Unknown) -> &'static str {
    match unknown {
        Unknown::Absent => "absent",
        Unknown::Contradiction => "contradiction",
        Unknown::Null => "null",
        Unknown::NoText => "no_text",
        Unknown::NotOfType => "not_of_type",
        _ => "unknown",
    }
}

impl ComparisonReport {
    pub(crate) fn new(comparison: Comparison, locations: &Locations<'_>, claim_type: Option<String>) -> Self {
        let (source, lines, _) = locations.lines(comparison.location);
        let text = comparison.location.span().text(&source.text);
        // A line may be as long as the file, and have many comparisons.
        let first = first_line(head(lines, LONGEST_TEXT));
        Self {
            claim: comparison.claim,
            truth: truth_name(comparison.truth),
            unknown: comparison.unknown.map(unknown_name),
            actual: comparison.actual.map(Json),
            accepted: comparison.accepted,
            derived: comparison.derived,
            text: shortened(text, LONGEST_TEXT).into_owned(),
            line: shortened(first.trim(), LONGEST_VALUE).into_owned(),
            location: locations.location(comparison.location),
            claim_type,
        }
    }

    /// Formats the value in the token, and its problem if the comparison is unknown.
    fn value(&self) -> String {
        let value = match &self.actual {
            None => return "absent".to_owned(),
            Some(Json(value)) => value.to_string(),
        };
        let value = shortened(&value, LONGEST_VALUE);
        match (self.unknown, &self.claim_type) {
            (Some("not_of_type"), Some(claim_type)) => format!("{value}, not {claim_type}"),
            // The claim itself is present: the other claim of the comparison is missing.
            (Some("absent" | "null"), _) if value != "null" => format!("{value}, other claim missing"),
            _ => value.into_owned(),
        }
    }
}

/// Returns the mark of a truth value.
pub(crate) fn mark(truth: &str) -> String {
    match truth {
        "true" => paint(GOOD, "✓"),
        "false" => paint(BAD, "✗"),
        _ => paint(DOUBT, "?"),
    }
}

/// Writes comparisons below their source lines.
pub(crate) fn write_all(comparisons: &[ComparisonReport], indent: &str, text: &mut String) {
    let width = |length: fn(&ComparisonReport) -> usize| {
        let lengths = comparisons.iter().map(length);
        lengths.filter(|length| *length <= WIDEST).max().unwrap_or(0)
    };
    let claim_width = width(|comparison| comparison.claim.chars().count());
    let value_width = width(|comparison| comparison.value().chars().count());
    let mut last = None;
    for comparison in comparisons {
        let location = format!("{}:{}", comparison.location.file, comparison.location.line);
        if last.as_ref() != Some(&location) {
            let line = printable(&comparison.line);
            let line = shortened(&line, LONGEST_VALUE);
            text.push_str(&format!("{indent}{}  {line}\n", paint(FAINT, &location)));
            last = Some(location);
        }
        let value = comparison.value();
        text.push_str(&format!(
            "{indent}  {} {:<claim_width$}  {value:<value_width$}  accepted: {}\n",
            mark(comparison.truth),
            printable(&comparison.claim),
            shortened(&printable(&comparison.accepted), LONGEST_VALUE),
        ));
        if comparison.unknown == Some("contradiction") {
            text.push_str(&format!(
                "{indent}    it contradicts the claims that it is derived from"
            ));
            for (index, derived) in comparison.derived.iter().enumerate() {
                let before = if index == 0 { ", which give" } else { " or" };
                text.push_str(&format!("{before} {}", Value::from(derived.as_str())));
            }
            text.push('\n');
        }
    }
}
