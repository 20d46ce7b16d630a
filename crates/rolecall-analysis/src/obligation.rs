//! Obligations of tests: each comparison of a role should decide a test in which the role is allowed, and one in which
//! it is denied.
//!
//! This is coverage by modified conditions and decisions (MC/DC, RTCA DO-178C): a comparison that decides no test could
//! be dropped or turned into its opposite, and all tests would still pass.

use crate::analysis::Analysis;
use crate::answer::Answer;
use crate::query::Query;
use rolecall_engine::ir::{Atom, Clause, Formula, Goal, IssuerCondition, Test};
use rolecall_engine::{Decisive, IssuerId, Location, PolicySet, RoleId};
use std::collections::BTreeSet;

/// A role as it is written, with its comparisons. All roles that a `for` makes are one: their text is tested once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrittenRole {
    /// The roles, in the order of the program; never empty.
    pub roles: Vec<RoleId>,
    /// The `role` item.
    pub location: Location,
    /// The comparisons in its clauses, its guards and the named conditions that they use, sorted and each once.
    pub comparisons: Vec<Location>,
}

/// Returns the roles of the policies of a set as they are written. Those of documents in other languages, which have no
/// tests, are left out.
pub fn written_roles(set: &PolicySet) -> Vec<WrittenRole> {
    let program = set.program();
    let mut written: Vec<WrittenRole> = Vec::new();
    for (id, role) in program.roles().iter() {
        if program.is_foreign(role.location.file()) {
            continue;
        }
        match written.last_mut().filter(|last| last.location == role.location) {
            Some(last) => last.roles.push(id),
            None => written.push(WrittenRole {
                roles: vec![id],
                location: role.location,
                comparisons: Vec::new(),
            }),
        }
    }
    for one in &mut written {
        let mut found = BTreeSet::new();
        let clauses = one.roles.iter().flat_map(|role| program.clauses(*role));
        for condition in clauses.flat_map(written_conditions) {
            condition.each_atom(&mut |_, location| {
                found.insert(location);
            });
        }
        one.comparisons = found.into_iter().collect();
    }
    written
}

/// Returns the conditions of a clause that are in the text of the policies.
fn written_conditions(clause: &Clause) -> impl Iterator<Item = &Formula> {
    let guards = clause.guards().iter().map(|guard| &guard.condition);
    std::iter::once(&clause.condition).chain(guards)
}

/// Returns the decisions of a test that are as it expects, and the comparisons that decide them.
pub fn decided<'a>(set: &'a PolicySet, test: &'a Test) -> impl Iterator<Item = (RoleId, Decisive)> + use<'a> {
    let each = test.expectations.iter().flat_map(move |expectation| {
        let roles = set.program().checked(expectation);
        roles.map(move |role| (role, expectation.allows(role)))
    });
    each.filter_map(|(role, expected)| {
        let decisive = set.decisive(&test.claims, role);
        (decisive.is_allowed == expected).then_some((role, decisive))
    })
}

impl Analysis<'_> {
    /// Returns a token that is allowed a role, or denied it, because of one comparison: with the opposite of the
    /// comparison in its place, the decision would be the other one.
    ///
    /// A denied token has the claims of one that is allowed where possible, and the claim of the comparison has another
    /// value rather than none.
    ///
    /// ```
    /// use rolecall_analysis::{Analysis, Answer, written_roles};
    /// use rolecall_engine::{PolicySet, Source};
    ///
    /// let policy = r#"
    ///     issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
    ///     role deploy { allow from gitlab when project == "acme/shop" && ref_protected && has ref_protected }
    /// "#;
    /// let set = PolicySet::compile([Source::new("acme.policy", policy)])?;
    /// let deploy = &written_roles(&set)[0];
    ///
    /// let mut analysis = Analysis::new(&set);
    /// let Answer::Token(unprotected) = analysis.decided_by(deploy.roles[0], deploy.comparisons[1], false)
    ///     else { panic!() };
    /// let value = unprotected.token.get("ref_protected").and_then(|value| value.as_text());
    /// assert_eq!(value, Some("false"));
    /// // What has no value is not `true` either.
    /// let never = analysis.decided_by(deploy.roles[0], deploy.comparisons[2], false);
    /// assert_eq!(never, Answer::Nothing);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decided_by(&mut self, role: RoleId, comparison: Location, is_allowed: bool) -> Answer {
        let [gets, opposed] = [Query::Gets(role), Query::Opposed(role, comparison)];
        let query = match is_allowed {
            true => gets.and_not(opposed),
            false => opposed.and_not(gets),
        };
        let mut undecided = None;
        for issuer in self.issuers_of(role) {
            match self.decided_from(issuer, role, comparison, is_allowed, &query) {
                Answer::Nothing => {}
                Answer::NotDecided(reason) => undecided = undecided.or(Some(reason)),
                token @ Answer::Token(_) => return token,
            }
        }
        undecided.map_or(Answer::Nothing, Answer::NotDecided)
    }

    /// Returns the same token from one issuer.
    fn decided_from(
        &mut self,
        issuer: IssuerId,
        role: RoleId,
        comparison: Location,
        is_allowed: bool,
        query: &Query<'_>,
    ) -> Answer {
        if is_allowed {
            return self.find_from([issuer], query);
        }
        let example = match self.find_from([issuer], &Query::Gets(role)) {
            Answer::Token(example) => Some(example),
            Answer::Nothing | Answer::NotDecided(_) => None,
        };
        let atoms = self.atoms(issuer, role, comparison);
        let has_value = has_value(issuer, &atoms);
        let clear = query.clone().and(Query::Fulfils(&has_value));
        let mut answer = match self.find_like(issuer, example.as_deref(), &clear) {
            token @ Answer::Token(_) => token,
            _ => self.find_like(issuer, example.as_deref(), query),
        };
        if let Answer::Token(witness) = &mut answer {
            let claims = atoms.iter().flat_map(Atom::claims).collect();
            witness.because = self.reason(role, issuer, claims, witness);
        }
        answer
    }

    /// Returns the comparison as the clauses of a role for one issuer have it: with each value of its parameters.
    fn atoms(&self, issuer: IssuerId, role: RoleId, comparison: Location) -> Vec<Atom> {
        let mut atoms = Vec::new();
        let clauses = self.clauses(role).iter().filter(|clause| clause.issuer == issuer);
        for condition in clauses.flat_map(written_conditions) {
            condition.each_atom(&mut |atom, location| {
                if location == comparison {
                    atoms.push(atom.clone());
                }
            });
        }
        atoms
    }

    /// Returns the issuers in the clauses of a role, sorted and each once.
    pub(crate) fn issuers_of(&self, role: RoleId) -> Vec<IssuerId> {
        let mut issuers: Vec<IssuerId> = self.clauses(role).iter().map(|clause| clause.issuer).collect();
        issuers.sort_unstable();
        issuers.dedup();
        issuers
    }
}

/// Returns the goal that one of these comparisons is not UNKNOWN.
fn has_value(issuer: IssuerId, atoms: &[Atom]) -> Goal {
    let values = atoms.iter().flat_map(|atom| {
        let holds = Formula::compare(atom.claim, atom.question.clone());
        [holds.clone(), Formula::Not(holds.into())]
    });
    Goal::Condition(vec![IssuerCondition {
        issuer,
        condition: Formula::Any(values.collect()),
    }])
}
