//! The report of `witness`: tokens that get a role, and near misses.

use crate::contradiction::contradictions;
use crate::exit::Exit;
use crate::finding::FindingView;
use crate::foreign::Foreign;
use crate::json::{Json, SchemaVersion};
use crate::location::{LineLocation, Locations, count, position};
use crate::printable::printable;
use crate::style::{BAD, DOUBT, FAINT, GOOD, STRONG, paint};
use crate::test_names::Names;
use crate::text::{self, plus};
use clause::ClauseReport;
use kept::Kept;
use near_miss::NearMissReport;
pub use new_test::NewTest;
use rolecall_analysis::{Analysis, Answer, Witness};
use rolecall_engine::{PolicySet, RoleId, Value};
use serde::Serialize;
use written::Written;

mod clause;
mod kept;
mod near_miss;
mod new_test;
mod written;

/// The maximum number of roles of a report, so that it can be read, and has an end.
pub const MAX_ROLES: usize = 100;

/// The results for the selected roles of all policy sets.
#[derive(Debug, Default, Serialize)]
pub struct WitnessReport {
    schema_version: SchemaVersion,
    roles: Vec<RoleReport>,
    /// The number of further selected roles, which are not searched for tokens.
    left_out: usize,
    /// The information that documents in other languages lack, so that something else is assumed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<Written>,
    errors: Vec<FindingView>,
}

/// A role of one of the policy sets.
#[derive(Debug, Serialize)]
struct RoleReport {
    set: String,
    role: String,
    #[serde(flatten)]
    location: LineLocation,
    clauses: Vec<ClauseReport>,
}

impl WitnessReport {
    /// Searches for tokens that get roles of a policy set, as many as there is room for. Returns their tests.
    pub fn run(&mut self, name: &str, set: &PolicySet, roles: &[RoleId], near_miss: bool) -> Vec<NewTest> {
        let room = MAX_ROLES.saturating_sub(self.roles.len());
        let (searched, left_out) = roles.split_at_checked(room).unwrap_or((roles, &[]));
        self.left_out = plus(self.left_out, left_out.len());
        let program = set.program();
        let locations = Locations::new(program.files());
        let mut analysis = Analysis::new(set);
        let tests = program.tests().iter().map(|test| test.name.clone());
        let mut kept = Kept::new(Names::new(tests));
        for id in searched {
            let role = &program[*id];
            self.roles.push(RoleReport {
                set: name.to_owned(),
                role: role.name.to_string(),
                location: locations.line(role.location),
                clauses: clauses(set, *id, near_miss, &mut analysis, &locations, &mut kept),
            });
        }
        kept.tests()
    }

    /// Adds the information that documents in other languages lack.
    pub fn add_missing(&mut self, foreign: &Foreign) {
        let missing = foreign.coverage().missing.iter();
        self.missing
            .extend(missing.map(|(_, notice)| notice.message.clone()));
    }

    /// Adds the file with the tests: the names of those that were added, and the number of those that were there.
    pub fn add_written(&mut self, file: String, names: Vec<String>, existing: usize) {
        self.written = Some(Written::new(file, names, existing));
    }

    /// Adds the errors of policy sets that do not compile.
    pub fn add_errors(&mut self, errors: Vec<FindingView>) {
        self.errors.extend(errors);
    }

    /// Returns `Yes` if some token gets each role, and `No` if there is a role that none gets.
    pub fn exit(&self) -> Exit {
        let exits: Vec<Exit> = self.roles.iter().map(RoleReport::exit).collect();
        let exit = [Exit::No, Exit::Undecided]
            .into_iter()
            .find(|exit| exits.contains(exit));
        match exit {
            None if self.left_out > 0 => Exit::Undecided,
            exit => exit.unwrap_or(Exit::Yes),
        }
    }

    /// Formats the tokens, clause by clause, and a summary.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut roles = self.roles.iter().peekable();
        while let Some(role) = roles.next() {
            let start = text.len();
            role.write(self.written.is_some(), &mut text);
            let has_details = text::from(&text, start).lines().nth(1).is_some();
            if has_details && roles.peek().is_some() {
                text.push('\n');
            }
        }
        if self.left_out > 0 {
            let left_out = count(self.left_out, "more role");
            text.push_str(&format!(
                "{}: at most {MAX_ROLES} are searched at a time, so select fewer\n",
                paint(DOUBT, format!("{left_out} left out"))
            ));
        }
        if let Some(written) = &self.written {
            written.write(&mut text);
        }
        for missing in &self.missing {
            text += &format!("{}: {}\n", paint(DOUBT, "not complete"), printable(missing));
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

    fn write(&self, are_written: bool, text: &mut String) {
        for clause in &self.clauses {
            clause.write(are_written, text);
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

/// Returns the results for the clauses of a role.
fn clauses(
    set: &PolicySet,
    id: RoleId,
    near_miss: bool,
    analysis: &mut Analysis<'_>,
    locations: &Locations<'_>,
    kept: &mut Kept,
) -> Vec<ClauseReport> {
    let program = set.program();
    let role = &*program[id].name;
    let answers = analysis.examples(id);
    let mut clauses = Vec::new();
    // The example of each clause, and the position of its test.
    let mut examples: Vec<Option<(&Witness, Option<usize>)>> = Vec::new();
    for (index, (clause, answer)) in program.clauses(id).iter().zip(&answers).enumerate() {
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
        let mut example = None;
        match answer {
            Answer::Nothing => {}
            Answer::NotDecided(reason) => {
                report.outcome = "not_decided";
                report.message = Some(reason.to_string());
            }
            Answer::Token(witness) => {
                report.outcome = "granted";
                let (test, text) = kept.example(role, witness).unzip();
                report.test = text;
                report.token = Some(Json(Value::Object(witness.token.clone())));
                example = Some((&**witness, test));
            }
            _ => report.outcome = "not_decided",
        }
        clauses.push(report);
        examples.push(example);
    }
    if answers.contains(&Answer::Nothing) {
        for contradiction in contradictions(analysis, set, id, locations) {
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
        let number = program.clause_number(id, miss.clause);
        let example = examples.get(number).copied().flatten();
        let report = NearMissReport::new(role, &miss, example, set, locations, kept);
        let clause = clauses.get_mut(number);
        if let Some(near_misses) = clause.and_then(|clause| clause.near_misses.as_mut()) {
            near_misses.push(report);
        }
    }
    clauses
}
