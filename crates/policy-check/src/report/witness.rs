//! Tokens that get a role, and tokens that just do not.

use rolecall_analysis::{Analysis, Answer};
use rolecall_engine::{PolicySet, Value};
use serde::Serialize;

use super::contradiction::{Contradiction, contradictions};
use super::finding::Finding;
use super::json::{Json, SchemaVersion};
use super::location::{LinePlace, Locations, count};
use super::token_text;
use crate::exit::Exit;
use crate::printable::printable;
use crate::style::{BAD, DOUBT, FAINT, GOOD, STRONG, paint};
use names::Names;
use near_miss::NearMissReport;

mod names;
mod near_miss;

/// The report of `witness`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct WitnessReport {
    schema_version: SchemaVersion,
    roles: Vec<RoleReport>,
    errors: Vec<Finding>,
}

/// The role in one of the policy sets.
#[derive(Debug, Serialize)]
struct RoleReport {
    set: String,
    role: String,
    #[serde(flatten)]
    place: LinePlace,
    clauses: Vec<ClauseReport>,
}

/// One of the ways to get the role.
#[derive(Debug, Serialize)]
struct ClauseReport {
    /// Counted from 1.
    index: usize,
    issuer: String,
    #[serde(flatten)]
    place: LinePlace,
    /// `granted`, `nobody` or `not_decided`.
    outcome: &'static str,
    /// A token that gets the role by this clause.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Json>,
    /// The token as a test to paste.
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<String>,
    /// Why it is not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// What contradicts what, if nobody gets the role by this clause.
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    contradiction: Option<Contradiction>,
    /// For each of its conditions, if they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    near_misses: Option<Vec<NearMissReport>>,
}

impl WitnessReport {
    /// Looks for tokens of a role of a policy set.
    pub(crate) fn run(&mut self, name: &str, set: &PolicySet, number: usize, near_miss: bool) {
        let Some(role) = set.program().roles.get(number) else {
            return;
        };
        let places = Locations::new(&set.program().sources);
        let mut analysis = Analysis::new(set);
        let tests = set.program().tests.iter().map(|test| test.name.clone());
        let mut names = Names::new(&role.name, tests);
        let examples = analysis.examples(number);
        let mut clauses = Vec::new();
        for (index, (clause, answer)) in role.clauses.iter().zip(&examples).enumerate() {
            let issuer = set.program().issuers.get(clause.issuer);
            let mut report = ClauseReport {
                index: index.saturating_add(1),
                issuer: issuer
                    .map(|trusted| trusted.issuer.name.clone())
                    .unwrap_or_default(),
                place: places.line(clause.location),
                outcome: "nobody",
                token: None,
                test: None,
                message: None,
                contradiction: None,
                near_misses: near_miss.then(Vec::new),
            };
            match answer {
                Answer::Nothing => {}
                Answer::NotDecided(reason) => {
                    report.outcome = "not_decided";
                    report.message = Some(reason.to_string());
                }
                Answer::Token(witness) => {
                    report.outcome = "granted";
                    report.test = Some(witness.test(&names.granted()));
                    report.token = Some(Json(Value::Object(witness.token.clone())));
                }
                _ => report.outcome = "not_decided",
            }
            clauses.push(report);
        }
        if examples.contains(&Answer::Nothing) {
            for contradiction in contradictions(&mut analysis, set, number, &places) {
                if let Some(clause) = clauses.get_mut(contradiction.clause) {
                    clause.contradiction = Some(contradiction);
                }
            }
        }
        let misses = if near_miss {
            analysis.near_misses(number)
        } else {
            Vec::new()
        };
        for miss in misses {
            let example = match examples.get(miss.clause) {
                Some(Answer::Token(example)) => Some(&example.token),
                _ => None,
            };
            let report = NearMissReport::new(&miss, example, set, &places, &mut names);
            let clause = clauses.get_mut(miss.clause);
            if let Some(near_misses) = clause.and_then(|clause| clause.near_misses.as_mut()) {
                near_misses.push(report);
            }
        }
        self.roles.push(RoleReport {
            set: name.to_owned(),
            role: role.name.clone(),
            place: places.line(role.location),
            clauses,
        });
    }

