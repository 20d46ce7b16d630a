//! Repairs: what would give a token a role.

use crate::json::Json;
use crate::location::count;
use crate::printable::{printable, shortened};
use crate::style::{FAINT, HELP, STRONG, paint};
use rolecall_analysis::{Actor, Change, Oddity, Repair};
use rolecall_engine::{Value, readable_time};
use serde::Serialize;

/// The maximum number of characters of a value in text. The JSON has all of them.
const LONGEST_VALUE: usize = 200;

/// The fewest changes that would give a token a role, or the reason that there are none.
#[derive(Debug, Serialize)]
pub struct RepairReport {
    /// `changes`, `impossible`, `other_issuer` or `not_decided`.
    outcome: &'static str,
    /// The reason that it is not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    changes: Vec<ChangeReport>,
    /// The derived claims that follow.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    follows: Vec<ChangeReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oddity: Option<OddityReport>,
}

#[derive(Debug, Serialize)]
pub struct ChangeReport {
    pub claim: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Json>,
    /// `author`, `requester`, `administrator` or `policy`.
    by: &'static str,
    /// True if the values are times.
    #[serde(skip)]
    is_time: bool,
}

#[derive(Debug, Serialize)]
struct OddityReport {
    code: &'static str,
    message: String,
    help: &'static str,
}

impl RepairReport {
    /// Creates the report of a repair; `None` if the token gets the role.
    pub fn new(repair: &Repair) -> Option<Self> {
        let without = |outcome| Self {
            outcome,
            reason: None,
            changes: Vec::new(),
            follows: Vec::new(),
            oddity: None,
        };
        Some(match repair {
            Repair::Allowed => return None,
            Repair::Changes(changes) => Self {
                changes: changes.claims.iter().map(ChangeReport::new).collect(),
                follows: changes.follows.iter().map(ChangeReport::new).collect(),
                oddity: changes.oddity.map(OddityReport::new),
                ..without("changes")
            },
            Repair::Impossible => without("impossible"),
            Repair::OtherIssuer => without("other_issuer"),
            Repair::NotDecided(reason) => Self {
                reason: Some(reason.to_string()),
                ..without("not_decided")
            },
            _ => without("not_decided"),
        })
    }

    /// Returns the repair in a few words.
    pub fn summary(&self) -> String {
        let claims: Vec<&str> = self.changes.iter().map(|change| change.claim.as_str()).collect();
        let derived: Vec<&str> = self.follows.iter().map(|change| change.claim.as_str()).collect();
        let words = match self.outcome {
            "impossible" => "no token gets it".to_owned(),
            "other_issuer" => "for tokens of another issuer".to_owned(),
            "not_decided" => "not decided".to_owned(),
            _ if claims.is_empty() => format!("{} must agree with the other claims", derived.join(", ")),
            _ => format!("change {}", claims.join(", ")),
        };
        match &self.oddity {
            Some(oddity) => format!("{words}: {}", oddity.message),
            None => words,
        }
    }

    pub fn changes(&self) -> &[ChangeReport] {
        &self.changes
    }

    pub fn follows(&self) -> &[ChangeReport] {
        &self.follows
    }

    /// Returns the code of the token's oddity, if it is a known one.
    pub fn oddity_code(&self) -> Option<&'static str> {
        self.oddity.as_ref().map(|oddity| oddity.code)
    }

    /// Returns the oddity of the token and the next step, if it is a known one.
    pub fn oddity(&self) -> Option<(&str, &str)> {
        let oddity = self.oddity.as_ref()?;
        Some((&oddity.message, oddity.help))
    }

    /// Returns the heading: what would give the role.
    pub fn heading(&self) -> String {
        match (self.outcome, &self.reason) {
            ("impossible", _) => {
                "no token of this issuer gets the role: `policy-check witness` tries all issuers".to_owned()
            }
            ("other_issuer", _) => "the role is for tokens of another issuer".to_owned(),
            ("not_decided", reason) => {
                let reason = reason.as_deref().unwrap_or_default();
                format!("the fewest changes are not decided: {reason}")
            }
            _ if self.changes.is_empty() => "no claim must change, but derived ones must agree".to_owned(),
            _ => format!("allowed with {}", count(self.changes.len(), "other claim")),
        }
    }

    pub fn write(&self, indent: &str, text: &mut String) {
        text.push_str(&format!("{indent}{}\n", paint(STRONG, self.heading())));
        let width = |claim: fn(&ChangeReport) -> usize| self.changes.iter().map(claim).max().unwrap_or(0);
        let claims = width(|change| change.claim.chars().count());
        let values = width(|change| change.values().chars().count());
        for change in &self.changes {
            let (claim, value) = (printable(&change.claim), change.values());
            let by = paint(FAINT, change.actor());
            text.push_str(&format!("{indent}  {claim:<claims$}  {value:<values$}  {by}\n"));
        }
        for change in &self.follows {
            let follows = paint(FAINT, "follows");
            text.push_str(&format!(
                "{indent}  {}  {}  {follows}\n",
                printable(&change.claim),
                change.values()
            ));
        }
        if let Some(oddity) = &self.oddity {
            text.push_str(&format!("{indent}  {}\n", oddity.message));
            text.push_str(&format!("{indent}  {} {}\n", paint(HELP, "help:"), oddity.help));
        }
    }
}

impl ChangeReport {
    fn new(change: &Change) -> Self {
        Self {
            claim: change.claim.clone(),
            from: change.from.clone().map(Json),
            to: change.to.clone().map(Json),
            by: change.actor.code(),
            is_time: change.is_time,
        }
    }

    /// Returns both values: `"tag" → "branch"`.
    pub fn values(&self) -> String {
        let shown = |value: &Option<Json>| match value {
            Some(Json(Value::Int(seconds))) if self.is_time => readable_time(*seconds),
            Some(Json(value)) => shortened(&value.to_string(), LONGEST_VALUE).into_owned(),
            None => "absent".to_owned(),
        };
        format!("{} → {}", shown(&self.from), shown(&self.to))
    }

    /// Returns the new value; `None` if the claim must be absent.
    pub fn to(&self) -> Option<&Json> {
        self.to.as_ref()
    }

    /// Returns the new value in words.
    pub fn wanted(&self) -> String {
        self.to.as_ref().map_or_else(
            || "absent".to_owned(),
            |Json(value): &Json| Value::to_string(value),
        )
    }

    /// Describes the people who can change it.
    pub fn actor(&self) -> &'static str {
        match self.by {
            code if code == Actor::Author.code() => "by the author of the job, or by what starts it",
            code if code == Actor::Requester.code() => "by the job that asks for the token",
            code if code == Actor::Administrator.code() => "by an administrator of the project",
            _ => "not by the job: it tells whose token this is",
        }
    }
}

impl OddityReport {
    fn new(oddity: Oddity) -> Self {
        Self {
            code: oddity.code(),
            message: oddity.to_string(),
            help: oddity.help(),
        }
    }
}
