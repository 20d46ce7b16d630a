//! Generated tests: for each `allow` a token that gets the role, and tokens that fail one condition, until each comparison
//! decides a test and no mutant survives.
//!
//! Only the policies count, and not the tests that people wrote, so that these can change without changing what is
//! generated.

pub(crate) mod file;
mod table;

use crate::mutation::{Fate, mutate};
use crate::test_coverage::{Obligation, coverage};
use rayon::prelude::*;
use rolecall_analysis::{Analysis, Answer, Miss, Witness, WrittenRole, written_roles};
use rolecall_engine::ir::Test;
use rolecall_engine::{Location, PolicySet, Source, UnverifiedClaims};
use rolecall_report::failure::Failure;
use rolecall_syntax::ast::Item;
use rolecall_syntax::{EDITION, format, parse};
use table::{Table, Tables};

/// The first line of a generated file.
pub(crate) const MARK: &str =
    "// Written by `policy-check gen-tests`, which writes it anew: put your own tests elsewhere.";

/// The generated tests of a policy set.
#[derive(Debug)]
pub(crate) struct Generated {
    /// The text of the file, in the standard format.
    pub(crate) text: String,
    /// The number of tests with a token of their own.
    pub(crate) tests: usize,
    /// The number of cases.
    pub(crate) cases: usize,
    /// The number of conditions and mutants for which no token was found within the budget.
    pub(crate) not_decided: usize,
}

/// Generates the tests of a policy set without them.
pub(crate) fn generate(set: &PolicySet, name: &str) -> Result<Generated, Failure> {
    let roles = written_roles(set);
    let clauses: Vec<_> = roles.par_iter().map(|role| of_clauses(set, role)).collect();
    let mut tables = Tables::default();
    let mut not_decided: usize = 0;
    for (found, undecided) in clauses {
        not_decided = not_decided.saturating_add(undecided);
        found.into_iter().for_each(|table| tables.add_table(set, table));
    }
    let compiled = compile(set, name, &tables)?;
    for role in coverage(&compiled, &generated(&compiled)) {
        for (at, obligations) in role.comparisons {
            for (is_allowed, obligation) in obligations.each() {
                match obligation {
                    Obligation::Uncovered(witness) => {
                        tables.add(set, witness, |base| deciding(set, witness, base, at, is_allowed));
                    }
                    Obligation::NotDecided(_) => not_decided = not_decided.saturating_add(1),
                    Obligation::Covered | Obligation::Impossible => {}
                }
            }
        }
    }
    let compiled = compile(set, name, &tables)?;
    // Without a limit of time, the same policies have the same tests, however slow the machine is.
    for tried in mutate(&compiled, &generated(&compiled), None) {
        match tried.fate {
            Fate::Survived(witness) => tables.add(set, &witness, |_| (*witness).clone()),
            Fate::NotDecided(_) => not_decided = not_decided.saturating_add(1),
            _ => {}
        }
    }
    let compiled = compile(set, name, &tables)?;
    if generated(&compiled).iter().any(|test| !compiled.passes(test)) {
        return Err(faulty(name));
    }
    let text = text(set, name, &tables)?;
    let tree = parse(&text).file;
    let tests = tree.items.iter().filter_map(|item| match &item.node {
        Item::Test(test) => Some(test.cases.len()),
        _ => None,
    });
    Ok(Generated {
        tests: tests.clone().count(),
        cases: tests.sum(),
        text,
        not_decided,
    })
}

/// Returns a table for each `allow` of a role as it is written, and the number of conditions that were not decided. Of the
/// roles of a `for`, the first one stands for all, and of each other one there is a token that gets it.
fn of_clauses(set: &PolicySet, role: &WrittenRole) -> (Vec<Table>, usize) {
    let Some(first) = role.roles.first().copied() else {
        return (Vec::new(), 0);
    };
    let mut analysis = Analysis::new(set);
    let mut not_decided: usize = 0;
    let answers = analysis.examples(first);
    let mut tables: Vec<Option<Table>> = Vec::new();
    for answer in answers {
        tables.push(match answer {
            Answer::Token(witness) => Some(Table::new(*witness)),
            Answer::Nothing => None,
            _ => {
                not_decided = not_decided.saturating_add(1);
                None
            }
        });
    }
    for miss in analysis.near_misses(first) {
        let number = set.program().clause_number(first, miss.clause);
        match (tables.get_mut(number), miss.outcome) {
            (Some(Some(table)), Miss::Token(witness)) => table.add(*witness),
            (_, Miss::NotDecided(_)) => not_decided = not_decided.saturating_add(1),
            _ => {}
        }
    }
    let mut tables: Vec<Table> = tables.into_iter().flatten().collect();
    for other in role.roles.iter().skip(1) {
        let name = &*set.program()[*other].name;
        let keeps = |claims: &UnverifiedClaims| set.evaluate(claims, name).is_ok();
        match (tables.first_mut(), analysis.satisfiable(*other)) {
            (Some(table), Answer::Token(witness)) => table.add(table.nearest(set, &witness, keeps)),
            (_, Answer::NotDecided(_)) => not_decided = not_decided.saturating_add(1),
            _ => {}
        }
    }
    (tables, not_decided)
}

/// Returns a token that is as similar to another one as it can be, while a comparison decides it.
fn deciding(set: &PolicySet, witness: &Witness, base: &Witness, at: Location, is_allowed: bool) -> Witness {
    let name = witness.allowed.first().or(witness.denied.first());
    let Some(role) = name.and_then(|name| set.program().role(name)) else {
        return witness.clone();
    };
    let mut near = witness.nearer(set, base, |claims| {
        let decisive = set.decisive(claims, role);
        decisive.is_allowed == is_allowed && decisive.comparisons.contains(&at)
    });
    near.explain_by(set, base);
    near
}

/// Returns the tests of the last file of a set.
fn generated(set: &PolicySet) -> Vec<&Test> {
    let last = set.program().own_files().last().map(|(file, _)| file);
    let tests = set.program().tests().iter();
    tests.filter(|test| Some(test.location.file()) == last).collect()
}

/// Compiles a set with the tests so far as its last file.
fn compile(set: &PolicySet, name: &str, tables: &Tables) -> Result<PolicySet, Failure> {
    let text = Source::new(name, text(set, name, tables)?);
    let own = set.program().own_files();
    let files = own.map(|(_, source)| source.clone());
    PolicySet::compile(files.chain([text])).map_err(|error| {
        let first = error.diagnostics.first();
        let first = first.map_or("", |diagnostic| diagnostic.message.as_str());
        Failure::new(format!("the policies do not compile with `{name}`: {first}"))
            .help("split the policy set")
    })
}

fn text(set: &PolicySet, name: &str, tables: &Tables) -> Result<String, Failure> {
    let text = format!("{MARK}\n\nedition {EDITION}\n\n{}", tables.text(set));
    format(&text).map_err(|_| faulty(name))
}

/// Creates the failure of a safeguard against bugs.
fn faulty(name: &str) -> Failure {
    Failure::new(format!(
        "the tests for `{name}` are not right, so it is left alone"
    ))
    .help("report this as a bug, together with the policies")
}
