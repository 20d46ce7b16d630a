//! One `allow` of a role, as rules look at it.

use rolecall_engine::ir::{
    Atom, ClaimDefinition, Clause, Formula, Profile, Question, Role, Trust, TrustedIssuer,
};
use rolecall_engine::{ClaimId, Location, Part};
use std::collections::BTreeSet;

/// One `allow` of a role, with the guards that narrow it.
#[derive(Debug)]
pub(crate) struct ClauseView<'p> {
    /// The role, by its place in the program.
    pub(crate) number: usize,
    pub(crate) role: &'p Role,
    pub(crate) clause: &'p Clause,
    pub(crate) issuer: &'p TrustedIssuer,
    /// Where `allow from ISSUER` stands.
    pub(crate) head: Location,
    /// Whether the role must not fall into wrong hands.
    pub(crate) is_privileged: bool,
    /// All comparisons, those of guards last.
    pub(crate) constraints: Vec<Constraint<'p>>,
    /// The claims that are compared, and those that compared claims are made of.
    compared: BTreeSet<ClaimId>,
}

/// A comparison of a clause.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constraint<'p> {
    pub(crate) atom: &'p Atom,
    /// Whether it is to hold, and not its opposite.
    pub(crate) wanted: bool,
    /// Whether nobody gets the role who does not fulfil it.
    pub(crate) required: bool,
}

impl<'p> ClauseView<'p> {
    pub(crate) fn new(
        (number, role): (usize, &'p Role),
        (clause, issuer): (&'p Clause, &'p TrustedIssuer),
        head: Location,
        is_privileged: bool,
    ) -> Self {
        let mut constraints = Vec::new();
        collect(&clause.condition, true, true, &mut constraints);
        for (_, guard) in &clause.guards {
            collect(guard, true, true, &mut constraints);
        }
        let mut compared = BTreeSet::new();
        // That a claim is there says nothing about its value.
        let of_values = constraints
            .iter()
            .filter(|one| one.atom.question != Question::Present);
        for one in of_values {
            add_with_parts(one.atom.claim, issuer, &mut compared);
            if let Question::SameAs(other) = one.atom.question {
                add_with_parts(other, issuer, &mut compared);
            }
        }
        Self {
            number,
            role,
            clause,
            issuer,
            head,
            is_privileged,
            constraints,
            compared,
        }
    }

    pub(crate) fn profile(&self) -> &'p Profile {
        &self.issuer.profile
    }

    /// The claim of a name or an alias, if the tokens of the issuer have one.
    pub(crate) fn claim(&self, name: &str) -> Option<ClaimId> {
        self.profile().claim_by_name(name)
    }

    /// What is known of a claim.
    pub(crate) fn definition(&self, claim: ClaimId) -> Option<&'p ClaimDefinition> {
        self.issuer.profile.claim(claim)
    }

    /// The name of a claim, as policies write it: its alias if it has a long path.
    pub(crate) fn name(&self, claim: ClaimId) -> String {
        let definition = self.definition(claim);
        let name = definition.map(ToString::to_string).unwrap_or_default();
        let alias = definition.and_then(|definition| definition.aliases.first());
        alias.filter(|_| name.contains('[')).cloned().unwrap_or(name)
    }

    /// All claims of the profile.
    pub(crate) fn claims(&self) -> impl Iterator<Item = (ClaimId, &'p ClaimDefinition)> {
        let claims = self.issuer.profile.claims.iter().enumerate();
        claims.map(|(number, definition)| (ClaimId(number), definition))
    }

    /// The comparisons with a claim itself.
    pub(crate) fn constraints_on(&self, claim: ClaimId) -> impl Iterator<Item = &Constraint<'p>> {
        self.constraints.iter().filter(move |one| one.atom.claim == claim)
    }

    /// Whether a claim is compared, itself or as a part of another one: `sub` has the project and the ref in it.
    pub(crate) fn compares(&self, claim: ClaimId) -> bool {
        self.compared.contains(&claim)
    }

    /// A claim, and those that it is made of.
    pub(crate) fn with_parts(&self, claim: ClaimId) -> BTreeSet<ClaimId> {
        let mut claims = BTreeSet::new();
        add_with_parts(claim, self.issuer, &mut claims);
        claims
    }

    /// Whether a claim itself must be one of some literals.
    pub(crate) fn pins(&self, claim: ClaimId) -> bool {
        let mut constraints = self.constraints_on(claim);
        constraints.any(|one| one.required && one.wanted && matches!(one.atom.question, Question::OneOf(_)))
    }

    /// Whether strangers get tokens of this issuer, too.
    pub(crate) fn is_shared(&self) -> bool {
        self.profile().shared.contains(&self.issuer.issuer.url)
    }

    /// Whether a claim is made of others.
    pub(crate) fn is_derived(&self, claim: ClaimId) -> bool {
        self.issuer
            .derivations
            .iter()
            .any(|derivation| derivation.claim == claim)
    }

    /// Whether something stands in the `allow` itself, so that it is about this issuer only. A condition with a name, a guard
    /// or a set may be asked of claims of another type as well.
    pub(crate) fn owns(&self, location: Location) -> bool {
        let (own, span) = (self.clause.location, location.span);
        own.file == location.file && own.span.start <= span.start && span.end <= own.span.end
    }

    /// How far a claim can be trusted.
    pub(crate) fn trust(&self, claim: ClaimId) -> Trust {
        self.definition(claim)
            .map(|definition| definition.trust)
            .unwrap_or_default()
    }
}

/// Adds a claim and the claims that it is made of.
fn add_with_parts(claim: ClaimId, issuer: &TrustedIssuer, compared: &mut BTreeSet<ClaimId>) {
    if !compared.insert(claim) {
        return;
    }
    for derivation in issuer
        .derivations
        .iter()
        .filter(|derivation| derivation.claim == claim)
    {
        each_claim(&derivation.template.parts, &mut |part| {
            add_with_parts(part, issuer, compared);
        });
    }
}

fn each_claim(parts: &[Part], show: &mut dyn FnMut(ClaimId)) {
    for part in parts {
        match part {
            Part::Claim(claim, _) => show(*claim),
            Part::Optional(inner) => each_claim(inner, show),
            Part::Text(_) => {}
        }
    }
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
        Formula::Atom(atom) => constraints.push(Constraint {
            atom,
            wanted,
            required,
        }),
        Formula::Not(part) => collect(part, !wanted, required, constraints),
        Formula::Unknown => {}
    }
}
