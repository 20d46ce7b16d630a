//! Assertions: statements about all tokens, with their proofs.

use crate::analysis::Analysis;
use crate::answer::{Answer, Outcome};
use crate::budget::Undecided;
use crate::query::Query;
use crate::questions::Core;
use hashbrown::HashMap;
use rolecall_engine::RoleId;
use rolecall_engine::ir::{Assertion, Goal, Statement};

/// The result for an assertion.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct Proof {
    /// The outcome: proved, refuted or undecided.
    pub outcome: Outcome,
    /// The role for which the assertion does not hold or was not decided, by its index in the program; none
    /// if the outcome is not about a single role.
    pub role: Option<RoleId>,
}

impl Proof {
    fn of(outcome: Outcome, role: Option<RoleId>) -> Self {
        Self { outcome, role }
    }
}

impl Analysis<'_> {
    /// Proves or refutes an assertion of the policy set.
    ///
    /// The assertion is decided role by role, so that each question is small. The first role that refutes it
    /// is reported; a role that was not decided is reported only if no other role refutes it.
    pub fn prove(&mut self, assertion: &Assertion) -> Proof {
        match &assertion.statement {
            Statement::Covers(first, second) => self.covers(first, second),
            Statement::Disjoint(groups) => self.apart(groups),
            Statement::Equivalent(first, second) => {
                let proof = self.covers(second, first);
                if proof.outcome.is_proved() {
                    self.covers(first, second)
                } else {
                    proof
                }
            }
            Statement::Implies(roles, goal) => self.of_each(roles, |analysis, role| {
                analysis.refute(&Query::Gets(role).and_not(Query::Fulfils(goal)))
            }),
            Statement::Never(roles, goal) => self.of_each(roles, |analysis, role| {
                analysis.refute(&Query::Gets(role).and(Query::Fulfils(goal)))
            }),
            Statement::Possible(roles, goal) => {
                self.of_each(roles, |analysis, role| analysis.possible(role, goal.as_ref()))
            }
            // A statement that this analysis does not know.
            _ => Proof::of(Outcome::NotDecided(crate::Undecided::Claims { limit: 0 }), None),
        }
    }

    /// Decides whether every token that gets one of the second roles gets one of the first.
    fn covers(&mut self, first: &[RoleId], second: &[RoleId]) -> Proof {
        let mut sorted = first.to_vec();
        sorted.sort_unstable();
        self.of_each(second, |analysis, role| {
            if sorted.binary_search(&role).is_ok() {
                return Outcome::Proved;
            }
            match analysis.core(role, &sorted) {
                Ok(Core::Covers(_)) => Outcome::Proved,
                // This token has only the claims that a few of the roles require.
                Ok(Core::Misses(witness)) => {
                    let all = Query::Gets(role).and_not(Query::gets_one(&sorted));
                    match analysis.refute(&all) {
                        refuted @ Outcome::Refuted(_) => refuted,
                        Outcome::NotDecided(_) | Outcome::Proved => Outcome::Refuted(Some(witness)),
                    }
                }
                Err(reason) => Outcome::NotDecided(reason),
            }
        })
    }

    /// Decides whether no token gets roles of two groups.
    ///
    /// Each role is asked about once, together with its rivals in later groups.
    fn apart(&mut self, groups: &[Vec<RoleId>]) -> Proof {
        let rivals = self.rivals(groups.iter().flatten().copied().collect());
        // The last group of each role.
        let mut last: HashMap<RoleId, usize> = HashMap::new();
        for (number, group) in groups.iter().enumerate() {
            last.extend(group.iter().map(|role| (*role, number)));
        }
        let mut undecided = None;
        for (number, group) in groups.iter().enumerate() {
            let proof = self.of_each(group, |analysis, role| {
                let mut later = rivals.of(role);
                later.retain(|other| last.get(other).is_some_and(|last| *last > number));
                analysis.meets_none(role, &later)
            });
            match proof.outcome {
                Outcome::Proved => {}
                Outcome::Refuted(_) => return proof,
                Outcome::NotDecided(_) => undecided = undecided.or(Some(proof)),
            }
        }
        undecided.unwrap_or(Proof::of(Outcome::Proved, None))
    }

    /// Decides whether no token gets the role and one of some others. A question that exceeds the budget is
    /// asked in halves, until one of them is not decided; then the other half may still refute it.
    fn meets_none(&mut self, role: RoleId, others: &[RoleId]) -> Outcome {
        if others.is_empty() {
            return Outcome::Proved;
        }
        let reason = match self.meets_none_at_once(role, others) {
            Outcome::NotDecided(reason) => reason,
            decided => return decided,
        };
        let is_too_much = matches!(
            reason,
            Undecided::Bytes { .. } | Undecided::Claims { .. } | Undecided::States { .. }
        );
        if !is_too_much || others.len() == 1 {
            return Outcome::NotDecided(reason);
        }
        let (first, second) = others.split_at(others.len() / 2);
        match self.meets_none(role, first) {
            Outcome::Proved => self.meets_none(role, second),
            refuted @ Outcome::Refuted(_) => refuted,
            undecided @ Outcome::NotDecided(_) => match self.meets_none_at_once(role, second) {
                refuted @ Outcome::Refuted(_) => refuted,
                Outcome::NotDecided(_) | Outcome::Proved => undecided,
            },
        }
    }

    /// Decides in one question whether no token gets the role and one of some others. A counterexample is a
    /// token that gets a certain one of them.
    fn meets_none_at_once(&mut self, role: RoleId, others: &[RoleId]) -> Outcome {
        let outcome = self.refute(&Query::Gets(role).and(Query::gets_one(others)));
        let (Outcome::Refuted(Some(witness)), [_, _, ..]) = (&outcome, others) else {
            return outcome;
        };
        let gets = self.roles_of(witness);
        let Some(met) = others.iter().find(|other| gets.binary_search(other).is_ok()) else {
            return outcome;
        };
        match self.refute(&Query::Gets(role).and(Query::Gets(*met))) {
            refuted @ Outcome::Refuted(_) => refuted,
            // The smaller question searches other claims and may fail, but the token refutes it as well.
            Outcome::NotDecided(_) | Outcome::Proved => {
                let names = [role, *met].map(|role| &*self.set.program()[role].name);
                Outcome::Refuted(Some(Box::new(witness.about(&names))))
            }
        }
    }

    /// Decides whether some token gets the role and fulfils the goal.
    fn possible(&mut self, role: RoleId, goal: Option<&Goal>) -> Outcome {
        let gets = Query::Gets(role);
        let query = match goal {
            Some(goal) => gets.and(Query::Fulfils(goal)),
            None => gets,
        };
        let reason = match self.find(&query) {
            Answer::Nothing => return Outcome::Refuted(None),
            Answer::NotDecided(reason) => return Outcome::NotDecided(reason),
            Answer::Token(witness) => match witness.externals.into_iter().next() {
                None => return Outcome::Proved,
                Some((external, _)) => Undecided::External {
                    text: external.text.clone(),
                },
            },
        };
        // It is possible for certain only with a token for which external conditions do not matter.
        match self.find(&Query::Whatever(Box::new(query))) {
            Answer::Token(_) => Outcome::Proved,
            Answer::Nothing => Outcome::NotDecided(reason),
            Answer::NotDecided(reason) => Outcome::NotDecided(reason),
        }
    }

    /// Decides a statement for each role.
    fn of_each(&mut self, roles: &[RoleId], mut outcome: impl FnMut(&mut Self, RoleId) -> Outcome) -> Proof {
        let mut undecided = None;
        for role in roles {
            match outcome(self, *role) {
                Outcome::Proved => {}
                refuted @ Outcome::Refuted(_) => return Proof::of(refuted, Some(*role)),
                reason @ Outcome::NotDecided(_) => {
                    undecided = undecided.or(Some(Proof::of(reason, Some(*role))));
                }
            }
        }
        undecided.unwrap_or(Proof::of(Outcome::Proved, None))
    }
}
