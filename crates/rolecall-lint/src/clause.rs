//! Clauses, as rules examine them.

use crate::layouts::{add_with_parts, layouts};
use crate::openness::Openness;
use rolecall_analysis::Witness;
use rolecall_engine::ir::{
    Atom, ClaimDefinition, Clause, Formula, Profile, Question, Role, Trust, TrustedIssuer,
};
use rolecall_engine::{ClaimId, Location, RoleId};
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// One `allow` of a role, with the guards that narrow it.
#[derive(Debug)]
pub(crate) struct ClauseView<'p> {
    pub(crate) id: RoleId,
    pub(crate) role: &'p Role,
    pub(crate) clause: &'p Clause,
    pub(crate) issuer: &'p TrustedIssuer,
    /// The location of `allow from ISSUER`.
    pub(crate) head: Location,
    /// True if the role has a privileged tag.
    pub(crate) is_privileged: bool,
    /// All comparisons, those of guards last.
    pub(crate) constraints: Vec<Constraint<'p>>,
    /// The claims that are compared, and those that compared claims are composed of.
    compared: BTreeSet<ClaimId>,
    /// True if the profile marks no claim of a tenant, but for `sub`.
    pub(crate) marks_none: bool,
    /// The stranger that it admits, once a rule asked.
    pub(crate) openness: OnceCell<Option<Openness>>,
    /// The token of an unprotected branch that it does not name, once a rule asked.
    pub(crate) any_ref: OnceCell<Option<Box<Witness>>>,
}

/// A comparison of a clause, as a constraint on its tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constraint<'p> {
    pub(crate) atom: &'p Atom,
    pub(crate) location: Location,
    /// True if the comparison must hold, false if its negation must.
    pub(crate) wanted: bool,
    /// True if every token that the clause admits fulfils it.
    pub(crate) required: bool,
}

impl<'p> ClauseView<'p> {
    pub(crate) fn new(
        (id, role): (RoleId, &'p Role),
        (clause, issuer): (&'p Clause, &'p TrustedIssuer),
        head: Location,
        is_privileged: bool,
    ) -> Self {
        let constraints = constraints(clause);
        let mut compared = BTreeSet::new();
        // The presence of a claim does not restrict its value.
        let of_values = constraints
            .iter()
            .filter(|one| one.atom.question != Question::Present);
        for one in of_values {
            add_with_parts(one.atom.claim, issuer, &mut compared);
            for other in one.atom.question.other_claims() {
                add_with_parts(other, issuer, &mut compared);
            }
        }
        let mut claims = issuer.profile.claims().iter();
        let is_marked = |claim| layouts(issuer, claim).next().is_none();
        let marks_none = !claims.any(|(claim, definition)| definition.tenant && is_marked(claim));
        Self {
            id,
            role,
            clause,
            issuer,
            head,
            is_privileged,
            constraints,
            compared,
            marks_none,
            openness: OnceCell::new(),
            any_ref: OnceCell::new(),
        }
    }

    pub(crate) fn profile(&self) -> &'p Profile {
        &self.issuer.profile
    }

    /// Returns the claim with a name or an alias, if the profile has one.
    pub(crate) fn claim(&self, name: &str) -> Option<ClaimId> {
        self.profile().claim_by_name(name)
    }

    /// Returns the definition of a claim.
    pub(crate) fn definition(&self, claim: ClaimId) -> &'p ClaimDefinition {
        &self.issuer.profile[claim]
    }

    /// Returns the name of a claim, as policies write it: its alias if its path is long.
    pub(crate) fn name(&self, claim: ClaimId) -> String {
        self.definition(claim).short_name()
    }

    /// Returns all claims of the profile.
    pub(crate) fn claims(&self) -> impl Iterator<Item = (ClaimId, &'p ClaimDefinition)> {
        self.issuer.profile.claims().iter()
    }

    /// Returns the comparisons of a claim itself.
    pub(crate) fn constraints_on(&self, claim: ClaimId) -> impl Iterator<Item = &Constraint<'p>> {
        self.constraints.iter().filter(move |one| one.atom.claim == claim)
    }

    /// Returns whether the clause compares a claim, or another claim that contains it: `sub` contains the
    /// project and the ref.
    pub(crate) fn compares(&self, claim: ClaimId) -> bool {
        self.compared.contains(&claim)
    }

    /// Returns a claim and the claims that it is composed of.
    pub(crate) fn with_parts(&self, claim: ClaimId) -> BTreeSet<ClaimId> {
        let mut claims = BTreeSet::new();
        add_with_parts(claim, self.issuer, &mut claims);
        claims
    }

    /// Returns whether the clause requires a claim itself to be one of some literals.
    pub(crate) fn pins(&self, claim: ClaimId) -> bool {
        let mut constraints = self.constraints_on(claim);
        constraints.any(|one| one.required && one.wanted && matches!(one.atom.question, Question::OneOf(_)))
    }

    /// Returns whether strangers also get tokens of this issuer.
    pub(crate) fn is_shared(&self) -> bool {
        self.issuer.is_shared()
    }

    /// Returns whether a claim is composed of others.
    pub(crate) fn is_derived(&self, claim: ClaimId) -> bool {
        layouts(self.issuer, claim).next().is_some()
    }

    /// Returns whether a location is in the `allow` itself, and so concerns this issuer only. Other clauses
    /// may use a named condition, a guard or a set for claims of another type.
    pub(crate) fn owns(&self, location: Location) -> bool {
        let (own, span) = (self.clause.location, location.span());
        own.file() == location.file() && own.span().start <= span.start && span.end <= own.span().end
    }

    /// Returns the trust in a claim.
    pub(crate) fn trust(&self, claim: ClaimId) -> Trust {
        self.definition(claim).trust
    }
}

/// Returns the comparisons of a clause, those of guards last.
pub(crate) fn constraints(clause: &Clause) -> Vec<Constraint<'_>> {
    let mut constraints = Vec::new();
    let guards = clause.guards().iter().map(|guard| &guard.condition);
    for condition in std::iter::once(&clause.condition).chain(guards) {
        collect(condition, true, true, &mut constraints);
    }
    constraints
}

/// Collects the comparisons of a condition.
fn collect<'p>(formula: &'p Formula, wanted: bool, required: bool, constraints: &mut Vec<Constraint<'p>>) {
    match formula {
        Formula::All(parts) => {
            let required = required && (wanted || parts.len() < 2);
            parts
                .iter()
                .for_each(|part| collect(part, wanted, required, constraints));
        }
        Formula::Any(parts) => {
            let required = required && (!wanted || parts.len() < 2);
            parts
                .iter()
                .for_each(|part| collect(part, wanted, required, constraints));
        }
        Formula::Atom(atom, location) => constraints.push(Constraint {
            atom,
            location: *location,
            wanted,
            required,
        }),
        Formula::Not(part) => collect(part, !wanted, required, constraints),
        Formula::External(..) | Formula::Unknown => {}
    }
}
