//! Evaluation under the assumption that everything that reads one claim holds.

use super::{ProfileView, VERIFIED};
use crate::diagnostic::Location;
use crate::document::Members;
use crate::grant::GrantFault;
use crate::id::{ClaimId, ClauseId, RoleId};
use crate::ir::{Atom, Clause, Formula, Program};

/// The assumption that everything that reads one claim holds: each comparison of it, a negated one too; its fit into
/// grants; and the check of the issuer, of the audience, or of a verified token, if it is their claim.
#[derive(Clone, Copy)]
pub(crate) struct Assumption<'a> {
    program: &'a Program,
    claims: Members<'a>,
    /// The path of the claim.
    path: &'a [String],
}

/// A clause under an assumption.
pub(crate) struct AssumedClause<'a> {
    pub(crate) clause: &'a Clause,
    pub(crate) token: ProfileView<'a>,
    /// True if the token is from the clause's issuer, or that is assumed.
    pub(crate) is_from: bool,
    /// True if the token is for one of the issuer's audiences, or that is assumed.
    pub(crate) is_for: bool,
    /// The claims of every verified token that this one does not have, except the claim of the assumption.
    pub(crate) unverified: Vec<&'static str>,
    /// The claim, if the profile of the clause's issuer has it.
    claim: Option<ClaimId>,
}

impl<'a> Assumption<'a> {
    pub(crate) fn new(program: &'a Program, claims: Members<'a>, path: &'a [String]) -> Self {
        Self {
            program,
            claims,
            path,
        }
    }

    /// Returns true if a role is allowed.
    pub(crate) fn allows(&self, role: RoleId) -> bool {
        let mut clauses = self.program.clause_ids(role);
        clauses.any(|clause| self.clause(clause).holds())
    }

    /// Returns a clause under the assumption.
    pub(crate) fn clause(&self, clause: ClauseId) -> AssumedClause<'a> {
        let clause = &self.program[clause];
        let trusted = &self.program[clause.issuer];
        let token = ProfileView::new(trusted, self.claims);
        AssumedClause {
            clause,
            token,
            is_from: self.is("iss") || token.is_from(&trusted.issuer.url),
            is_for: self.is("aud") || token.is_for(&trusted.issuer.audiences),
            unverified: token.unverified().filter(|name| !self.is(name)).collect(),
            claim: trusted.profile.claim_by_path(self.path),
        }
    }

    /// Returns true if a check of a role reads the claim.
    pub(crate) fn is_read(&self, role: RoleId) -> bool {
        let mut found = ["iss", "aud"]
            .into_iter()
            .chain(VERIFIED)
            .any(|name| self.is(name));
        for clause in self.program.clause_ids(role) {
            let clause = self.clause(clause);
            for condition in clause.clause.conditions() {
                condition.each_atom(&mut |atom, _| found |= clause.reads(atom));
            }
        }
        found
    }

    fn is(&self, claim: &str) -> bool {
        matches!(self.path, [name] if name == claim)
    }
}

impl<'a> AssumedClause<'a> {
    /// Returns true if the clause allows the role.
    fn holds(&self) -> bool {
        // The conditions are those of the clause, of its guards, and of its grants.
        let mut conditions = self.clause.conditions();
        self.is_from
            && self.is_for
            && self.unverified.is_empty()
            && conditions.all(|condition| self.truth(condition, false))
    }

    /// Returns true if a comparison reads the claim.
    fn reads(&self, atom: &Atom) -> bool {
        atom.claims().any(|claim| Some(claim) == self.claim)
    }

    /// Returns true if a condition, or its negation, is TRUE. With every `!` pushed down to the comparisons,
    /// UNKNOWN counts as FALSE.
    fn truth(&self, formula: &Formula, negated: bool) -> bool {
        match formula {
            Formula::All(parts) | Formula::Any(parts) => {
                let mut truths = parts.iter().map(|part| self.truth(part, negated));
                match matches!(formula, Formula::All(_)) != negated {
                    true => truths.all(|truth| truth),
                    false => truths.any(|truth| truth),
                }
            }
            Formula::Atom(atom, _) => self.reads(atom) || self.token.compare(atom) == Ok(!negated),
            Formula::Not(part) => self.truth(part, !negated),
            Formula::External(..) | Formula::Unknown => false,
        }
    }

    /// Calls `show` with the comparisons that keep the conditions of the clause and of its guards from being TRUE,
    /// their locations, and whether they are negated.
    pub(crate) fn each_obstacle(&self, show: &mut dyn FnMut(&'a Atom, Location, bool)) {
        let guards = self.clause.guards().iter().map(|guard| &guard.condition);
        for condition in std::iter::once(&self.clause.condition).chain(guards) {
            self.obstacles(condition, false, show);
        }
    }

    /// Returns the reasons that claims other than the assumed one do not fit into the grants.
    pub(crate) fn unfilled(&self, names: &[impl AsRef<str>]) -> Vec<GrantFault> {
        let assumed = self.claim.map(|claim| self.token.profile[claim].to_string());
        let mut faults = self.token.faults(self.clause, names);
        faults.retain(|fault| Some(fault.claim()) != assumed.as_deref());
        faults
    }

    fn obstacles(&self, formula: &'a Formula, negated: bool, show: &mut dyn FnMut(&'a Atom, Location, bool)) {
        if self.truth(formula, negated) {
            return;
        }
        match formula {
            Formula::All(parts) | Formula::Any(parts) => {
                for part in parts.iter() {
                    self.obstacles(part, negated, show);
                }
            }
            Formula::Atom(atom, location) => show(atom, *location, negated),
            Formula::Not(part) => self.obstacles(part, !negated, show),
            Formula::External(..) | Formula::Unknown => {}
        }
    }
}
