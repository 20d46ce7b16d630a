//! Results of assertions: proved, refuted with a token, or not decided.

mod doubt;

use crate::case::{Case, Outcome};
use crate::contradiction::{Contradiction, contradictions};
use crate::exit::Exit;
use crate::foreign::Foreign;
use crate::json::Json;
use crate::location::{LineLocation, Locations, count};
use crate::printable::printable;
use crate::style::{BAD, DOUBT, FAINT, GOOD, STRONG, paint};
use crate::token_text;
use doubt::doubt;
use rolecall_analysis::{self as analysis, Analysis, Proof, Witness};
use rolecall_engine::ir::{Assertion, Goal, Statement};
use rolecall_engine::{PolicySet, Value};
use serde::Serialize;

/// The assumption of proofs about roles in other languages: our gate checks it, and their sources do not.
const ASSUMPTION: &str =
    "if the tokens of each issuer are as its profile says, which the source does not check";

/// The results of the assertions of policy sets.
#[derive(Debug, Default, Serialize)]
pub struct Proofs {
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
    location: LineLocation,
    outcome: &'static str,
    /// The reason why it is refuted or not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// The assumption about tokens under which it is proved.
    #[serde(skip_serializing_if = "Option::is_none")]
    assumption: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Json>,
    /// The token as a test that passes once the policies are repaired.
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<String>,
    /// The contradictions in the clauses, if no token can get the role.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contradictions: Vec<Contradiction>,
}

impl Proofs {
    /// Adds the results of other policy sets.
    pub fn append(&mut self, other: Self) {
        self.assertions.extend(other.assertions);
        self.count();
    }

    /// Counts the assertions by outcome.
    fn count(&mut self) {
        let count = |outcome: &str| {
            let such = self.assertions.iter().filter(|one| one.outcome == outcome);
            such.count()
        };
        (self.proved, self.refuted) = (count("proved"), count("refuted"));
        self.not_decided = count("not_decided");
    }

    /// Proves or refutes the selected assertions of a policy set.
    pub fn run(
        &mut self,
        name: &str,
        set: &PolicySet,
        foreign: &Foreign,
        wanted: impl Fn(&Assertion) -> bool,
    ) {
        let locations = Locations::new(set.program().files());
        let mut analysis = Analysis::new(set);
        for assertion in set
            .program()
            .assertions()
            .iter()
            .filter(|assertion| wanted(assertion))
        {
            let proof = analysis.prove(assertion);
            let role = proof.role;
            let mut result = AssertionResult::new(name, set, assertion, proof, &locations);
            if let (Statement::Possible(..), "refuted", Some(role)) =
                (&assertion.statement, result.outcome, role)
            {
                result.contradictions = contradictions(&mut analysis, set, role, &locations);
            }
            result.qualify(foreign, set, assertion, &locations);
            self.assertions.push(result);
        }
        self.count();
    }

    /// Returns true if the report has no assertions.
    pub fn is_empty(&self) -> bool {
        self.assertions.is_empty()
    }

    /// Returns `No` if an assertion is refuted, else `Undecided` if one could not be decided.
    pub fn exit(&self) -> Exit {
        match (self.refuted, self.not_decided) {
            (0, 0) => Exit::Yes,
            (0, _) => Exit::Undecided,
            _ => Exit::No,
        }
    }

