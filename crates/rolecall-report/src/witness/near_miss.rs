//! Near misses: conditions of a clause, each with a token that fails only there.

use super::kept::Kept;
use crate::json::Json;
use crate::location::{LocationView, Locations};
use crate::printable::{printable, shortened};
use crate::style::{BAD, DOUBT, FAINT, STRONG, paint};
use crate::token_text;
use rolecall_analysis::{Miss, NearMiss, Witness};
use rolecall_engine::{Object, PolicySet, Value};
use serde::Serialize;

/// The maximum number of characters of a condition or a value in text. The JSON has all of them.
const LONGEST: usize = 200;

/// The near miss of one condition of a clause.
#[derive(Debug, Serialize)]
pub(super) struct NearMissReport {
    #[serde(flatten)]
    location: LocationView,
    /// The source text of the condition, on one line.
    text: String,
    /// The guard that contains the condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    guard: Option<String>,
    /// `token`, `implied`, `granted_otherwise` or `not_decided`.
    outcome: &'static str,
    /// The reason why there is no token, or why it is not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// A token that fails only there, or one that another clause grants the role if there is no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Json>,
    /// The denied token as a test for the policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<String>,
    /// The differences to the granted token.
    #[serde(skip)]
    changes: Vec<String>,
}

impl NearMissReport {
    /// Reports a near miss of a role. `example` is the example of its clause, and the position of that one's test.
    pub(super) fn new(
        role: &str,
        miss: &NearMiss,
        example: Option<(&Witness, Option<usize>)>,
        set: &PolicySet,
        locations: &Locations<'_>,
        kept: &mut Kept,
    ) -> Self {
        let location = locations.negated(miss.location);
        let guard = miss.guard.map(|guard| &set.program()[guard]);
        let mut report = Self {
            location: locations.location(location),
            text: locations.words(location),
            guard: guard.map(|guard| guard.name.clone()),
            outcome: "token",
            message: None,
            token: None,
            test: None,
            changes: Vec::new(),
        };
        let witness = match &miss.outcome {
            Miss::Token(witness) => {
                let example = example.and_then(|(_, test)| test);
                report.test = kept.near_miss(role, &report.text, witness, example);
                Some(witness)
            }
            Miss::Implied => {
                let why = "proved: every token that meets the clause's other conditions also meets this one";
                (report.outcome, report.message) = ("implied", Some(why.to_owned()));
                None
            }
            Miss::GrantedOtherwise(witness) => {
                let why = "proved: every token that fails only here is granted the role by another clause";
                (report.outcome, report.message) = ("granted_otherwise", Some(why.to_owned()));
                Some(witness)
            }
            Miss::NotDecided(reason) => {
                (report.outcome, report.message) = ("not_decided", Some(reason.to_string()));
                None
            }
            _ => {
                report.outcome = "not_decided";
                None
            }
        };
        if let Some(witness) = witness {
            if let Some((example, _)) = example {
                report.changes = changes(&example.token, &witness.token);
            }
            report.token = Some(Json(Value::Object(witness.token.clone())));
        }
        report
    }

    pub(super) fn is(&self, outcome: &str) -> bool {
        self.outcome == outcome
    }

    pub(super) fn has_test(&self) -> bool {
        self.test.is_some()
    }

    pub(super) fn write(&self, text: &mut String) {
        let mark = match self.outcome {
            "token" => paint(BAD, "denied"),
            "implied" | "granted_otherwise" => paint(DOUBT, "ADDS NOTHING"),
            _ => paint(DOUBT, "NOT DECIDED"),
        };
        let LocationView {
            file, line, column, ..
        } = &self.location;
        let location = paint(FAINT, format!("{file}:{line}:{column}"));
        let condition = printable(&self.text);
        let condition = paint(STRONG, shortened(&condition, LONGEST));
        let but_for = if self.is("token") { "but for " } else { "" };
        text.push_str(&format!("{mark}  {but_for}{condition}  {location}"));
        if let Some(guard) = &self.guard {
            text.push_str(&format!("  guard {}", printable(guard)));
        }
        text.push('\n');
        if let Some(message) = &self.message {
            text.push_str(&format!("  {}\n", printable(message)));
        }
        for change in &self.changes {
            text.push_str(&format!("  {change}\n"));
        }
        if let Some(test) = &self.test {
            token_text::write_test(token_text::TO_KEEP, test, text);
        }
        text.push('\n');
    }
}

/// Formats the differences between two tokens, claim by claim.
fn changes(from: &Object, to: &Object) -> Vec<String> {
    let added = to.iter().filter(|(name, _)| from.get(name).is_none());
    let names = from.iter().chain(added).map(|(name, _)| name);
    let shown = |value: Option<&Value>| match value {
        Some(value) => shortened(&value.to_string(), LONGEST).into_owned(),
        None => "absent".to_owned(),
    };
    let changed = names.filter(|name| from.get(name) != to.get(name));
    let lines = changed.map(|name| {
        let (before, now) = (shown(from.get(name)), shown(to.get(name)));
        format!("{} is {now}, not {before}", Value::from(name))
    });
    lines.collect()
}
