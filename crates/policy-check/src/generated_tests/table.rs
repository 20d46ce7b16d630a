//! Tables: a token that gets a role, and tokens that are compared with it.

use rolecall_analysis::Witness;
use rolecall_engine::{PolicySet, UnverifiedClaims};
use std::collections::{HashMap, HashSet};

/// A test with its cases.
#[derive(Debug)]
pub(super) struct Table {
    base: Witness,
    cases: Vec<Witness>,
}

impl Table {
    pub(super) fn new(base: Witness) -> Self {
        let cases = Vec::new();
        Self { base, cases }
    }

    /// Returns a token that is as similar to the test's as it can be.
    pub(super) fn nearest(
        &self,
        set: &PolicySet,
        witness: &Witness,
        keeps: impl Fn(&UnverifiedClaims) -> bool,
    ) -> Witness {
        witness.nearer(set, &self.base, keeps)
    }

    /// Adds a token whose claims are like those of the test's.
    pub(super) fn add(&mut self, witness: Witness) {
        self.cases.push(witness);
    }
}

/// The tables of a policy set, in the order of the roles.
#[derive(Debug, Default)]
pub(super) struct Tables {
    tables: Vec<Table>,
    seen: HashSet<String>,
}

impl Tables {
    /// Adds a table, without the tokens that are there.
    pub(super) fn add_table(&mut self, set: &PolicySet, mut table: Table) {
        table
            .cases
            .retain(|case| case.changes(set, &table.base).is_some());
        self.seen.insert(subject(&table.base));
        table.cases.retain(|case| self.seen.insert(subject(case)));
        self.tables.push(table);
    }

    /// Adds a token to the table of its role whose token is the most similar, or as a table of its own. `nearer` returns the
    /// token as similar to that of a table as it can be.
    pub(super) fn add(&mut self, set: &PolicySet, witness: &Witness, nearer: impl Fn(&Witness) -> Witness) {
        let role = roles(witness).next();
        let near = self.tables.iter().enumerate().filter_map(|(position, table)| {
            let is_of_role = is_same_role(set, roles(&table.base).next(), role);
            let near = is_of_role.then(|| nearer(&table.base))?;
            near.changes(set, &table.base)?;
            Some((near.distance(&table.base), position, near))
        });
        let nearest = near.min_by_key(|(distance, position, _)| (*distance, *position));
        match nearest {
            Some((_, position, near)) => {
                if let Some(table) = self
                    .tables
                    .get_mut(position)
                    .filter(|_| self.seen.insert(subject(&near)))
                {
                    table.add(near);
                }
            }
            None if self.seen.insert(subject(witness)) => self.tables.push(Table::new(witness.clone())),
            None => {}
        }
    }

    /// Returns the text of the tests. Those of one role are numbered.
    pub(super) fn text(&self, set: &PolicySet) -> String {
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let tables = self.tables.iter().filter_map(|table| {
            let role = roles(&table.base).next()?;
            let number = numbers.entry(role).or_default();
            *number = number.saturating_add(1);
            let name = match *number {
                1 => format!("generated: {role}"),
                number => format!("generated: {role} ({number})"),
            };
            table.base.table(set, &name, &table.cases)
        });
        tables.collect::<Vec<String>>().join("\n")
    }
}

/// Returns the roles that a token is about.
fn roles(witness: &Witness) -> impl Iterator<Item = &str> {
    let roles = witness.allowed.iter().chain(&witness.denied);
    roles.map(String::as_str)
}

/// Returns whether two roles are one as it is written.
fn is_same_role(set: &PolicySet, one: Option<&str>, other: Option<&str>) -> bool {
    let program = set.program();
    let location = |name: &str| program.role(name).map(|role| program[role].location);
    one.zip(other)
        .is_some_and(|(one, other)| one == other || location(one) == location(other))
}

/// Returns what tells the tests of a token apart.
fn subject(witness: &Witness) -> String {
    let token = rolecall_engine::Value::Object(witness.token.clone());
    format!("{:?} {:?} {token}", witness.allowed, witness.denied)
}
