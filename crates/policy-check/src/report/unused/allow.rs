//! The report of one `allow` that was not used.

use crate::usage::{AllowUse, Consequence, Outcome, RoleUse, Used};
use rolecall_engine::{Object, Value};
use rolecall_report::json::Json;
use rolecall_report::location::{LineLocation, Locations};
use rolecall_report::printable::{printable, shortened};
use rolecall_report::style::{BAD, DOUBT, FAINT, paint};
use rolecall_report::token_text;
use serde::Serialize;

/// The most characters of an `allow` in text. The JSON has all of them.
const LONGEST: usize = 200;

/// An `allow` that was not used, or of which it is not decided.
#[derive(Debug, Serialize)]
pub(super) struct AllowReport {
    #[serde(flatten)]
    pub(super) location: LineLocation,
    /// The source text, on one line.
    text: String,
    /// `unused` or `not_decided`.
    outcome: &'static str,
    /// The reason why it is not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    /// The consequence of removing it; none if nothing is proved about its role.
    #[serde(skip_serializing_if = "Option::is_none")]
    removal: Option<RemovalReport>,
}

#[derive(Debug, Serialize)]
struct RemovalReport {
    /// `loses`, `no_token`, `not_decided` or `nothing`.
    outcome: &'static str,
    /// A token that would lose the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Json>,
    /// The reason why it is not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Other `allow`s that lose nothing: if they are removed, this one is needed, or it is not decided.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unless_removed: Vec<LineLocation>,
}

impl AllowReport {
    /// Creates the report of an `allow`; none if it was used.
    pub(super) fn new(role: &RoleUse, allow: &AllowUse, locations: &Locations<'_>) -> Option<Self> {
        let message = match role.used(allow) {
            Used::Yes => return None,
            Used::No => None,
            Used::Unknown(reason) => Some(reason),
        };
        let removal = allow.removal.as_ref();
        Some(Self {
            location: locations.line(allow.location),
            text: locations.words(allow.location),
            outcome: if message.is_none() {
                "unused"
            } else {
                "not_decided"
            },
            message,
            removal: removal.map(|removal| RemovalReport::new(removal, locations)),
        })
    }

    pub(super) fn is_unused(&self) -> bool {
        self.outcome == "unused"
    }

    /// Returns the text, cut to a length that can be read.
    pub(super) fn shown(&self) -> String {
        shortened(&printable(&self.text), LONGEST).into_owned()
    }

    /// Returns the outcome in words, with backticks around code.
    pub(super) fn state(&self) -> &'static str {
        if self.is_unused() { "unused" } else { "not decided" }
    }

    /// Returns the consequence of removing it in words, and the token that shows it.
    pub(super) fn consequence(&self) -> Option<(String, Option<&Object>)> {
        let removal = self.removal.as_ref()?;
        let token = match &removal.token {
            Some(Json(Value::Object(token))) => Some(token),
            _ => None,
        };
        Some((removal.words(), token))
    }

    /// Writes the `allow` with the consequence.
    pub(super) fn write(&self, text: &mut String) {
        let mark = match self.is_unused() {
            true => paint(BAD, "UNUSED"),
            false => paint(DOUBT, "NOT DECIDED"),
        };
        let location = paint(FAINT, &self.location);
        text.push_str(&format!("{mark}  {}  {location}\n", self.shown()));
        if let Some(message) = &self.message {
            text.push_str(&format!("  {}\n", printable(message)));
        }
        if let Some((words, token)) = self.consequence() {
            text.push_str(&format!("  {}\n", printable(&words)));
            if let Some(token) = token {
                token_text::write(token, text);
            }
        }
    }
}

impl RemovalReport {
    fn new(removal: &Consequence, locations: &Locations<'_>) -> Self {
        let (outcome, token, reason) = match &removal.outcome {
            Outcome::Loses(witness) => ("loses", Some(Json(Value::Object(witness.token.clone()))), None),
            Outcome::NoToken => ("no_token", None, None),
            Outcome::NotDecided(reason) => ("not_decided", None, reason.as_ref().map(ToString::to_string)),
            Outcome::Nothing => ("nothing", None, None),
        };
        let unless = removal.unless_removed.iter();
        Self {
            outcome,
            token,
            reason,
            unless_removed: unless.map(|at| locations.line(*at)).collect(),
        }
    }

    fn words(&self) -> String {
        match self.outcome {
            "loses" => "removing it loses tokens such as this one".to_owned(),
            "no_token" => "no token can take it".to_owned(),
            "nothing" => {
                let mut words =
                    "removing it loses nothing: each of its tokens gets the role by another `allow`"
                        .to_owned();
                if !self.unless_removed.is_empty() {
                    let others = self.unless_removed.iter().map(|at| format!("`{at}`"));
                    let others: Vec<String> = others.collect();
                    words.push_str(&format!("; keep it if you remove {}", others.join(" and ")));
                }
                words
            }
            _ => {
                let reason = self.reason.iter().map(|reason| format!(": {reason}"));
                format!(
                    "it is not decided what removing it loses{}",
                    reason.collect::<String>()
                )
            }
        }
    }
}
