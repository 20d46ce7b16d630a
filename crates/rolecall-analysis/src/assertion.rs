//! Assertions: statements about all tokens, proved or refuted.

use crate::analysis::Analysis;
use crate::answer::{Answer, Verdict};
use crate::query::Query;
use rolecall_engine::ir::{Assertion, Goal, Statement};

/// What became of an assertion.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Proof {
    /// Whether it holds.
    pub verdict: Verdict,
    /// The role of which it does not hold, or of which it could not be decided, if it is about one alone.
    pub role: Option<usize>,
}

impl Proof {
    fn of(verdict: Verdict, role: Option<usize>) -> Self {
        Self { verdict, role }
    }
}

impl Analysis<'_> {
    /// Proves or refutes an assertion of the policy set.
    ///
    /// It is asked of one role after the other: of thousands, each is a small question. A role that refutes it is the end;
    /// one that could not be decided is told only if no other one refutes it.
    pub fn prove(&mut self, assertion: &Assertion) -> Proof {
        match &assertion.statement {
            Statement::Covers(first, second) => self.covers(first, second),
            Statement::Disjoint(groups) => self.apart(groups),
            Statement::Equivalent(first, second) => {
                let proof = self.covers(second, first);
                if proof.verdict.is_proved() {
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
            // A statement that is newer than this.
            _ => Proof::of(Verdict::NotDecided(crate::Reason::Claims { limit: 0 }), None),
        }
    }

    /// Whoever gets one of the second gets one of the first.
    fn covers(&mut self, first: &[usize], second: &[usize]) -> Proof {
        self.of_each(second, |analysis, role| {
            if first.contains(&role) {
                return Verdict::Proved;
            }
            analysis.refute(&Query::Gets(role).and_not(Query::gets_one(first)))
        })
    }

    /// No token gets a role of two groups.
    fn apart(&mut self, groups: &[Vec<usize>]) -> Proof {
        let mut undecided = None;
        for (number, first) in groups.iter().enumerate() {
            for second in groups.iter().skip(number.saturating_add(1)) {
                let others = Query::gets_one(second);
                let proof = self.of_each(first, |analysis, role| {
                    analysis.refute(&Query::Gets(role).and(others.clone()))
                });
                match proof.verdict {
                    Verdict::Proved => {}
                    Verdict::Refuted(_) => return proof,
                    Verdict::NotDecided(_) => undecided = undecided.or(Some(proof)),
                }
            }
        }
        undecided.unwrap_or(Proof::of(Verdict::Proved, None))
    }

    /// Some token gets the role and fulfils the goal.
    fn possible(&mut self, role: usize, goal: Option<&Goal>) -> Verdict {
        let gets = Query::Gets(role);
        let query = match goal {
            Some(goal) => gets.and(Query::Fulfils(goal)),
            None => gets,
        };
        match self.find(&query) {
            Answer::Token(_) => Verdict::Proved,
            Answer::Nothing => Verdict::Refuted(None),
            Answer::NotDecided(reason) => Verdict::NotDecided(reason),
        }
    }

    fn of_each(&mut self, roles: &[usize], mut verdict: impl FnMut(&mut Self, usize) -> Verdict) -> Proof {
        let mut undecided = None;
        for role in roles {
            match verdict(self, *role) {
                Verdict::Proved => {}
                refuted @ Verdict::Refuted(_) => return Proof::of(refuted, Some(*role)),
                reason @ Verdict::NotDecided(_) => {
                    undecided = undecided.or(Some(Proof::of(reason, Some(*role))));
                }
            }
        }
        undecided.unwrap_or(Proof::of(Verdict::Proved, None))
    }
}
