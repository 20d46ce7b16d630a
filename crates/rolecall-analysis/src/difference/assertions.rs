//! Changes of assertions: those that state less than before, or something else.

use super::issuers::is_same;
use super::mapping::{Mapping, Plain, plain};
use rolecall_engine::ir::{Assertion, Formula, Goal, Program, Statement, TrustedIssuer};
use rolecall_engine::{Arena, IssuerId, PolicySet, RoleId};
use std::collections::{BTreeMap, BTreeSet};

/// A change of an assertion.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum AssertionChange {
    /// The assertion is gone, and no other states the same.
    Gone {
        /// The name of the assertion.
        name: String,
    },
    /// An assertion of this name states something else: about other roles, or about another condition.
    Other {
        /// The name of the assertion.
        name: String,
    },
}

/// Compares the assertions of two policy sets by their meaning, with all names resolved. An assertion that
/// has another name or is about more roles than before states as much. Roles that are gone do not count.
pub fn assertion_changes(old: &PolicySet, new: &PolicySet) -> Vec<AssertionChange> {
    let comparison = Comparison::new(old.program(), new.program());
    let says = |before: &Assertion, now: &Assertion| comparison.says(&before.statement, &now.statement);
    let mut changes = Vec::new();
    for before in comparison.old.assertions() {
        let mut now = comparison.new.assertions().iter();
        if now.clone().any(|now| says(before, now)) {
            continue;
        }
        let name = before.name.clone();
        changes.push(match now.any(|now| now.name == name) {
            true => AssertionChange::Other { name },
            false => AssertionChange::Gone { name },
        });
    }
    changes.sort_unstable();
    changes.dedup();
    changes
}

struct Comparison<'p> {
    old: &'p Program,
    new: &'p Program,
    /// For each old issuer, the new one with the same URL and the mapping of its claims.
    issuers: Arena<IssuerId, Option<(IssuerId, Mapping)>>,
}

impl<'p> Comparison<'p> {
    fn new(old: &'p Program, new: &'p Program) -> Self {
        let now = |_, before: &TrustedIssuer| {
            let mut issuers = new.issuers().iter();
            let (id, now) = issuers.find(|(_, now)| is_same(before, now))?;
            Some((id, Mapping::new(before, now)))
        };
        let issuers = old.issuers().map(now);
        Self { old, new, issuers }
    }

    /// Returns whether a new statement states at least as much as an old one.
    fn says(&self, before: &Statement, now: &Statement) -> bool {
        match (before, now) {
            (Statement::Covers(a, b), Statement::Covers(c, d)) => {
                self.old_names(a) == self.new_names(c) && self.is_within(b, d)
            }
            (Statement::Disjoint(before), Statement::Disjoint(now)) => {
                before.len() <= now.len()
                    && before
                        .iter()
                        .zip(now)
                        .all(|(before, now)| self.is_within(before, now))
            }
            (Statement::Equivalent(a, b), Statement::Equivalent(c, d)) => {
                self.old_names(a) == self.new_names(c) && self.old_names(b) == self.new_names(d)
            }
            (Statement::Implies(roles, goal), Statement::Implies(others, other))
            | (Statement::Never(roles, goal), Statement::Never(others, other)) => {
                self.is_within(roles, others) && self.is_same(goal, other)
            }
            (Statement::Possible(roles, None), Statement::Possible(others, None)) => {
                self.is_within(roles, others)
            }
            (Statement::Possible(roles, Some(goal)), Statement::Possible(others, Some(other))) => {
                self.is_within(roles, others) && self.is_same(goal, other)
            }
            _ => false,
        }
    }

    /// Returns whether all old roles that still exist are among the new ones.
    fn is_within(&self, before: &[RoleId], now: &[RoleId]) -> bool {
        self.old_names(before).is_subset(&self.new_names(now))
    }

    /// Returns the names of the old roles that still exist.
    fn old_names(&self, roles: &[RoleId]) -> BTreeSet<&str> {
        let names = roles.iter().map(|role| &*self.old[*role].name);
        names.filter(|name| self.new.role(name).is_some()).collect()
    }

    /// Returns the names of new roles.
    fn new_names(&self, roles: &[RoleId]) -> BTreeSet<&str> {
        roles.iter().map(|role| &*self.new[*role].name).collect()
    }

    /// Returns whether two goals are the same for each issuer that both versions have.
    fn is_same(&self, before: &Goal, now: &Goal) -> bool {
        match (before, now) {
            (Goal::Role(before), Goal::Role(now)) => self.old_names(&[*before]) == self.new_names(&[*now]),
            (Goal::Condition(before), Goal::Condition(now)) => {
                let now: BTreeMap<IssuerId, &Formula> =
                    now.iter().map(|now| (now.issuer, &now.condition)).collect();
                before
                    .iter()
                    .all(|before| self.is_same_for(before.issuer, &before.condition, &now))
            }
            _ => false,
        }
    }

    fn is_same_for(&self, issuer: IssuerId, before: &Formula, now: &BTreeMap<IssuerId, &Formula>) -> bool {
        let Some((id, mapping)) = &self.issuers[issuer] else {
            // Tokens of this issuer no longer get any role.
            return true;
        };
        let Some(now) = now.get(id) else {
            return true;
        };
        let before: Option<Plain> = mapping.formula(before).map(|before| plain(&before));
        before.is_some_and(|before| before == plain(now))
    }
}
