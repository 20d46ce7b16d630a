//! The results of `witness` for one clause.

use super::near_miss::NearMissReport;
use crate::contradiction::Contradiction;
use crate::json::Json;
use crate::location::LineLocation;
use crate::printable::printable;
use crate::style::{BAD, DOUBT, FAINT, GOOD, paint};
use crate::token_text;
use rolecall_engine::Value;
use serde::Serialize;

/// The results for one clause of the role.
#[derive(Debug, Serialize)]
pub(super) struct ClauseReport {
    /// The index of the clause, from 1.
    pub(super) index: usize,
    pub(super) issuer: String,
    #[serde(flatten)]
    pub(super) location: LineLocation,
    /// `granted`, `no_token` or `not_decided`.
    pub(super) outcome: &'static str,
    /// A token that gets the role by this clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<Json>,
    /// The token as a test for the policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) test: Option<String>,
    /// The reason why it is not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    /// The contradicting parts, if no token gets the role by this clause.
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    pub(super) contradiction: Option<Contradiction>,
    /// The near miss of each condition, if near misses were requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) near_misses: Option<Vec<NearMissReport>>,
}

impl ClauseReport {
    /// Writes the results, without those that are tests in a file.
    pub(super) fn write(&self, are_written: bool, text: &mut String) {
        if !(are_written && self.test.is_some()) {
            self.write_outcome(text);
        }
        let misses = self.near_misses.iter().flatten();
        for miss in misses.filter(|miss| !(are_written && miss.has_test())) {
            miss.write(text);
        }
    }

    fn write_outcome(&self, text: &mut String) {
        let mark = match self.outcome {
            "granted" => paint(GOOD, "granted"),
            "no_token" => paint(BAD, "NO TOKEN"),
            _ => paint(DOUBT, "NOT DECIDED"),
        };
        let location = paint(FAINT, &self.location);
        let issuer = printable(&self.issuer);
        text.push_str(&format!(
            "{mark}  by clause {}, from {issuer}  {location}\n",
            self.index
        ));
        if let Some(message) = &self.message {
            text.push_str(&format!("  {}\n", printable(message)));
        }
        if let Some(Json(Value::Object(token))) = &self.token {
            token_text::write(token, text);
        }
        if let Some(test) = &self.test {
            token_text::write_test(token_text::TO_KEEP, test, text);
        }
        if let Some(contradiction) = &self.contradiction {
            contradiction.write(text);
        }
        text.push('\n');
    }
}
