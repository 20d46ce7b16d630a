//! Removal of clauses: the tokens that would no longer get the role.

use crate::analysis::Analysis;
use crate::answer::Answer;
use crate::budget::Undecided;
use crate::query::Query;
use crate::witness::Witness;
use rolecall_engine::{ClauseId, RoleId};

/// The consequence of removing some clauses of a role.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub enum Removal {
    /// A token that gets the role by one of these clauses, and by no other one.
    Loses(Box<Witness>),
    /// It is proved that no token gets the role by these clauses.
    NoToken,
    /// The budget ran out, or the question cannot be expressed in languages.
    NotDecided(Undecided),
    /// It is proved that every token that gets the role by one of these clauses gets it by another one as well.
    Nothing,
}

impl Analysis<'_> {
    /// Returns the consequence of removing some clauses of a role.
    ///
    /// ```
    /// use rolecall_analysis::{Analysis, Removal};
    /// use rolecall_engine::{ClauseId, PolicySet, Source};
    ///
    /// let policy = r#"
    ///     issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
    ///     role plan {
    ///       allow from gitlab when project under "acme"
    ///       allow from gitlab when project == "acme/shop"
    ///       allow from gitlab when project == "acme/shop" && project == "acme/lab"
    ///     }
    /// "#;
    /// let set = PolicySet::compile([Source::new("acme.policy", policy)])?;
    /// let plan = set.program().role("plan").unwrap();
    /// let clauses: Vec<ClauseId> = set.program().clause_ids(plan).collect();
    ///
    /// let mut analysis = Analysis::new(&set);
    /// assert!(matches!(analysis.removal(plan, &clauses[..1]), Removal::Loses(_)));
    /// assert_eq!(analysis.removal(plan, &clauses[1..2]), Removal::Nothing);
    /// assert_eq!(analysis.removal(plan, &clauses[2..]), Removal::NoToken);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn removal(&mut self, role: RoleId, removed: &[ClauseId]) -> Removal {
        let clauses = self.set.program().clause_ids(role);
        let kept: Vec<ClauseId> = clauses.filter(|clause| !removed.contains(clause)).collect();
        let by_removed = Query::GetsBy(role, removed);
        match self.find(&by_removed.clone().and_not(Query::GetsBy(role, &kept))) {
            Answer::Token(witness) => return Removal::Loses(witness),
            Answer::NotDecided(reason) => return Removal::NotDecided(reason),
            Answer::Nothing => {}
        }
        match self.find(&by_removed) {
            Answer::Nothing => Removal::NoToken,
            Answer::NotDecided(_) | Answer::Token(_) => Removal::Nothing,
        }
    }
}
