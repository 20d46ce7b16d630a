//! Tokens that get a role, one for each way to get it, and tokens that just do not: all but one condition holds of them.

use crate::analysis::Analysis;
use crate::answer::Answer;
use crate::budget::Undecided;
use crate::conjunct::{Conjunct, of_clause};
use crate::query::Query;
use crate::witness::Witness;
use rolecall_engine::ir::{Clause, Formula, Goal, IssuerCondition};
use rolecall_engine::{ClauseId, GuardId, IssuerId, Location, RoleId};

/// One of the conditions that a clause of a role asks for, and a token that fails there alone.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NearMiss {
    /// The clause.
    pub clause: ClauseId,
    /// The guard that the condition is of; `None` if it is of the clause itself.
    pub guard: Option<GuardId>,
    /// Where the condition stands.
    pub location: Location,
    /// The token, or why there is none.
    pub outcome: Miss,
}

/// What became of a search for a token that fails at one condition alone.
#[derive(Clone, Debug, PartialEq)]
pub enum Miss {
    /// This token fulfils all the other conditions of the clause, and does not get the role.
    Token(Box<Witness>),
    /// There is none: whoever fulfils the other conditions of the clause fulfils this one. That is proved.
    Implied,
    /// There is none: whoever fails at this condition alone gets the role by another clause, like this token. That is proved.
    GrantedOtherwise(Box<Witness>),
    /// The budget ran out, or the question cannot be put into languages.
    NotDecided(Undecided),
}

impl Analysis<'_> {
    /// For each clause of a role a token that gets the role by it, if there is one.
    pub fn examples(&mut self, role: RoleId) -> Vec<Answer> {
        let clauses = self.clauses(role).iter();
        clauses.map(|clause| self.by_clause(role, clause)).collect()
    }

    /// For each condition of each clause of a role a token that fulfils all the others of that clause, those of its guards
    /// among them, does not fulfil this one, and does not get the role by another clause either.
    ///
    /// The token is like the [example](Self::examples) of the clause: claim by claim, in the order of the profile, it says
    /// what the example says wherever it can. One of which the condition is FALSE comes before one of which it is UNKNOWN.
    /// A clause that no token fulfils has no near misses.
    ///
    /// ```
    /// use rolecall_analysis::{Analysis, Miss};
    /// use rolecall_engine::{PolicySet, Source};
    ///
    /// let policy = r#"
    ///     issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
    ///     role deploy { allow from gitlab when ref == "main" && ref_protected && has ref }
    /// "#;
    /// let set = PolicySet::compile([Source::new("acme.policy", policy)])?;
    /// let misses = Analysis::new(&set).near_misses(set.program().role("deploy").unwrap());
    ///
    /// let Miss::Token(other_branch) = &misses[0].outcome else { panic!() };
    /// assert!(set.evaluate(&other_branch.claims(), "deploy").is_err());
    /// assert_eq!(other_branch.token.get("ref_protected").map(ToString::to_string), Some("true".to_owned()));
    /// assert_eq!(misses[2].outcome, Miss::Implied, "what is called `main` is there");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn near_misses(&mut self, role: RoleId) -> Vec<NearMiss> {
        let mut misses = Vec::new();
        let program = self.set.program();
        for (id, clause) in program.clause_ids(role).map(|id| (id, &program[id])) {
            let example = match self.by_clause(role, clause) {
                Answer::Nothing => continue,
                Answer::NotDecided(_) => None,
                Answer::Token(example) => Some(example),
            };
            let conjuncts = of_clause(clause);
            for (at, conjunct) in conjuncts.iter().enumerate() {
                let others = conjuncts.iter().enumerate().filter(|(other, _)| *other != at);
                let others: Vec<&Conjunct> = others.map(|(_, other)| other).collect();
                let asked = Asked {
                    role,
                    issuer: clause.issuer,
                    example: example.as_deref(),
                };
                misses.push(NearMiss {
                    clause: id,
                    guard: conjunct.guard,
                    location: conjunct.location,
                    outcome: self.miss(asked, &conjunct.condition, &others),
                });
            }
        }
        misses
    }

    /// A token that gets the role by a clause.
    fn by_clause(&mut self, role: RoleId, clause: &Clause) -> Answer {
        let conditions = of_clause(clause);
        let fulfils = goal(
            clause.issuer,
            conditions.iter().map(|conjunct| &conjunct.condition),
        );
        let query = Query::Fulfils(&fulfils).and(Query::Gets(role));
        self.find_like(clause.issuer, None, &query)
    }

    /// A token that fulfils the other conditions and not this one.
    fn miss(&mut self, asked: Asked<'_>, condition: &Formula, others: &[&Conjunct]) -> Miss {
        let Asked {
            role,
            issuer,
            example,
        } = asked;
        let others = || others.iter().map(|other| &other.condition);
        let (rest, this) = (goal(issuer, others()), goal(issuer, [condition]));
        let denied = Query::Not(Box::new(Query::Gets(role)));
        // A token that says something else shows more than one that says nothing.
        let opposite = Formula::Not(condition.clone().into());
        let opposed = goal(issuer, others().chain([&opposite]));
        let opposed = Query::Fulfils(&opposed).and(denied.clone());
        if let Answer::Token(witness) = self.find_like(issuer, example, &opposed) {
            return Miss::Token(witness);
        }
        let fails = Query::Fulfils(&rest).and_not(Query::Fulfils(&this));
        match self.find_like(issuer, example, &fails.clone().and(denied)) {
            Answer::Token(witness) => return Miss::Token(witness),
            Answer::NotDecided(reason) => return Miss::NotDecided(reason),
            Answer::Nothing => {}
        }
        match self.find_like(issuer, example, &fails.and(Query::Gets(role))) {
            Answer::Token(witness) => Miss::GrantedOtherwise(witness),
            Answer::NotDecided(reason) => Miss::NotDecided(reason),
            Answer::Nothing => Miss::Implied,
        }
    }
}

/// What near misses of a clause have in common.
#[derive(Clone, Copy)]
struct Asked<'w> {
    role: RoleId,
    issuer: IssuerId,
    /// What they are to be like.
    example: Option<&'w Witness>,
}

/// All of these, of tokens of an issuer.
fn goal<'f>(issuer: IssuerId, conditions: impl IntoIterator<Item = &'f Formula>) -> Goal {
    let conditions: Vec<Formula> = conditions.into_iter().cloned().collect();
    Goal::Condition(vec![IssuerCondition {
        issuer,
        condition: Formula::All(conditions.into()),
    }])
}
