//! How comparisons came out.

use rolecall_engine::{Comparison, Truth, Unknown, Value};
use serde::Serialize;

use super::json::Json;
use super::location::{LocationView, Locations, floor};
use crate::printable::{printable, shortened};
use crate::style::{BAD, DOUBT, FAINT, GOOD, paint};

/// The widest that a column of values gets; what is longer moves the next column.
const WIDEST: usize = 36;
/// The most characters of a value that are shown to people. Programs get all of it.
const LONGEST_VALUE: usize = 200;
/// The most characters of a comparison that are kept, for programs too.
const LONGEST_TEXT: usize = 4 * 1024;

/// A comparison of a clause or a guard.
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
    /// The type that the claim should have.
    #[serde(skip)]
    claim_type: String,
    /// The lines that it stands on, the first of them whole.
    #[serde(skip)]
    line: String,
}

/// `true`, `false` or `unknown`.
pub(crate) fn truth_name(truth: Truth) -> &'static str {
    match truth {
        Truth::False => "false",
        Truth::True => "true",
        Truth::Unknown => "unknown",
    }
}

/// A word for programs.
fn unknown_name(unknown: Unknown) -> &'static str {
    match unknown {
        Unknown::Absent => "absent",
        Unknown::Contradiction => "contradiction",
        Unknown::Null => "null",
        Unknown::NotOfType => "not_of_type",
        _ => "unknown",
    }
}

impl ComparisonReport {
    pub(crate) fn new(comparison: Comparison, places: &Locations<'_>, claim_type: String) -> Self {
        let (text, lines) = match places.lines(comparison.location) {
            Some((source, lines, _)) => (comparison.location.span().text(&source.text), lines),
            None => ("", ""),
        };
        // A line may be as long as the file, and many comparisons may stand on it.
        let first = lines.get(..floor(lines, LONGEST_TEXT)).unwrap_or_default();
        let first = first.lines().next().unwrap_or_default();
        Self {
            claim: comparison.claim,
            truth: truth_name(comparison.truth),
            unknown: comparison.unknown.map(unknown_name),
            actual: comparison.actual.map(Json),
            accepted: comparison.accepted,
            derived: comparison.derived,
            text: shortened(text, LONGEST_TEXT).into_owned(),
            line: shortened(first.trim(), LONGEST_VALUE).into_owned(),
            location: places.location(comparison.location),
            claim_type,
        }
    }

    /// What the token says, and what is wrong with that if the comparison is unknown.
    fn value(&self) -> String {
        let value = match &self.actual {
            None => return "absent".to_owned(),
            Some(Json(value)) => value.to_string(),
        };
        let value = shortened(&value, LONGEST_VALUE);
        match self.unknown {
            Some("not_of_type") => format!("{value}, not {}", self.claim_type),
            // The claim itself is fine: it is compared with another one that is not.
            Some("absent" | "null") if value != "null" => format!("{value}, other claim missing"),
            _ => value.into_owned(),
        }
    }
}

/// The mark of a truth value.
pub(crate) fn mark(truth: &str) -> String {
    match truth {
        "true" => paint(GOOD, "✓"),
        "false" => paint(BAD, "✗"),
        _ => paint(DOUBT, "?"),
    }
}

/// Writes comparisons under the lines that they stand on.
pub(crate) fn write_all(comparisons: &[ComparisonReport], indent: &str, text: &mut String) {
    let width = |length: fn(&ComparisonReport) -> usize| {
        let lengths = comparisons.iter().map(length);
        lengths.filter(|length| *length <= WIDEST).max().unwrap_or(0)
    };
    let claim_width = width(|comparison| comparison.claim.chars().count());
    let value_width = width(|comparison| comparison.value().chars().count());
    let mut last = None;
    for comparison in comparisons {
        let place = format!("{}:{}", comparison.location.file, comparison.location.line);
        if last.as_ref() != Some(&place) {
            let line = printable(&comparison.line);
            let line = shortened(&line, LONGEST_VALUE);
            text.push_str(&format!("{indent}{}  {line}\n", paint(FAINT, &place)));
            last = Some(place);
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
