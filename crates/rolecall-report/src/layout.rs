//! Layouts of `sub` that an issuer does not declare, and contradictions of derived claims.

use crate::json::Json;
use crate::location::{LineLocation, Locations};
use crate::printable::{printable, shortened};
use crate::style::{HELP, paint};
use rolecall_engine::{Contradiction, Difference, PolicySet, RoleId, UnknownLayout, UnverifiedClaims, Value};
use serde::Serialize;

/// The maximum number of characters of a value in text. The JSON has all of them.
const LONGEST_VALUE: usize = 200;

/// A layout that an issuer could declare.
#[derive(Debug, Serialize)]
pub struct LayoutReport {
    issuer: String,
    derive: Vec<String>,
    help: String,
    /// The problem in words.
    #[serde(skip)]
    message: String,
}

impl From<&UnknownLayout> for LayoutReport {
    fn from(unknown: &UnknownLayout) -> Self {
        Self {
            issuer: unknown.issuer.clone(),
            derive: unknown.lines().into_iter().map(str::to_owned).collect(),
            help: unknown.help(),
            message: unknown.message(),
        }
    }
}

impl LayoutReport {
    /// Returns the layout of a token's `sub`, if a role compares it, and none of the issuer's layouts gives it.
    /// Of all roles, the first one with such a comparison is examined.
    pub fn of_token(
        set: &PolicySet,
        claims: &UnverifiedClaims,
        issuer: &str,
        role: Option<&str>,
    ) -> Option<Self> {
        let program = set.program();
        let id = program.issuer(issuer)?;
        let subject = program[id].profile.claim_by_path(&["sub".to_owned()])?;
        let compares_subject = |role: &RoleId| {
            let mut found = false;
            for clause in program.clauses(*role).iter().filter(|clause| clause.issuer == id) {
                for condition in clause.conditions() {
                    condition.each_atom(&mut |atom, _| found |= atom.claim == subject);
                }
            }
            found
        };
        let role = match role {
            Some(role) => role,
            None => &*program[program.roles().ids().find(compares_subject)?].name,
        };
        let explanation = set.explain(claims, role);
        let clauses = explanation.operator()?.clauses.iter();
        let mut comparisons = clauses.flat_map(|clause| clause.comparisons());
        comparisons.find_map(|comparison| match comparison.contradiction.as_deref()? {
            Contradiction::Layout(unknown) => Some(unknown.as_ref().into()),
            _ => None,
        })
    }

    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the next step.
    pub fn help(&self) -> &str {
        &self.help
    }

    /// Writes the next step.
    pub fn write_help(&self, indent: &str, text: &mut String) {
        text.push_str(&format!(
            "{indent}{} {}\n",
            paint(HELP, "help:"),
            printable(&self.help)
        ));
    }
}

/// The reason that a derived claim equals none of its derivations.
#[derive(Debug, Default, Serialize)]
pub struct ContradictionReport {
    /// The components that have another value than their claims.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<DifferenceReport>,
    /// The derivation that gives the text, but does not apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    derivation: Option<DerivationReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<LayoutReport>,
}

#[derive(Debug, Serialize)]
struct DifferenceReport {
    claim: String,
    said: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<Json>,
    /// The difference in words.
    #[serde(skip)]
    words: String,
}

#[derive(Debug, Serialize)]
struct DerivationReport {
    #[serde(flatten)]
    location: LineLocation,
    text: String,
}

impl From<&Difference> for DifferenceReport {
    fn from(difference: &Difference) -> Self {
        Self {
            claim: difference.claim.clone(),
            said: difference.said.clone(),
            actual: difference.actual.clone().map(Json),
            words: difference.to_string(),
        }
    }
}

impl ContradictionReport {
    pub fn new(contradiction: &Contradiction, locations: &Locations<'_>) -> Self {
        let mut report = Self::default();
        let reports = |differences: &[Difference]| differences.iter().map(DifferenceReport::from).collect();
        match contradiction {
            Contradiction::Condition(location) => {
                report.derivation = Some(DerivationReport {
                    location: locations.line(*location),
                    text: locations.words(*location),
                });
            }
            Contradiction::Differences(differences) => report.differences = reports(differences),
            Contradiction::Layout(unknown) => {
                report.differences = reports(&unknown.differences);
                report.layout = Some(unknown.as_ref().into());
            }
            _ => {}
        }
        report
    }

    /// Returns the reason in words. `derived` are the values that the claim could have.
    pub fn words(&self, derived: &[String]) -> String {
        let mut line = match &self.layout {
            Some(layout) => layout.message.clone(),
            None => "it contradicts the claims that it is derived from".to_owned(),
        };
        if let Some(derivation) = &self.derivation {
            let own = shortened(&derivation.text, LONGEST_VALUE);
            line.push_str(&format!(
                ": `{own}` gives this text, but its condition is not true"
            ));
        }
        for (index, difference) in self.differences.iter().enumerate() {
            let before = if index == 0 { ": " } else { "; " };
            let words = shortened(&difference.words, LONGEST_VALUE.saturating_mul(2));
            line.push_str(&format!("{before}{words}"));
        }
        if self.layout.is_none() && self.derivation.is_none() && self.differences.is_empty() {
            for (index, derived) in derived.iter().enumerate() {
                let before = if index == 0 { ", which give" } else { " or" };
                line.push_str(&format!("{before} {}", Value::from(derived.as_str())));
            }
        }
        printable(&line).into_owned()
    }

    /// Writes the reason and the next step.
    pub fn write(&self, derived: &[String], indent: &str, text: &mut String) {
        text.push_str(&format!("{indent}{}\n", self.words(derived)));
        if let Some(layout) = &self.layout {
            layout.write_help(indent, text);
        }
    }
}
