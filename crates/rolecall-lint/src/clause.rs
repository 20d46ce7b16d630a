//! Clauses, as rules examine them.

use rolecall_engine::ir::{
    Atom, ClaimDefinition, Clause, Formula, Profile, Question, Role, Trust, TrustedIssuer,
};
use rolecall_engine::{ClaimId, Location, Part};
use std::collections::BTreeSet;

/// One `allow` of a role, with the guards that narrow it.
#[derive(Debug)]
pub(crate) struct ClauseView<'p> {
    /// The index of the role in the program.
    pub(crate) number: usize,
    pub(crate) role: &'p Role,
    pub(crate) clause: &'p Clause,
    pub(crate) issuer: &'p TrustedIssuer,
    /// The location of `allow from ISSUER`.
    pub(crate) head: Location,
    /// Whether the role has a privileged tag.
    pub(crate) is_privileged: bool,
    /// All comparisons, those of guards last.
    pub(crate) constraints: Vec<Constraint<'p>>,
    /// The claims that are compared, and those that compared claims are composed of.
    compared: BTreeSet<ClaimId>,
}

/// A comparison of a clause, as a constraint on its tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constraint<'p> {
    pub(crate) atom: &'p Atom,
    /// Whether the comparison must hold, not its negation.
    pub(crate) wanted: bool,
    /// Whether every token that the clause admits fulfils it.
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
        // The presence of a claim does not restrict its value.
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

    /// Returns the claim with a name or an alias, if the profile has one.
    pub(crate) fn claim(&self, name: &str) -> Option<ClaimId> {
        self.profile().claim_by_name(name)
    }

    /// Returns the definition of a claim.
    pub(crate) fn definition(&self, claim: ClaimId) -> Option<&'p ClaimDefinition> {
        self.issuer.profile.claim(claim)
    }

    /// Returns the name of a claim, as policies write it: its alias if its path is long.
    pub(crate) fn name(&self, claim: ClaimId) -> String {
        let definition = self.definition(claim);
        // Claims of the program are those of its profiles.
        let name = definition.map_or_else(|| "a claim".to_owned(), ToString::to_string);
        let alias = definition.and_then(|definition| definition.aliases.first());
        alias.filter(|_| name.contains('[')).cloned().unwrap_or(name)
    }

    /// Returns all claims of the profile.
    pub(crate) fn claims(&self) -> impl Iterator<Item = (ClaimId, &'p ClaimDefinition)> {
        let claims = self.issuer.profile.claims.iter().enumerate();
        claims.map(|(number, definition)| (ClaimId(number), definition))
    }

    /// Returns the comparisons of a claim itself.
    pub(crate) fn constraints_on(&self, claim: ClaimId) -> impl Iterator<Item = &Constraint<'p>> {
        self.constraints.iter().filter(move |one| one.atom.claim == claim)
    }

    /// Returns whether a claim is compared, itself or as a part of another one: `sub` contains the project and the ref.
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
        self.profile().shared.contains(&self.issuer.issuer.url)
    }

    /// Returns whether a claim is composed of others.
    pub(crate) fn is_derived(&self, claim: ClaimId) -> bool {
        self.issuer
            .derivations
            .iter()
            .any(|derivation| derivation.claim == claim)
    }

    /// Returns whether a location is in the `allow` itself, and so concerns this issuer only. A named condition, a guard or a set may
    /// also be used with claims of another type.
    pub(crate) fn owns(&self, location: Location) -> bool {
        let (own, span) = (self.clause.location, location.span);
        own.file == location.file && own.span.start <= span.start && span.end <= own.span.end
    }

    /// Returns the trust in a claim.
    pub(crate) fn trust(&self, claim: ClaimId) -> Option<Trust> {
        self.definition(claim).map(|definition| definition.trust)
    }
}

/// Adds a claim and the claims that it is composed of.
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