    /// Adds what is wrong with the policy sets that do not compile.
    pub(crate) fn add_errors(&mut self, errors: Vec<Finding>) {
        self.errors.extend(errors);
    }

    /// Whether no policy set has the role.
    pub(crate) fn is_empty(&self) -> bool {
        self.roles.is_empty()
    }

    /// Yes if some token gets the role in each of the sets, no if in one of them none does.
    pub(crate) fn exit(&self) -> Exit {
        let exits: Vec<Exit> = self.roles.iter().map(RoleReport::exit).collect();
        let exit = [Exit::No, Exit::Undecided]
            .into_iter()
            .find(|exit| exits.contains(exit));
        exit.unwrap_or(Exit::Yes)
    }

    /// The tokens, clause by clause, and a summary.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for role in &self.roles {
            role.write(&mut text);
        }
        text
    }
}

impl RoleReport {
    fn exit(&self) -> Exit {
        let has = |outcome: &str| self.clauses.iter().any(|clause| clause.outcome == outcome);
        let is_open = self.near_misses().any(|miss| miss.is("not_decided"));
        match (has("granted"), has("not_decided")) {
            (true, _) if !is_open => Exit::Yes,
            (false, false) => Exit::No,
            _ => Exit::Undecided,
        }
    }

    fn near_misses(&self) -> impl Iterator<Item = &NearMissReport> {
        let each = self
            .clauses
            .iter()
            .filter_map(|clause| clause.near_misses.as_ref());
        each.flatten()
    }

    fn write(&self, text: &mut String) {
        for clause in &self.clauses {
            clause.write(text);
        }
        let (role, place) = (paint(STRONG, printable(&self.role)), paint(FAINT, &self.place));
        text.push_str(&format!("{role}  {place}: {}\n", self.summary()));
    }

    fn summary(&self) -> String {
        let clauses = |outcome: &str| {
            let such = self.clauses.iter().filter(|clause| clause.outcome == outcome);
            such.count()
        };
        let misses = |outcome: &str| self.near_misses().filter(|miss| miss.is(outcome)).count();
        let granted = clauses("granted");
        if granted == 0 && clauses("not_decided") == 0 {
            return paint(BAD, "no token gets it");
        }
        let of = count(self.clauses.len(), "clause");
        let mut parts = vec![format!("granted by {granted} of {of}")];
        for (number, what, style) in [
            (misses("token"), "near miss", GOOD),
            (misses("implied"), "implied", DOUBT),
            (misses("granted_otherwise"), "granted otherwise", DOUBT),
            (
                clauses("not_decided").saturating_add(misses("not_decided")),
                "not decided",
                DOUBT,
            ),
        ] {
            let what = if what == "near miss" && number > 1 {
                "near misses"
            } else {
                what
            };
            if number > 0 {
                parts.push(paint(style, format!("{number} {what}")));
            }
        }
        parts.join(", ")
    }
}

impl ClauseReport {
    fn write(&self, text: &mut String) {
        let mark = match self.outcome {
            "granted" => paint(GOOD, "granted"),
            "nobody" => paint(BAD, "NOBODY"),
            _ => paint(DOUBT, "NOT DECIDED"),
        };
        let place = paint(FAINT, &self.place);
        let issuer = printable(&self.issuer);
        text.push_str(&format!(
            "{mark}  by clause {}, from {issuer}  {place}\n",
            self.index
        ));
        if let Some(message) = &self.message {
            text.push_str(&format!("  {}\n", printable(message)));
        }
        if let Some(Json(Value::Object(token))) = &self.token {
            token_text::write(token, text);
        }
        if let Some(test) = &self.test {
            token_text::write_test(test, text);
        }
        if let Some(contradiction) = &self.contradiction {
            contradiction.write(text);
        }
        text.push('\n');
        for miss in self.near_misses.iter().flatten() {
            miss.write(text);
        }
    }
}
