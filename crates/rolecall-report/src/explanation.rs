//! Explanations of roles.

use crate::comparison::mark;
use crate::condition::{ConditionReport, is_true};
use crate::json::Json;
use crate::location::{LineLocation, Locations, position};
use crate::printable::printable;
use crate::repair::RepairReport;
use crate::style::{BAD, FAINT, GOOD, STRONG, paint};
use rolecall_engine::{ClauseExplanation, GrantFault, OperatorView, UnverifiedClaims, Value};
use serde::Serialize;
use std::borrow::Cow;
use std::num::NonZeroUsize;

/// The maximum number of accepted values that are listed as text, as in a refusal. The JSON has all of them.
pub const MOST_ACCEPTED: usize = 5;

/// The reasons why one role is allowed or denied.
#[derive(Debug, Serialize)]
pub struct RoleExplanation {
    role: String,
    allowed: bool,
    clause: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The help for a role that the policies do not have.
    #[serde(skip)]
    help: String,
    clauses: Vec<ClauseReport>,
    /// The fewest changes that would allow it.
    #[serde(skip_serializing_if = "Option::is_none")]
    repair: Option<RepairReport>,
    /// The number of comparisons left out because there are too many.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<NonZeroUsize>,
}

/// The outcome of a clause.
#[derive(Debug, Serialize)]
pub struct ClauseReport {
    index: usize,
    issuer: String,
    #[serde(flatten)]
    location: LineLocation,
    holds: bool,
    iss: Fit,
    aud: Fit,
    /// The claims of every verified token that this one lacks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unverified: Vec<&'static str>,
    /// Absent for a token of another issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<ConditionReport>,
    guards: Vec<GuardReport>,
    /// The claims that do not fit into the grants.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    grants_not_filled: Vec<UnfilledReport>,
}

#[derive(Debug, Serialize)]
struct UnfilledReport {
    grant: String,
    claim: String,
    message: String,
}

impl From<GrantFault> for UnfilledReport {
    fn from(fault: GrantFault) -> Self {
        Self {
            grant: fault.grant().to_owned(),
            claim: fault.claim().to_owned(),
            message: fault.to_string(),
        }
    }
}

/// A claim compared with the values that the issuer requires.
#[derive(Debug, Serialize)]
struct Fit {
    fits: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<Json>,
    accepted: Vec<String>,
}

#[derive(Debug, Serialize)]
struct GuardReport {
    guard: String,
    condition: ConditionReport,
}

impl RoleExplanation {
    pub fn new(explanation: &OperatorView<'_>, locations: &Locations<'_>, claims: &UnverifiedClaims) -> Self {
        let allowed_by = explanation.allowed_by;
        let clause = explanation
            .clauses
            .iter()
            .position(|clause| Some(clause.id) == allowed_by);
        let clauses = explanation.clauses.iter().enumerate();
        Self {
            role: explanation.role.name.to_string(),
            allowed: allowed_by.is_some(),
            clause: clause.map(position),
            reason: None,
            help: String::new(),
            repair: None,
            left_out: NonZeroUsize::new(explanation.left_out),
            clauses: clauses
                .map(|(index, clause)| ClauseReport::new(index, clause, locations, claims))
                .collect(),
        }
    }

    /// Creates the explanation of a role that the policies do not have.
    pub fn unknown(role: &str, help: String) -> Self {
        Self {
            role: role.to_owned(),
            allowed: false,
            clause: None,
            reason: Some("unknown_role"),
            help,
            repair: None,
            left_out: None,
            clauses: Vec::new(),
        }
    }

    /// Adds the fewest changes that would allow the role.
    pub fn with(mut self, repair: Option<RepairReport>) -> Self {
        self.repair = repair;
        self
    }

    /// Returns the help for a role that the policies do not have.
    pub fn help(&self) -> Option<&str> {
        self.reason.map(|_| self.help.as_str())
    }

    pub fn repair(&self) -> Option<&RepairReport> {
        self.repair.as_ref()
    }

    pub fn role(&self) -> &str {
        &self.role
    }

    pub fn clauses(&self) -> &[ClauseReport] {
        &self.clauses
    }

    /// Returns the location of the clause that allows the role.
    pub fn allowing(&self) -> Option<&LineLocation> {
        let mut clauses = self.clauses.iter();
        let allowing = clauses.find(|clause| Some(clause.index) == self.clause)?;
        Some(&allowing.location)
    }

    /// Returns whether the role is allowed.
    pub fn is_allowed(&self) -> bool {
        self.allowed
    }

    /// Returns the number of omitted comparisons in words, if there are any.
    pub fn left_out(&self) -> Option<String> {
        let left_out = self.left_out?;
        Some(format!("{left_out} more comparisons are left out"))
    }

    pub fn write(&self, indent: &str, text: &mut String) {
        let verdict = if self.allowed {
            paint(GOOD, "allowed")
        } else {
            paint(BAD, "denied")
        };
        text.push_str(&format!(
            "{indent}{}: {verdict}\n",
            paint(STRONG, printable(&self.role))
        ));
        if self.reason.is_some() {
            text.push_str(&format!(
                "{indent}  the policies have no such role: {}\n",
                self.help
            ));
        }
        for clause in &self.clauses {
            clause.write(self.clauses.len(), &format!("{indent}  "), text);
        }
        if let Some(repair) = &self.repair {
            repair.write(&format!("{indent}  "), text);
        }
        if let Some(left_out) = self.left_out() {
            text.push_str(&format!("{indent}  {left_out}\n"));
        }
    }
}

