//! Explanations of roles.

use super::comparison::{ComparisonReport, mark, truth_name, write_all};
use super::json::Json;
use super::location::{LineLocation, Locations, position};
use crate::printable::printable;
use crate::style::{BAD, FAINT, GOOD, STRONG, paint};
use rolecall_engine::{ClauseExplanation, Comparison, Explanation, GrantFault, UnverifiedClaims, Value};
use serde::Serialize;
use std::num::NonZeroUsize;

/// The reasons why one role is allowed or denied.
#[derive(Debug, Serialize)]
pub(crate) struct RoleExplanation {
    role: String,
    allowed: bool,
    clause: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The help for a role that the policies do not have.
    #[serde(skip)]
    help: String,
    clauses: Vec<ClauseReport>,
    /// The number of comparisons left out because there are too many.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<NonZeroUsize>,
}

#[derive(Debug, Serialize)]
struct ClauseReport {
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
    condition: &'static str,
    comparisons: Vec<ComparisonReport>,
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
    truth: &'static str,
    comparisons: Vec<ComparisonReport>,
}

impl RoleExplanation {
    pub(crate) fn new(
        explanation: Explanation<'_>,
        locations: &Locations<'_>,
        claims: &UnverifiedClaims,
    ) -> Self {
        let allowed_by = explanation.allowed_by;
        let clause = explanation
            .clauses
            .iter()
            .position(|clause| Some(clause.id) == allowed_by);
        let clauses = explanation.clauses.into_iter().enumerate();
        Self {
            role: explanation.role.name.to_string(),
            allowed: allowed_by.is_some(),
            clause: clause.map(position),
            reason: None,
            help: String::new(),
            left_out: NonZeroUsize::new(explanation.left_out),
            clauses: clauses
                .map(|(index, clause)| ClauseReport::new(index, clause, locations, claims))
                .collect(),
        }
    }

    /// Creates the explanation of a role that the policies do not have.
    pub(crate) fn unknown(role: &str, help: String) -> Self {
        Self {
            role: role.to_owned(),
            allowed: false,
            clause: None,
            reason: Some("unknown_role"),
            help,
            left_out: None,
            clauses: Vec::new(),
        }
    }

    /// Returns whether the role is allowed.
    pub(crate) fn is_allowed(&self) -> bool {
        self.allowed
    }

    pub(crate) fn write(&self, indent: &str, text: &mut String) {
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
        if let Some(left_out) = self.left_out {
            text.push_str(&format!(
                "{indent}  {left_out} more comparisons are left out
"
            ));
        }
    }
}

impl ClauseReport {
    fn new(
        index: usize,
        explanation: ClauseExplanation<'_>,
        locations: &Locations<'_>,
        claims: &UnverifiedClaims,
    ) -> Self {
        let trusted = explanation.issuer;
        let fit = |fits, claim, accepted| Fit {
            fits,
            actual: claims.members().get(claim).map(|value| Json(value.into())),
            accepted,
        };
        let reports = |comparisons: Vec<Comparison>| {
            let report = |comparison: Comparison| {
                let mut definitions = trusted.profile.claims().values();
                let own = definitions.find(|definition| definition.to_string() == comparison.claim);
                let claim_type = own.map(|definition| definition.claim_type.to_string());
                ComparisonReport::new(comparison, locations, claim_type)
            };
            comparisons.into_iter().map(report).collect()
        };
        let is_from = explanation.issuer_check.matches();
        let is_for = explanation.audience_check.matches();
        let guards: Vec<GuardReport> = explanation
            .guards
            .into_iter()
            .map(|guard| GuardReport {
                guard: guard.guard.name.clone(),
                truth: truth_name(guard.truth),
                comparisons: reports(guard.comparisons),
            })
            .collect();
        let condition = truth_name(explanation.condition);
        Self {
            index: position(index),
            issuer: trusted.issuer.name.clone(),
            location: locations.line(explanation.clause.location),
            holds: is_from
                && is_for
                && condition == "true"
                && explanation.unverified.is_empty()
                && guards.iter().all(|guard| guard.truth == "true")
                && explanation.unfilled.is_empty(),
            iss: fit(is_from, "iss", vec![trusted.issuer.url.clone()]),
            aud: fit(is_for, "aud", trusted.issuer.audiences.clone()),
            unverified: explanation.unverified,
            condition,
            comparisons: reports(explanation.comparisons),
            guards,
            grants_not_filled: explanation
                .unfilled
                .into_iter()
                .map(UnfilledReport::from)
                .collect(),
        }
    }

    fn write(&self, clauses: usize, indent: &str, text: &mut String) {
        let number = match clauses {
            1 => "clause".to_owned(),
            _ => format!("clause {}", self.index),
        };
        let verdict = if !self.iss.fits {
            "is for another issuer".to_owned()
        } else if !self.aud.fits {
            "is for another audience".to_owned()
        } else if self.holds {
            "holds".to_owned()
        } else if !self.unverified.is_empty() {
            "is for verified tokens".to_owned()
        } else if self.condition == "true" && self.guards.iter().all(|guard| guard.truth == "true") {
            "holds, but a grant is not filled".to_owned()
        } else if self.condition == "true" {
            "holds, but a guard does not".to_owned()
        } else {
            format!("is {}", self.condition)
        };
        let (issuer, location) = (&self.issuer, paint(FAINT, &self.location));
        text.push_str(&format!("{indent}{number} from {issuer} {verdict}  {location}\n"));
        if !self.iss.fits {
            self.iss.write("iss", indent, text);
            return;
        }
        if !self.aud.fits {
            self.aud.write("aud", indent, text);
        }
        for claim in &self.unverified {
            let no = mark("false");
            text.push_str(&format!(
                "{indent}    {no} {claim}  every verified token has one\n"
            ));
        }
        let inner = format!("{indent}  ");
        write_all(&self.comparisons, &inner, text);
        for guard in &self.guards {
            let verdict = match guard.truth {
                "true" => "holds".to_owned(),
                truth => format!("is {truth}"),
            };
            let name = paint(STRONG, &guard.guard);
            text.push_str(&format!("{indent}guard {name} {verdict}\n"));
            write_all(&guard.comparisons, &inner, text);
        }
        for unfilled in &self.grants_not_filled {
            let message = printable(&unfilled.message);
            text.push_str(&format!("{indent}    {} {message}\n", mark("false")));
        }
    }
}

impl Fit {
    fn write(&self, claim: &str, indent: &str, text: &mut String) {
        let actual = match &self.actual {
            Some(Json(value)) => value.to_string(),
            None => "absent".to_owned(),
        };
        let accepted: Vec<String> = self
            .accepted
            .iter()
            .map(|value| Value::from(value.as_str()).to_string())
            .collect();
        let accepted = accepted.join(", ");
        text.push_str(&format!(
            "{indent}    {} {claim}  {actual}  accepted: {accepted}\n",
            mark("false")
        ));
    }
}
