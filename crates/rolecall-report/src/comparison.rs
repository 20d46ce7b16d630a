//! Results of comparisons.

use crate::json::Json;
use crate::layout::{ContradictionReport, LayoutReport};
use crate::location::{LocationView, Locations};
use crate::printable::{printable, shortened};
use crate::style::{BAD, DOUBT, FAINT, GOOD, paint};
use crate::text::{first_line, head};
use rolecall_engine::{Comparison, Slight, Truth, Unknown, Value, readable_time};
use serde::Serialize;

/// The maximum width of a column of values; a wider value moves the next column.
const WIDEST: usize = 36;
/// The maximum number of characters of a value in text. The JSON has all of them.
const LONGEST_VALUE: usize = 200;
/// The maximum number of characters of a comparison, also in the JSON.
const LONGEST_TEXT: usize = 4 * 1024;

/// The result of a comparison in a clause or a guard.
#[derive(Debug, Serialize)]
pub struct ComparisonReport {
    claim: String,
    truth: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<Json>,
    /// The value that is compared, if it is not what the token writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    floor: Option<i64>,
    accepted: String,
    /// The slight difference of the value from an accepted one.
    #[serde(skip_serializing_if = "Option::is_none")]
    slight: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    derived: Vec<String>,
    #[serde(flatten)]
    contradiction: Option<ContradictionReport>,
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
pub fn truth_name(truth: Truth) -> &'static str {
    match truth {
        Truth::False => "false",
        Truth::True => "true",
        Truth::Unknown => "unknown",
    }
}

impl ComparisonReport {
    pub fn new(comparison: &Comparison, locations: &Locations<'_>, claim_type: Option<String>) -> Self {
        let (source, lines, _) = locations.lines(comparison.location);
        let text = comparison.location.span().text(&source.text);
        // A line may be as long as the file, and have many comparisons.
        let first = first_line(head(lines, LONGEST_TEXT));
        Self {
            claim: comparison.claim.clone(),
            truth: truth_name(comparison.truth),
            unknown: comparison.unknown.map(Unknown::code),
            actual: comparison.actual.clone().map(Json),
            floor: comparison.floor,
            accepted: comparison.accepted.clone(),
            slight: comparison.slight.map(Slight::code),
            derived: comparison.derived.clone(),
            contradiction: comparison
                .contradiction
                .as_ref()
                .map(|contradiction| ContradictionReport::new(contradiction, locations)),
            text: shortened(text, LONGEST_TEXT).into_owned(),
            line: shortened(first.trim(), LONGEST_VALUE).into_owned(),
            location: locations.location(comparison.location),
            claim_type,
        }
    }

    /// Returns the value of the comparison.
    pub fn truth(&self) -> &'static str {
        self.truth
    }

    pub fn claim(&self) -> &str {
        &self.claim
    }

    /// Returns the accepted values, in words.
    pub fn accepted(&self) -> String {
        shortened(&printable(&self.accepted), LONGEST_VALUE).into_owned()
    }

    /// Returns the location as `FILE:LINE`.
    pub fn place(&self) -> String {
        format!("{}:{}", self.location.file, self.location.line)
    }

    /// Writes the source line, if it is not the last one written.
    pub fn write_line(&self, indent: &str, last: &mut Option<String>, text: &mut String) {
        let place = self.place();
        if last.as_ref() != Some(&place) {
            let line = printable(&self.line);
            let line = shortened(&line, LONGEST_VALUE);
            text.push_str(&format!("{indent}{}  {line}\n", paint(FAINT, &place)));
            *last = Some(place);
        }
    }

    /// Writes the comparison, below its source line.
    pub fn write(&self, indent: &str, columns: &Columns, last: &mut Option<String>, text: &mut String) {
        self.write_line(indent, last, text);
        let (claim_width, value_width) = (columns.claim, columns.value);
        text.push_str(&format!(
            "{indent}  {} {:<claim_width$}  {:<value_width$}  accepted: {}\n",
            mark(self.truth),
            printable(&self.claim),
            self.value(),
            self.accepted(),
        ));
        if let Some(contradiction) = &self.contradiction {
            contradiction.write(&self.derived, &format!("{indent}    "), text);
        }
        if let Some(difference) = self.slight_difference() {
            text.push_str(&format!("{indent}    {difference}\n"));
        }
    }

    /// Returns the slight difference from an accepted value in words.
    fn slight_difference(&self) -> Option<&'static str> {
        Some(match self.slight? {
            "case" => "only upper and lower case differ",
            "ref_prefix" => "only the prefix of the ref differs: write refs as the issuer does",
            _ => "only the ids after `@` differ: accept both texts, or compare the claims that it is made of",
        })
    }

    /// Returns the reason why the value is not accepted, in words, if the values do not tell it, and the next
    /// step if there is one.
    pub fn remark(&self) -> Option<(String, Option<&str>)> {
        if let Some(difference) = self.slight_difference() {
            return Some((difference.to_owned(), None));
        }
        let contradiction = self.contradiction.as_ref()?;
        let help = contradiction.layout.as_ref().map(LayoutReport::help);
        Some((contradiction.words(&self.derived), help))
    }

    /// Formats the value in the token, and its problem if the comparison is unknown.
    pub fn value(&self) -> String {
        let is_time = self.claim_type.as_deref() == Some("time");
        let value = match &self.actual {
            None => return "absent".to_owned(),
            Some(Json(Value::Int(seconds))) if is_time => readable_time(*seconds),
            Some(Json(value)) => value.to_string(),
        };
        let written = shortened(&value, LONGEST_VALUE);
        let value = match self.floor {
            Some(floor) => format!("{}, written {written}", readable_time(floor)),
            None => written.into_owned(),
        };
        match (self.unknown, &self.claim_type) {
            (Some("not_of_type"), Some(claim_type)) => format!("{value}, not {claim_type}"),
            // The claim itself is present: the other claim of the comparison is not.
            (Some("absent" | "null"), _) if value != "null" => format!("{value}, other claim absent"),
            _ => value,
        }
    }
}

/// Returns the mark of a truth value.
pub fn mark(truth: &str) -> String {
    match truth {
        "true" => paint(GOOD, "✓"),
        "false" => paint(BAD, "✗"),
        _ => paint(DOUBT, "?"),
    }
}

/// The widths of the columns of some comparisons.
#[derive(Debug)]
pub struct Columns {
    claim: usize,
    value: usize,
}

impl Columns {
    pub fn new(comparisons: &[&ComparisonReport]) -> Self {
        let width = |length: fn(&ComparisonReport) -> usize| {
            let lengths = comparisons.iter().map(|comparison| length(comparison));
            lengths.filter(|length| *length <= WIDEST).max().unwrap_or(0)
        };
        Self {
            claim: width(|comparison| comparison.claim.chars().count()),
            value: width(|comparison| comparison.value().chars().count()),
        }
    }
}