impl ClauseReport {
    fn new(
        index: usize,
        explanation: &ClauseExplanation<'_>,
        locations: &Locations<'_>,
        claims: &UnverifiedClaims,
    ) -> Self {
        let trusted = explanation.issuer;
        let fit = |fits, claim, accepted| Fit {
            fits,
            actual: claims.members().get(claim).map(|value| Json(value.into())),
            accepted,
        };
        let condition = |tree| ConditionReport::new(tree, trusted, locations);
        let guards = explanation.guards.iter().map(|guard| GuardReport {
            guard: guard.guard.name.clone(),
            condition: condition(&guard.condition),
        });
        let unfilled = explanation.unfilled.iter().cloned();
        Self {
            index: position(index),
            issuer: trusted.issuer.name.clone(),
            location: locations.line(explanation.clause.location),
            holds: explanation.holds(),
            iss: fit(
                explanation.issuer_check.matches(),
                "iss",
                vec![trusted.issuer.url.clone()],
            ),
            aud: fit(
                explanation.audience_check.matches(),
                "aud",
                trusted.issuer.audiences.clone(),
            ),
            unverified: explanation.unverified.clone(),
            condition: explanation.condition.as_ref().map(condition),
            guards: guards.collect(),
            grants_not_filled: unfilled.map(UnfilledReport::from).collect(),
        }
    }

    /// Returns the conditions: that of the clause without a name, and those of its guards.
    pub fn conditions(&self) -> impl Iterator<Item = (Option<&str>, &ConditionReport)> {
        let own = self.condition.iter().map(|condition| (None, condition));
        let guards = self.guards.iter();
        own.chain(guards.map(|guard| (Some(guard.guard.as_str()), &guard.condition)))
    }

    /// Returns the location of the clause.
    pub fn location(&self) -> &LineLocation {
        &self.location
    }

    /// Returns the checks of `iss`, `aud` and the verified claims that fail, in words.
    pub fn failures(&self) -> Vec<String> {
        let mut failures = Vec::new();
        if !self.iss.fits {
            failures.push(format!("iss  {}", self.iss.words()));
            return failures;
        }
        if !self.aud.fits {
            failures.push(format!("aud  {}", self.aud.words()));
        }
        let unverified = self.unverified.iter();
        failures.extend(unverified.map(|claim| format!("{claim}  every verified token has one")));
        failures
    }

    /// Returns the grants that are not filled, in words.
    pub fn unfilled(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let unfilled = self.grants_not_filled.iter();
        unfilled.map(|unfilled| printable(&unfilled.message))
    }

    /// Returns the outcome in words, such as `from gitlab is false`.
    pub fn outcome(&self) -> String {
        let condition = self.condition.as_ref().map_or("unknown", ConditionReport::truth);
        let mut guards = self.guards.iter().map(|guard| guard.condition.truth());
        let verdict = if !self.iss.fits {
            "is for another issuer".to_owned()
        } else if !self.aud.fits {
            self.aud.wrong_audience()
        } else if self.holds {
            "holds".to_owned()
        } else if !self.unverified.is_empty() {
            "is for verified tokens".to_owned()
        } else if !is_true(condition) {
            format!("is {condition}")
        } else if guards.all(is_true) {
            "holds, but a grant is not filled".to_owned()
        } else {
            "holds, but a guard does not".to_owned()
        };
        format!("from {} {verdict}", self.issuer)
    }

    /// Returns the name of the clause among a number of clauses.
    pub fn name(&self, clauses: usize) -> String {
        match clauses {
            1 => "clause".to_owned(),
            _ => format!("clause {}", self.index),
        }
    }

    fn write(&self, clauses: usize, indent: &str, text: &mut String) {
        let (number, outcome) = (self.name(clauses), self.outcome());
        let location = paint(FAINT, &self.location);
        text.push_str(&format!("{indent}{number} {outcome}  {location}\n"));
        let failed = |words: &str| format!("{indent}    {} {words}\n", mark("false"));
        for failure in self.failures() {
            text.push_str(&failed(&failure));
        }
        let inner = format!("{indent}  ");
        for (guard, condition) in self.conditions() {
            if let Some(guard) = guard {
                let verdict = match condition.truth() {
                    truth if is_true(truth) => "holds".to_owned(),
                    truth => format!("is {truth}"),
                };
                text.push_str(&format!("{indent}guard {} {verdict}\n", paint(STRONG, guard)));
            }
            condition.write(&inner, text);
        }
        for unfilled in self.unfilled() {
            text.push_str(&failed(&unfilled));
        }
    }
}

impl Fit {
    /// Describes an audience that does not fit, in the words of a refusal by `decide`.
    fn wrong_audience(&self) -> String {
        match &self.actual {
            None | Some(Json(Value::Null)) => "has no audience".to_owned(),
            Some(Json(Value::List(audiences))) if audiences.len() != 1 => {
                format!("has {} audiences instead of one", audiences.len())
            }
            Some(_) => "is for another audience".to_owned(),
        }
    }

    /// Returns the token's value and the accepted ones.
    fn words(&self) -> String {
        let actual = match &self.actual {
            Some(Json(value)) => value.to_string(),
            None => "absent".to_owned(),
        };
        let accepted = self.accepted.iter().take(MOST_ACCEPTED);
        let accepted = accepted.map(|value| Value::from(value.as_str()).to_string());
        let more = match self.accepted.len().checked_sub(MOST_ACCEPTED) {
            None | Some(0) => None,
            Some(more) => Some(format!("{more} more")),
        };
        let accepted = accepted.chain(more).collect::<Vec<String>>().join(", ");
        format!("{actual}  accepted: {accepted}")
    }
}
