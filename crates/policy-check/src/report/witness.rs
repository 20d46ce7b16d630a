//! The report of `witness`: tokens that get a role, and near misses.

use super::contradiction::contradictions;
use super::finding::FindingView;
use super::json::{Json, SchemaVersion};
use super::location::{LineLocation, Locations, count, position};
use crate::exit::Exit;
use crate::printable::printable;
use crate::style::{BAD, DOUBT, FAINT, GOOD, STRONG, paint};
use clause::ClauseReport;
use names::Names;
use near_miss::NearMissReport;
use rolecall_analysis::{Analysis, Answer};
use rolecall_engine::{PolicySet, RoleId, Value};
use serde::Serialize;

mod clause;
mod names;
mod near_miss;

/// The results for a role in all policy sets.
#[derive(Debug, Default, Serialize)]
pub(crate) struct WitnessReport {
    schema_version: SchemaVersion,
    roles: Vec<RoleReport>,
    errors: Vec<FindingView>,
}

/// The role in one of the policy sets.
#[derive(Debug, Serialize)]
struct RoleReport {
    set: String,
    role: String,
    #[serde(flatten)]
    location: LineLocation,
    clauses: Vec<ClauseReport>,
}

impl WitnessReport {
    /// Searches for tokens that get a role of a policy set.
    pub(crate) fn run(&mut self, name: &str, set: &PolicySet, id: RoleId, near_miss: bool) {
        let program = set.program();
        let role = &program[id];
        let locations = Locations::new(set.program().files());
        let mut analysis = Analysis::new(set);
        let tests = program.tests().iter().map(|test| test.name.clone());
        let mut names = Names::new(&role.name, tests);
        let examples = analysis.examples(id);
        let mut clauses = Vec::new();
        for (index, (clause, answer)) in program.clauses(id).iter().zip(&examples).enumerate() {
            let mut report = ClauseReport {
                index: position(index),
                issuer: program[clause.issuer].issuer.name.clone(),
                location: locations.line(clause.location),
                outcome: "no_token",
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
                    report.test = witness.test(&names.granted());
                    report.token = Some(Json(Value::Object(witness.token.clone())));
                }
                _ => report.outcome = "not_decided",
            }
            clauses.push(report);
        }
        if examples.contains(&Answer::Nothing) {
            for contradiction in contradictions(&mut analysis, set, id, &locations) {
                if let Some(clause) = clauses.get_mut(contradiction.clause) {
                    clause.contradiction = Some(contradiction);
                }
            }
        }
        let misses = if near_miss {
            analysis.near_misses(id)
        } else {
            Vec::new()
        };
        for miss in misses {
            let example = match examples.get(program.clause_number(id, miss.clause)) {
                Some(Answer::Token(example)) => Some(&example.token),
                _ => None,
            };
            let report = NearMissReport::new(&miss, example, set, &locations, &mut names);
            let clause = clauses.get_mut(program.clause_number(id, miss.clause));
            if let Some(near_misses) = clause.and_then(|clause| clause.near_misses.as_mut()) {
                near_misses.push(report);
            }
        }
        self.roles.push(RoleReport {
            set: name.to_owned(),
            role: role.name.to_string(),
            location: locations.line(role.location),
            clauses,
        });
    }

    /// Adds the errors of policy sets that do not compile.
    pub(crate) fn add_errors(&mut self, errors: Vec<FindingView>) {
        self.errors.extend(errors);
    }

    /// Returns whether no policy set has the role.
    pub(crate) fn is_empty(&self) -> bool {
        self.roles.is_empty()
    }

    /// Returns `Yes` if some token gets the role in each set, and `No` if there is a set in which none does.
    pub(crate) fn exit(&self) -> Exit {
        let exits: Vec<Exit> = self.roles.iter().map(RoleReport::exit).collect();
        let exit = [Exit::No, Exit::Undecided]
            .into_iter()
            .find(|exit| exits.contains(exit));
        exit.unwrap_or(Exit::Yes)
    }

    /// Formats the tokens, clause by clause, and a summary.
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
        let (role, location) = (paint(STRONG, printable(&self.role)), paint(FAINT, &self.location));
        text.push_str(&format!("{role}  {location}: {}\n", self.summary()));
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
        let not_decided = [clauses("not_decided"), misses("not_decided")].iter().sum();
        let mut parts = vec![format!("granted by {granted} of {of}")];
        for (number, what, style) in [
            (misses("token"), "near miss", GOOD),
            (misses("implied"), "implied", DOUBT),
            (misses("granted_otherwise"), "granted otherwise", DOUBT),
            (not_decided, "not decided", DOUBT),
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