    /// Returns the assertions as cases.
    pub fn cases(&self) -> impl Iterator<Item = Case<'_>> {
        self.assertions.iter().map(|assertion| {
            let outcome = match assertion.outcome {
                "proved" => Outcome::Passed,
                "refuted" => Outcome::Failed,
                _ => Outcome::Open,
            };
            let mut text = String::new();
            assertion.write(&mut text);
            Case::new("assertion", &assertion.name, &assertion.location, outcome, &text)
        })
    }

    /// Writes the assertions that are not proved, or all if `verbose`.
    pub fn write(&self, verbose: bool, text: &mut String) {
        for assertion in &self.assertions {
            if verbose || assertion.outcome != "proved" {
                assertion.write(text);
            }
        }
    }

    /// Formats the numbers of results; none if there are no assertions.
    pub fn summary(&self) -> Option<String> {
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
    fn new(
        name: &str,
        set: &PolicySet,
        assertion: &Assertion,
        proof: Proof,
        locations: &Locations<'_>,
    ) -> Self {
        let role = proof.role.map(|role| &set.program()[role]);
        let role = role.map(|role| role.name.to_string());
        let mut result = Self {
            set: name.to_owned(),
            name: assertion.name.clone(),
            location: locations.line(assertion.location),
            outcome: "proved",
            message: None,
            assumption: None,
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
                let why = why(&assertion.statement, result.role.as_deref(), witness.as_deref());
                result.message = Some(why);
                if let Some(witness) = witness {
                    let test = witness.regression_test(&assertion.name, &assertion.statement);
                    result.test = test.map(token_text::formatted);
                    result.token = Some(Json(Value::Object(witness.token)));
                }
            }
            _ => result.outcome = "not_decided",
        }
        result
    }

    /// Takes back a result that does not hold for all sources, and states the assumption of proofs.
    fn qualify(
        &mut self,
        foreign: &Foreign,
        set: &PolicySet,
        assertion: &Assertion,
        locations: &Locations<'_>,
    ) {
        if self.outcome == "not_decided" || foreign.is_empty() {
            return;
        }
        let is_proved = self.outcome == "proved";
        match doubt(foreign, set.program(), assertion, is_proved, locations) {
            Some(doubt) => {
                self.outcome = "not_decided";
                self.message = Some(doubt);
                (self.role, self.token, self.test) = (None, None, None);
                self.contradictions.clear();
            }
            None if !is_proved => {}
            None => {
                let granted = foreign
                    .coverage()
                    .granted
                    .iter()
                    .map(|fact| format!(", and if {fact}"));
                self.assumption = Some(ASSUMPTION.to_owned() + &granted.collect::<String>());
            }
        }
    }

    fn write(&self, text: &mut String) {
        let (name, location) = (printable(&self.name), paint(FAINT, &self.location));
        let (mark, name) = match self.outcome {
            "proved" => (paint(GOOD, "proved"), name.into_owned()),
            "refuted" => (paint(BAD, "REFUTED"), paint(STRONG, name)),
            _ => (paint(DOUBT, "NOT DECIDED"), paint(STRONG, name)),
        };
        text.push_str(&format!("{mark}  {name}  {location}\n"));
        if let Some(message) = &self.message {
            text.push_str(&format!("  {}\n", printable(message)));
        }
        if let Some(assumption) = &self.assumption {
            text.push_str(&format!("  {assumption}\n"));
        }
        if let Some(Json(Value::Object(token))) = &self.token {
            token_text::write(token, text);
        }
        for contradiction in &self.contradictions {
            contradiction.write(text);
        }
        if let Some(test) = &self.test {
            token_text::write_test(token_text::TO_KEEP_AFTER_REPAIR, test, text);
        }
        if self.outcome != "proved" {
            text.push('\n');
        }
    }
}

/// Formats the reason why a statement does not hold, with the role and the token that refute it.
fn why(statement: &Statement, role: Option<&str>, witness: Option<&Witness>) -> String {
    match (statement, role, witness) {
        (Statement::Implies(_, Goal::Condition(_)), Some(role), _) => {
            format!("this token is granted `{role}`, and the condition is not TRUE")
        }
        (Statement::Never(..), Some(role), _) => {
            format!("this token is granted `{role}`, and the condition is TRUE")
        }
        (Statement::Possible(_, None), Some(role), _) => format!("no token is granted `{role}`"),
        (Statement::Possible(_, Some(_)), Some(role), _) => {
            format!("no token is granted `{role}` while the condition is TRUE")
        }
        (Statement::Disjoint(_), _, Some(witness)) => {
            format!("this token is granted `{}`", witness.allowed.join("` and `"))
        }
        (_, Some(role), Some(witness)) => match witness.denied.as_slice() {
            [denied] => format!("this token is granted `{role}`, and not `{denied}`"),
            _ => format!("this token is granted `{role}`, and none of the others"),
        },
        _ => "it does not hold".to_owned(),
    }
}
