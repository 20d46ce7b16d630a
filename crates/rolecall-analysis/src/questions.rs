//! Questions about roles.

use crate::analysis::Analysis;
use crate::answer::{Answer, Conflict, ConflictPart, Coverage, Outcome};
use crate::budget::Undecided;
use crate::conjunct::{conjuncts, location};
use crate::query::Query;
use crate::witness::Witness;
use rolecall_engine::ir::{Formula, Goal, IssuerCondition};
use rolecall_engine::{IssuerId, RoleId};

/// Some roles that are enough to cover another one.
pub(crate) enum Core {
    /// Each token that gets the role gets one of these.
    Covers(Vec<RoleId>),
    /// This token gets the role and none of the others.
    Misses(Box<Witness>),
}

impl Analysis<'_> {
    /// A token that gets the role, if there is one.
    pub fn satisfiable(&mut self, role: RoleId) -> Answer {
        self.find(&Query::Gets(role))
    }

    /// A token that fulfils a goal, if there is one: of a condition, one of an issuer that it is said for.
    pub fn example(&mut self, goal: &Goal) -> Answer {
        self.find(&Query::Fulfils(goal))
    }

    /// A token that fulfils a goal and none of the others, if there is one. That it does not fulfil a condition is not that it
    /// fulfils the opposite: of a claim that is not there, neither holds.
    pub fn example_without(&mut self, goal: &Goal, others: &[Goal]) -> Answer {
        let others = others.iter().map(Query::Fulfils).collect();
        self.find(&Query::Fulfils(goal).and_not(Query::Any(others)))
    }

    /// A token that gets the role and fulfils a goal, if there is one.
    pub fn granted(&mut self, role: RoleId, goal: &Goal) -> Answer {
        self.find(&Query::Gets(role).and(Query::Fulfils(goal)))
    }

    /// Whether each token that is meant for us gets the role, if it is of one of the issuers that the role is allowed from.
    pub fn always(&mut self, role: RoleId) -> Outcome {
        let mut issuers: Vec<IssuerId> = self.clauses(role).iter().map(|clause| clause.issuer).collect();
        issuers.sort_unstable();
        issuers.dedup();
        match self.find_from(issuers, &Query::Not(Box::new(Query::Gets(role)))) {
            Answer::Token(witness) => Outcome::Refuted(Some(witness)),
            Answer::Nothing => Outcome::Proved,
            Answer::NotDecided(reason) => Outcome::NotDecided(reason),
        }
    }

    /// Whether whoever gets the first role gets the second one.
    pub fn implies(&mut self, first: RoleId, second: RoleId) -> Outcome {
        self.refute(&Query::Gets(first).and_not(Query::Gets(second)))
    }

    /// Whether the same tokens get the two roles.
    pub fn equivalent(&mut self, first: RoleId, second: RoleId) -> Outcome {
        match self.implies(first, second) {
            Outcome::Proved => self.implies(second, first),
            other => other,
        }
    }

    /// Whether no token gets both roles.
    pub fn disjoint(&mut self, first: RoleId, second: RoleId) -> Outcome {
        self.refute(&Query::Gets(first).and(Query::Gets(second)))
    }

    /// Whether whoever gets the role gets one of the others, and by which few of them.
    ///
    /// Only those are looked at that some token needs which gets the role: first none, then one more for each token that
    /// gets none of them.
    pub fn covered(&mut self, role: RoleId, others: &[RoleId]) -> Coverage {
        let mut core = match self.core(role, others) {
            Ok(Core::Covers(core)) => core,
            Ok(Core::Misses(witness)) => return Coverage::Not(witness),
            Err(reason) => return Coverage::NotDecided(reason),
        };
        // One that was needed at first may not be needed beside those that came later.
        let mut at: usize = 0;
        while at < core.len() {
            let mut fewer = core.clone();
            fewer.remove(at);
            match self.find(&Query::Gets(role).and_not(Query::gets_one(&fewer))) {
                Answer::Nothing => core = fewer,
                Answer::NotDecided(_) | Answer::Token(_) => at = at.saturating_add(1),
            }
        }
        Coverage::By(core)
    }

    /// Some of the others by which the role is covered.
    pub(crate) fn core(&mut self, role: RoleId, others: &[RoleId]) -> Result<Core, Undecided> {
        let mut core: Vec<RoleId> = Vec::new();
        loop {
            let witness = match self.find(&Query::Gets(role).and_not(Query::gets_one(&core))) {
                Answer::Nothing => return Ok(Core::Covers(core)),
                Answer::NotDecided(reason) => return Err(reason),
                Answer::Token(witness) => witness,
            };
            let gets = self.set.rehearse_all(&witness.claims());
            let helps = |other: &RoleId| *other != role && gets.binary_search(other).is_ok();
            match others.iter().copied().find(helps) {
                Some(other) => core.push(other),
                None => return Ok(Core::Misses(witness)),
            }
        }
    }

    /// The roles that whoever gets this one gets, too; none for a role that nobody gets.
    ///
    /// Only those are asked about that a token gets which gets this role, and each token that refutes one of them may refute
    /// others as well: so few of all the others are asked about.
    ///
    /// # Errors
    /// Why it was not decided.
    pub fn implied(&mut self, role: RoleId) -> Result<Vec<RoleId>, Undecided> {
        let witness = match self.satisfiable(role) {
            Answer::Nothing => return Ok(Vec::new()),
            Answer::NotDecided(reason) => return Err(reason),
            Answer::Token(witness) => witness,
        };
        let mut candidates = self.set.rehearse_all(&witness.claims());
        let mut implied = Vec::new();
        while let Some(other) = candidates.pop() {
            match self.implies(role, other) {
                _ if other == role => {}
                Outcome::Proved => implied.push(other),
                Outcome::NotDecided(reason) => return Err(reason),
                Outcome::Refuted(witness) => {
                    let gets = witness.map(|witness| self.set.rehearse_all(&witness.claims()));
                    let gets = gets.unwrap_or_default();
                    candidates.retain(|candidate| gets.binary_search(candidate).is_ok());
                }
            }
        }
        implied.sort_unstable();
        Ok(implied)
    }

    /// For each clause of a role that no token fulfils, parts of it that contradict one another: none of them can be left
    /// out. A clause that some token fulfils, or of which that could not be decided, is left out.
    pub fn conflicts(&mut self, role: RoleId) -> Vec<Conflict> {
        let mut conflicts = Vec::new();
        let program = self.set.program();
        for (id, clause) in program.clause_ids(role).map(|id| (id, &program[id])) {
            let mut parts: Vec<(ConflictPart, Formula)> = conjuncts(&clause.condition)
                .into_iter()
                .map(|part| (ConflictPart::Condition(location(&part, clause.location)), part))
                .collect();
            let guards = clause.guards.iter();
            parts.extend(guards.map(|guard| (ConflictPart::Guard(guard.guard), guard.condition.clone())));
            if !self.contradict(clause.issuer, &parts) {
                continue;
            }
            let mut at: usize = 0;
            while at < parts.len() {
                let part = parts.remove(at);
                if !self.contradict(clause.issuer, &parts) {
                    parts.insert(at, part);
                    at = at.saturating_add(1);
                }
            }
            let mut parts: Vec<ConflictPart> = parts.into_iter().map(|(part, _)| part).collect();
            if let [_] | [] = parts.as_slice() {
                // One part alone contradicts itself, or what every token of the issuer says.
                parts.push(ConflictPart::Issuer);
            }
            conflicts.push(Conflict { clause: id, parts });
        }
        conflicts
    }

    /// Whether no token of an issuer fulfils all of these.
    fn contradict(&mut self, issuer: IssuerId, parts: &[(ConflictPart, Formula)]) -> bool {
        let parts: Vec<Formula> = parts.iter().map(|(_, part)| part.clone()).collect();
        let goal = Goal::Condition(vec![IssuerCondition {
            issuer,
            condition: Formula::All(parts.into()),
        }]);
        matches!(self.find_from([issuer], &Query::Fulfils(&goal)), Answer::Nothing)
    }
}
