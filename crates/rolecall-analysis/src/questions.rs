//! Questions about roles, which are named by their index in the program.

use crate::analysis::Analysis;
use crate::answer::{Answer, Conflict, ConflictPart, Coverage, Outcome};
use crate::budget::Undecided;
use crate::conjunct::{conjuncts, location};
use crate::query::Query;
use crate::witness::Witness;
use rolecall_engine::ir::{Formula, Goal, IssuerCondition};
use rolecall_engine::{IssuerId, RoleId};

/// The result of a search for a few roles that cover another one.
pub(crate) enum Core {
    /// Every token that gets the role gets one of these.
    Covers(Vec<RoleId>),
    /// A token that gets the role and none of the others.
    Misses(Box<Witness>),
}

impl Analysis<'_> {
    /// Returns a token that gets the role, if there is one.
    pub fn satisfiable(&mut self, role: RoleId) -> Answer {
        self.find(&Query::Gets(role))
    }

    /// Returns a token that fulfils a goal, if there is one. For a condition, it is a token of an issuer that
    /// the condition is about.
    pub fn example(&mut self, goal: &Goal) -> Answer {
        self.find(&Query::Fulfils(goal))
    }

    /// Returns a token that fulfils a goal and none of the others, if there is one. A token that does not
    /// fulfil a condition need not fulfil its negation: for an absent claim, neither holds.
    pub fn example_without(&mut self, goal: &Goal, others: &[Goal]) -> Answer {
        let others = others.iter().map(Query::Fulfils).collect();
        self.find(&Query::Fulfils(goal).and_not(Query::Any(others)))
    }

    /// Returns a token that gets the role and fulfils a goal, if there is one.
    pub fn granted(&mut self, role: RoleId, goal: &Goal) -> Answer {
        self.find(&Query::Gets(role).and(Query::Fulfils(goal)))
    }

    /// Returns whether every token with the right audience gets the role, if it is of one of the issuers in
    /// the role's clauses.
    pub fn always(&mut self, role: RoleId) -> Outcome {
        match self.find_from(self.issuers_of(role), &Query::Not(Box::new(Query::Gets(role)))) {
            Answer::Token(witness) => Outcome::Refuted(Some(witness)),
            Answer::Nothing => Outcome::Proved,
            Answer::NotDecided(reason) => Outcome::NotDecided(reason),
        }
    }

    /// Returns whether every token that gets the first role gets the second one.
    pub fn implies(&mut self, first: RoleId, second: RoleId) -> Outcome {
        self.refute(&Query::Gets(first).and_not(Query::Gets(second)))
    }

    /// Returns whether the same tokens get the two roles.
    pub fn equivalent(&mut self, first: RoleId, second: RoleId) -> Outcome {
        match self.implies(first, second) {
            Outcome::Proved => self.implies(second, first),
            other => other,
        }
    }

    /// Returns whether no token gets both roles.
    pub fn disjoint(&mut self, first: RoleId, second: RoleId) -> Outcome {
        self.refute(&Query::Gets(first).and(Query::Gets(second)))
    }

    /// Returns whether every token that gets the role gets one of the others, and a few of them that are
    /// enough.
    ///
    /// The search begins without any other role, and adds one for each token that gets none of those so far.
    /// So few of the others are asked about.
    pub fn covered(&mut self, role: RoleId, others: &[RoleId]) -> Coverage {
        let core = match self.core(role, others) {
            Ok(Core::Covers(core)) => core,
            Ok(Core::Misses(witness)) => return Coverage::Not(witness),
            Err(reason) => return Coverage::NotDecided(reason),
        };
        // A role that was needed at first may be redundant with those that were added later.
        let mut core = core.as_slice();
        let mut needed: Vec<RoleId> = Vec::new();
        while let Some((one, others)) = core.split_first() {
            let fewer = [&needed, others].concat();
            match self.find(&Query::Gets(role).and_not(Query::gets_one(&fewer))) {
                Answer::Nothing => {}
                Answer::NotDecided(_) | Answer::Token(_) => needed.push(*one),
            }
            core = others;
        }
        Coverage::By(needed)
    }

    /// Returns some of the others that cover the role.
    pub(crate) fn core(&mut self, role: RoleId, others: &[RoleId]) -> Result<Core, Undecided> {
        let mut core: Vec<RoleId> = Vec::new();
        loop {
            let witness = match self.find(&Query::Gets(role).and_not(Query::gets_one(&core))) {
                Answer::Nothing => return Ok(Core::Covers(core)),
                Answer::NotDecided(reason) => return Err(reason),
                Answer::Token(witness) => witness,
            };
            let gets = self.roles_of(&witness);
            let helps = |other: &RoleId| *other != role && gets.binary_search(other).is_ok();
            match others.iter().copied().find(helps) {
                Some(other) => core.push(other),
                None => return Ok(Core::Misses(witness)),
            }
        }
    }

    /// Returns the roles that every token with this role also gets; none for a role that no token gets.
    ///
    /// The candidates are the roles of one token that gets this role, and each token that refutes one of them
    /// may refute others also. So few of the other roles are asked about.
    ///
    /// # Errors
    /// The reason why it was not decided.
    pub fn implied(&mut self, role: RoleId) -> Result<Vec<RoleId>, Undecided> {
        let witness = match self.satisfiable(role) {
            Answer::Nothing => return Ok(Vec::new()),
            Answer::NotDecided(reason) => return Err(reason),
            Answer::Token(witness) => witness,
        };
        let mut candidates = self.roles_of(&witness);
        let mut implied = Vec::new();
        while let Some(other) = candidates.pop() {
            match self.find(&Query::Gets(role).and_not(Query::Gets(other))) {
                _ if other == role => {}
                Answer::Nothing => implied.push(other),
                Answer::NotDecided(reason) => return Err(reason),
                Answer::Token(witness) => {
                    let gets = self.roles_of(&witness);
                    candidates.retain(|candidate| gets.binary_search(candidate).is_ok());
                }
            }
        }
        implied.sort_unstable();
        Ok(implied)
    }

    /// Returns, for each clause of a role that no token fulfils, parts that contradict one another. None of
    /// the parts can be left out. A clause that some token fulfils, or that was not decided, is omitted.
    pub fn conflicts(&mut self, role: RoleId) -> Vec<Conflict> {
        let mut conflicts = Vec::new();
        let program = self.set.program();
        for (id, clause) in program.clause_ids(role).map(|id| (id, &program[id])) {
            let mut parts: Vec<(ConflictPart, Formula)> = conjuncts(&clause.condition)
                .into_iter()
                .map(|part| (ConflictPart::Condition(location(&part, clause.location)), part))
                .collect();
            let guards = clause.guards().iter();
            parts.extend(guards.map(|guard| (ConflictPart::Guard(guard.guard), guard.condition.clone())));
            if !self.contradict(clause.issuer, &parts) {
                continue;
            }
            let mut needed = Vec::new();
            let mut rest = parts.into_iter();
            while let Some(part) = rest.next() {
                if !self.contradict(clause.issuer, needed.iter().chain(rest.as_slice())) {
                    needed.push(part);
                }
            }
            let (unknown_layout, impossible_value) = match needed.as_slice() {
                [(_, condition)] => (
                    self.unknown_layout(clause.issuer, condition),
                    self.impossible_value(clause.issuer, condition),
                ),
                _ => (None, None),
            };
            let mut parts: Vec<ConflictPart> = needed.into_iter().map(|(part, _)| part).collect();
            if let [_] | [] = parts.as_slice() {
                // One part alone contradicts itself, or the claims of every token of the issuer.
                parts.push(ConflictPart::Issuer);
            }
            conflicts.push(Conflict {
                clause: id,
                parts,
                unknown_layout,
                impossible_value,
            });
        }
        conflicts
    }

    /// Returns whether no token of an issuer fulfils all of these parts.
    fn contradict<'c>(
        &mut self,
        issuer: IssuerId,
        parts: impl IntoIterator<Item = &'c (ConflictPart, Formula)>,
    ) -> bool {
        let parts: Vec<Formula> = parts.into_iter().map(|(_, part)| part.clone()).collect();
        let goal = Goal::Condition(vec![IssuerCondition {
            issuer,
            condition: Formula::All(parts.into()),
        }]);
        matches!(self.find_from([issuer], &Query::Fulfils(&goal)), Answer::Nothing)
    }
}
