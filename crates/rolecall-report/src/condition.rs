//! Conditions as trees, with the value of each part.

use crate::comparison::{Columns, ComparisonReport, mark, truth_name};
use crate::location::{LocationView, Locations};
use crate::printable::printable;
use rolecall_engine::ir::TrustedIssuer;
use rolecall_engine::{Comparison, ConditionTree, Truth};
use serde::Serialize;

/// A condition and its value. In a negated part, the parts are already negated.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ConditionReport {
    /// All parts must be true.
    All {
        truth: &'static str,
        parts: Vec<Self>,
    },
    /// One part must be true.
    Any {
        truth: &'static str,
        parts: Vec<Self>,
    },
    Comparison(Box<ComparisonReport>),
    /// A condition that no token decides.
    External {
        truth: &'static str,
        text: String,
        #[serde(flatten)]
        location: LocationView,
    },
    /// A comparison that is left out because there are too many.
    LeftOut {
        truth: &'static str,
    },
    /// A part that has no meaning for tokens.
    Unknown {
        truth: &'static str,
    },
}

impl ConditionReport {
    pub fn new(tree: &ConditionTree, issuer: &TrustedIssuer, locations: &Locations<'_>) -> Self {
        let parts = |parts: &[ConditionTree]| -> Vec<Self> {
            let parts = parts.iter();
            parts.map(|part| Self::new(part, issuer, locations)).collect()
        };
        let truth = truth_name(tree.truth());
        match tree {
            ConditionTree::All(_, inner) => Self::All {
                truth,
                parts: parts(inner),
            },
            ConditionTree::Any(_, inner) => Self::Any {
                truth,
                parts: parts(inner),
            },
            ConditionTree::Comparison(comparison) => {
                let report = of_comparison(comparison, issuer, locations);
                Self::Comparison(Box::new(report))
            }
            ConditionTree::External(external, location) => Self::External {
                truth,
                text: external.text.clone(),
                location: locations.location(*location),
            },
            ConditionTree::LeftOut(_) => Self::LeftOut { truth },
            _ => Self::Unknown { truth },
        }
    }

    /// Returns the value.
    pub fn truth(&self) -> &'static str {
        match self {
            Self::All { truth, .. }
            | Self::Any { truth, .. }
            | Self::External { truth, .. }
            | Self::LeftOut { truth }
            | Self::Unknown { truth } => truth,
            Self::Comparison(comparison) => comparison.truth(),
        }
    }

    /// Calls `show` with each comparison, in the order of the text.
    pub fn each_comparison<'r>(&'r self, show: &mut dyn FnMut(&'r ComparisonReport)) {
        match self {
            Self::All { parts, .. } | Self::Any { parts, .. } => {
                parts.iter().for_each(|part| part.each_comparison(show));
            }
            Self::Comparison(comparison) => show(comparison),
            Self::External { .. } | Self::LeftOut { .. } | Self::Unknown { .. } => {}
        }
    }

    /// Writes the comparisons below their source lines, and alternatives below `one of`.
    pub fn write(&self, indent: &str, text: &mut String) {
        let mut comparisons = Vec::new();
        self.each_comparison(&mut |comparison| comparisons.push(comparison));
        let columns = Columns::new(&comparisons);
        let mut last = None;
        match self {
            Self::All { parts, .. } => parts
                .iter()
                .for_each(|part| part.write_part(indent, &columns, &mut last, text)),
            other => other.write_part(indent, &columns, &mut last, text),
        }
    }

    fn write_part(&self, indent: &str, columns: &Columns, last: &mut Option<String>, text: &mut String) {
        let line = |words: &str| format!("{indent}  {} {words}\n", mark(self.truth()));
        match self {
            Self::All { parts, .. } | Self::Any { parts, .. } => {
                let words = match self {
                    Self::All { .. } => "all of",
                    _ => "one of",
                };
                let mut comparisons = Vec::new();
                self.each_comparison(&mut |comparison| comparisons.push(comparison));
                if let Some(first) = comparisons.first() {
                    first.write_line(indent, last, text);
                }
                text.push_str(&line(words));
                let inner = format!("{indent}    ");
                for part in parts {
                    part.write_part(&inner, columns, last, text);
                }
            }
            Self::Comparison(comparison) => comparison.write(indent, columns, last, text),
            Self::External { text: external, .. } => {
                text.push_str(&line(&format!("{}  no token decides this", printable(external))));
            }
            Self::LeftOut { .. } => {}
            Self::Unknown { .. } => text.push_str(&line("a condition that no token decides")),
        }
    }
}

/// Describes a comparison with the declared type of its claim.
fn of_comparison(
    comparison: &Comparison,
    issuer: &TrustedIssuer,
    locations: &Locations<'_>,
) -> ComparisonReport {
    let mut definitions = issuer.profile.claims().values();
    let own = definitions.find(|definition| definition.to_string() == comparison.claim);
    let claim_type = own.map(|definition| definition.claim_type.to_string());
    ComparisonReport::new(comparison, locations, claim_type)
}

/// Returns true for the name of TRUE.
pub fn is_true(truth: &str) -> bool {
    truth == truth_name(Truth::True)
}
