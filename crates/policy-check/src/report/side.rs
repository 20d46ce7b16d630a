//! Access that one of two versions gives and the other one does not.

use rolecall_analysis::Answer;
use rolecall_engine::Value;
use rolecall_report::json::Json;
use serde::Serialize;

/// The tokens that get a role on one side alone.
#[derive(Debug, Serialize)]
pub(super) struct Side {
    /// `no`, `yes` or `not_decided`.
    pub(super) outcome: &'static str,
    /// A token of that side alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<Json>,
    /// The reason why it is not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
}

impl Side {
    pub(super) fn new(answer: &Answer) -> Self {
        let (outcome, token, reason) = match answer {
            Answer::Nothing => ("no", None, None),
            Answer::NotDecided(reason) => ("not_decided", None, Some(reason.to_string())),
            Answer::Token(witness) => ("yes", Some(Json(Value::Object(witness.token.clone()))), None),
            _ => ("not_decided", None, None),
        };
        Self {
            outcome,
            token,
            reason,
        }
    }
}
