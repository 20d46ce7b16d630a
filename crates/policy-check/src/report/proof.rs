//! How assertions came out: proved, refuted with a token, or not decided.

use rolecall_analysis::{self as analysis, Analysis, Proof, Witness};
use rolecall_engine::ir::{Assertion, Goal, Statement};
use rolecall_engine::{PolicySet, Value};
use serde::Serialize;

use super::case::{Case, Outcome};
use super::contradiction::{Contradiction, contradictions};
use super::json::Json;
use super::location::{LinePlace, Locations, count};
use super::token_text;
use crate::exit::Exit;
use crate::printable::printable;
use crate::style::{BAD, DOUBT, FAINT, GOOD, STRONG, paint};

/// The assertions of some policy sets.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Proofs {
    proved: usize,
    refuted: usize,
    not_decided: usize,
    assertions: Vec<AssertionResult>,
}

#[derive(Debug, Serialize)]
struct AssertionResult {
    set: String,
    name: String,
    #[serde(flatten)]
    place: LinePlace,
    outcome: &'static str,
    /// Why it is refuted or not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Json>,
    /// The token as a test to paste.
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<String>,
    /// What contradicts what, if nobody can get a role.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contradictions: Vec<Contradiction>,
}

impl Proofs {
    /// Adds how it went with other policy sets.
    pub(crate) fn append(&mut self, other: Self) {
        self.proved = self.proved.saturating_add(other.proved);
        self.refuted = self.refuted.saturating_add(other.refuted);
        self.not_decided = self.not_decided.saturating_add(other.not_decided);
        self.assertions.extend(other.assertions);
    }

    /// Proves or refutes the assertions of a policy set that are wanted.
    pub(crate) fn run(&mut self, name: &str, set: &PolicySet, wanted: impl Fn(&Assertion) -> bool) {
        let places = Locations::new(&set.program().sources);
        let mut analysis = Analysis::new(set);
        for assertion in set
            .program()
            .assertions
            .iter()
            .filter(|assertion| wanted(assertion))
        {
            let proof = analysis.prove(assertion);
            let role = proof.role;
            let mut result = AssertionResult::new(name, set, assertion, proof, &places);
            if let (Statement::Possible(..), "refuted", Some(role)) =
                (&assertion.statement, result.outcome, role)
            {
                result.contradictions = contradictions(&mut analysis, set, role, &places);
            }
            let counter = match result.outcome {
                "proved" => &mut self.proved,
                "refuted" => &mut self.refuted,
                _ => &mut self.not_decided,
            };
            *counter = counter.saturating_add(1);
            self.assertions.push(result);
        }
    }

    /// No if one is refuted, undecided if one could not be decided.
    pub(crate) fn exit(&self) -> Exit {
        match (self.refuted, self.not_decided) {
            (0, 0) => Exit::Yes,
            (0, _) => Exit::Undecided,
            _ => Exit::No,
        }
    }

    /// The assertions, one by one.
    pub(crate) fn cases(&self) -> impl Iterator<Item = Case<'_>> {
        self.assertions.iter().map(|assertion| {
            let outcome = match assertion.outcome {
                "proved" => Outcome::Passed,
                "refuted" => Outcome::Failed,
                _ => Outcome::Open,
            };
            let mut text = String::new();
            assertion.write(&mut text);
            Case::new("assertion", &assertion.name, &assertion.place, outcome, &text)
        })
    }

    /// The assertions that are not proved, or all of them.
    pub(crate) fn write(&self, verbose: bool, text: &mut String) {
        for assertion in &self.assertions {
            if verbose || assertion.outcome != "proved" {
                assertion.write(text);
            }
        }
    }

    /// How many came out how, if there were any.
    pub(crate) fn summary(&self) -> Option<String> {
        if self.assertions.is_empty() {
            return None;
        }
        let proved = format!("{} proved", count(self.proved, "assertion"));
        let mut parts = vec![if self.proved == 0 {
            proved
        } else {
            paint(GOOD, proved)
        }];
        if self.refuted > 0 {
            parts.push(paint(BAD, format!("{} refuted", self.refuted)));
        }
        if self.not_decided > 0 {
            parts.push(paint(DOUBT, format!("{} not decided", self.not_decided)));
        }
        Some(parts.join(", "))
    }
}

impl AssertionResult {
    fn new(name: &str, set: &PolicySet, assertion: &Assertion, proof: Proof, places: &Locations<'_>) -> Self {
        let role = proof.role.and_then(|role| set.program().roles.get(role));
        let role = role.map(|role| role.name.clone());
        let mut result = Self {
            set: name.to_owned(),
            name: assertion.name.clone(),
            place: places.line(assertion.location),
            outcome: "proved",
            message: None,
            role,
            token: None,
            test: None,
            contradictions: Vec::new(),
        };
        match proof.outcome {
            analysis::Outcome::Proved => result.role = None,
            analysis::Outcome::NotDecided(reason) => {
                result.outcome = "not_decided";
                result.message = Some(reason.to_string());
            }
            analysis::Outcome::Refuted(witness) => {
                result.outcome = "refuted";
                let role = result.role.as_deref().unwrap_or_default();
                result.message = Some(why(&assertion.statement, role, witness.as_deref()));
                if let Some(witness) = witness {
                    result.test = Some(witness.test(&assertion.name));
                    result.token = Some(Json(Value::Object(witness.token)));
                }
            }
            _ => result.outcome = "not_decided",
        }
        result
    }

    fn write(&self, text: &mut String) {
        let (name, place) = (printable(&self.name), paint(FAINT, &self.place));
        let (mark, name) = match self.outcome {
            "proved" => (paint(GOOD, "proved"), name.into_owned()),
            "refuted" => (paint(BAD, "REFUTED"), paint(STRONG, name)),
            _ => (paint(DOUBT, "NOT DECIDED"), paint(STRONG, name)),
        };
        text.push_str(&format!("{mark}  {name}  {place}\n"));
        if let Some(message) = &self.message {
            text.push_str(&format!("  {}\n", printable(message)));
        }
        if let Some(Json(Value::Object(token))) = &self.token {
            token_text::write(token, text);
        }
        for contradiction in &self.contradictions {
            contradiction.write(text);
        }
        if let Some(test) = &self.test {
            token_text::write_test(test, text);
        }
        if self.outcome != "proved" {
            text.push('\n');
        }
    }
}

/// Why a statement does not hold, in words.
fn why(statement: &Statement, role: &str, witness: Option<&Witness>) -> String {
    match statement {
        Statement::Implies(_, Goal::Condition(_)) => {
            format!("this token is granted `{role}`, and the condition is not TRUE")
        }
        Statement::Never(..) => format!("this token is granted `{role}`, and the condition is TRUE"),
        Statement::Possible(_, None) => format!("no token is granted `{role}`"),
        Statement::Possible(_, Some(_)) => {
            format!("no token is granted `{role}` while the condition is TRUE")
        }
        Statement::Disjoint(_) => {
            let both = witness.map(|witness| witness.allowed.join("` and `"));
            format!("this token is granted `{}`", both.unwrap_or_default())
        }
        _ => {
            let none = witness.map(|witness| match witness.denied.as_slice() {
                [one] => format!("not `{one}`"),
                _ => "none of the others".to_owned(),
            });
            format!("this token is granted `{role}`, and {}", none.unwrap_or_default())
        }
    }
}
