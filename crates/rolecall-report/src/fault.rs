//! Differences between decisions and what tests expect.

use crate::comparison::{ComparisonReport, truth_name};
use crate::duration::duration;
use crate::location::{Locations, count};
use crate::printable::{printable, shortened};
use rolecall_engine::{Fault, Obstacles, Value};
use serde::Serialize;
use std::num::NonZeroUsize;

/// The maximum number of characters of a comparison in text.
const LONGEST_TEXT: usize = 100;

/// A difference that is more than "allowed" or "denied".
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultReport {
    Because {
        claim: String,
        /// True if a check of the role reads the claim.
        read: bool,
        other_issuer: bool,
        other_audience: bool,
        unverified: Vec<&'static str>,
        /// The claims that do not fit into a grant, and why.
        unfilled: Vec<String>,
        also: Vec<ComparisonReport>,
        #[serde(skip_serializing_if = "Option::is_none")]
        more: Option<NonZeroUsize>,
        /// The other reasons in words.
        #[serde(skip)]
        words: Vec<String>,
    },
    Grant {
        name: String,
        expected: String,
        actual: String,
    },
    Ttl {
        expected_seconds: u64,
        actual_seconds: Option<u64>,
    },
}

/// Returns the decision that is expected, and the difference beyond it.
pub fn report(fault: Fault<'_>, locations: &Locations<'_>) -> (&'static str, Option<FaultReport>) {
    match fault {
        Fault::Allowed => ("deny", None),
        Fault::Grant {
            name,
            expected,
            actual,
        } => {
            let report = FaultReport::Grant {
                name: name.to_owned(),
                expected: expected.to_owned(),
                actual,
            };
            ("allow", Some(report))
        }
        Fault::Reason { claim, also } => {
            let read = also.is_some();
            (
                "deny",
                Some(because(
                    claim.to_string(),
                    read,
                    also.unwrap_or_default(),
                    locations,
                )),
            )
        }
        Fault::Ttl { expected, actual } => {
            let report = FaultReport::Ttl {
                expected_seconds: expected.as_secs(),
                actual_seconds: actual.map(|ttl| ttl.as_secs()),
            };
            ("allow", Some(report))
        }
        // Every other fault is a denial.
        _ => ("allow", None),
    }
}

fn because(claim: String, read: bool, obstacles: Obstacles, locations: &Locations<'_>) -> FaultReport {
    let Obstacles {
        issuer,
        audience,
        unverified,
        comparisons,
        more,
        unfilled,
        ..
    } = obstacles;
    let mut words = Vec::new();
    if !read {
        words.push("no check of the role reads it".to_owned());
    }
    if issuer {
        words.push("`iss` is another issuer".to_owned());
    }
    if audience {
        words.push("`aud` is another audience".to_owned());
    }
    words.extend(
        unverified
            .iter()
            .map(|claim| format!("`{claim}` is not that of a verified token")),
    );
    for comparison in &comparisons {
        let written = locations.words(locations.negated(comparison.location));
        let written = printable(&written);
        let written = shortened(&written, LONGEST_TEXT);
        words.push(format!("`{written}` is {}", truth_name(comparison.truth)));
    }
    if more > 0 {
        words.push(count(more, "more comparison"));
    }
    words.extend(
        unfilled
            .iter()
            .map(|fault| printable(&fault.to_string()).into_owned()),
    );
    let also = comparisons.into_iter();
    FaultReport::Because {
        claim,
        read,
        other_issuer: issuer,
        other_audience: audience,
        unverified,
        unfilled: unfilled.iter().map(ToString::to_string).collect(),
        also: also
            .map(|comparison| ComparisonReport::new(&comparison, locations, None))
            .collect(),
        more: NonZeroUsize::new(more),
        words,
    }
}

impl FaultReport {
    /// Formats what is expected of a role, and what is true of it.
    pub fn words(&self) -> (String, String) {
        match self {
            Self::Because {
                claim, read, words, ..
            } => {
                let claim = printable(claim);
                let colon = if *read { ": also" } else { ":" };
                (
                    format!("to be denied because of `{claim}`"),
                    format!(
                        "it is denied, but not because of `{claim}`{colon} {}",
                        words.join(", ")
                    ),
                )
            }
            Self::Grant {
                name,
                expected,
                actual,
            } => {
                let text = |text: &str| printable(&Value::from(text).to_string()).into_owned();
                let expected = text(expected);
                (
                    format!("with grant {name} = {expected}"),
                    format!("it is {}", text(actual)),
                )
            }
            Self::Ttl {
                expected_seconds,
                actual_seconds,
            } => {
                let actual = match actual_seconds {
                    Some(actual) => format!("it is {}", duration(*actual)),
                    None => "the role sets none".to_owned(),
                };
                (format!("with ttl {}", duration(*expected_seconds)), actual)
            }
        }
    }
}
