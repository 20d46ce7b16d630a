//! Examples, one token for each clause of a role, and near misses, which fulfil all conditions of a clause
//! but one.

use crate::analysis::Analysis;
use crate::answer::Answer;
use crate::budget::Undecided;
use crate::conjunct::{Conjunct, of_clause};
use crate::query::Query;
use crate::witness::Witness;
use rolecall_engine::ir::{Clause, Formula, Goal, IssuerCondition};
use rolecall_engine::{ClaimId, ClauseId, GuardId, IssuerId, Location, RoleId};

/// A condition of a role's clause, and a token that fails only that condition.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NearMiss {
    /// The clause.
    pub clause: ClauseId,
    /// The guard with the condition; `None` if the clause itself has it.
    pub guard: Option<GuardId>,
    /// The location of the condition.
    pub location: Location,
    /// The token, or the reason why there is none.
    pub outcome: Miss,
}

/// The result of a search for a token that fails only one condition.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub enum Miss {
    /// A token that fulfils all other conditions of the clause, and does not get the role.
    Token(Box<Witness>),
    /// It is proved that every token that fulfils the other conditions of the clause fulfils this one.
    Implied,
    /// It is proved that every token that fails only this condition gets the role by another clause, like
    /// this token.
    GrantedOtherwise(Box<Witness>),
    /// The budget ran out, or the question cannot be expressed in languages.
    NotDecided(Undecided),
}

impl Analysis<'_> {
    /// Returns, for each clause of a role, a token that gets the role by it, if there is one.
    pub fn examples(&mut self, role: RoleId) -> Vec<Answer> {
        let clauses = self.clauses(role).iter();
        clauses.map(|clause| self.by_clause(role, clause)).collect()
    }

    /// Returns, for each condition of each clause of a role and its guards, a token that fulfils all other
    /// conditions of the clause, fails this one, and does not get the role by another clause.
    ///
    /// The token is similar to the [example](Self::examples) of the clause: claim by claim, in the order of
    /// the profile, it has the value of the example where possible. A token for which the condition is FALSE
    /// is preferred to one for which it is UNKNOWN. A clause that no token fulfils has no near misses.
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
    /// let protected = other_branch.token.get("ref_protected").and_then(|value| value.as_text());
    /// assert_eq!(protected, Some("true"));
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
                let question = ClauseQuestion {
                    role,
                    issuer: clause.issuer,
                    fits: clause.fits(),
                    example: example.as_deref(),
                };
                let mut outcome = self.miss(question, &conjunct.condition, &others);
                if let Miss::Token(witness) = &mut outcome {
                    let mut claims = Vec::new();
                    conjunct
                        .condition
                        .each_atom(&mut |atom, _| claims.extend(atom.claims()));
                    witness.because = self.reason(role, clause.issuer, claims, witness);
                }
                misses.push(NearMiss {
                    clause: id,
                    guard: conjunct.guard,
                    location: conjunct.location,
                    outcome,
                });
            }
        }
        misses
    }

    /// Returns a token that gets the role by a clause.
    fn by_clause(&mut self, role: RoleId, clause: &Clause) -> Answer {
        let conditions = of_clause(clause);
        let conditions = conditions.iter().map(|conjunct| &conjunct.condition);
        let fulfils = goal(clause.issuer, conditions.chain([clause.fits()]));
        let query = Query::Fulfils(&fulfils).and(Query::Gets(role));
        self.find_like(clause.issuer, None, &query)
    }

    /// Returns the first of some claims that is the only reason that a token does not get a role, if there is one.
    pub(crate) fn reason(
        &self,
        role: RoleId,
        issuer: IssuerId,
        claims: Vec<ClaimId>,
        witness: &Witness,
    ) -> Option<String> {
        let profile = &self.set.program()[issuer].profile;
        let token = witness.claims();
        let mut claims = claims.into_iter();
        let only = claims.find(|claim| self.set.is_denied_because(&token, role, &profile[*claim].path))?;
        Some(profile.name_in_conditions(only))
    }

    /// Searches for a token that fulfils the other conditions and not this one.
    fn miss(&mut self, question: ClauseQuestion<'_>, condition: &Formula, others: &[&Conjunct]) -> Miss {
        let ClauseQuestion {
            role,
            issuer,
            fits,
            example,
        } = question;
        let others = || others.iter().map(|other| &other.condition).chain([fits]);
        let (rest, this) = (goal(issuer, others()), goal(issuer, [condition]));
        let denied = Query::Not(Box::new(Query::Gets(role)));
        // A token with another value is clearer than one without the claim.
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

/// The question that the near misses of a clause have in common.
#[derive(Clone, Copy)]
struct ClauseQuestion<'w> {
    role: RoleId,
    issuer: IssuerId,
    /// The condition that the grants of the clause are filled.
    fits: &'w Formula,
    /// The token that they should be similar to.
    example: Option<&'w Witness>,
}

/// Returns the goal that a token of an issuer fulfils all of these conditions.
fn goal<'f>(issuer: IssuerId, conditions: impl IntoIterator<Item = &'f Formula>) -> Goal {
    let conditions: Vec<Formula> = conditions.into_iter().cloned().collect();
    Goal::Condition(vec![IssuerCondition {
        issuer,
        condition: Formula::All(conditions.into()),
    }])
}
