//! Mapping of conditions from the claims of one version to those of the other: an issuer's profile may have
//! changed.

use crate::budget::Undecided;
use crate::index::certain;
use hashbrown::HashSet;
use rolecall_engine::ir::{Atom, ClaimDefinition, Derivation, External, Formula, Question, TrustedIssuer};
use rolecall_engine::{Arena, ClaimId, Part, Template};
use std::sync::Arc;

/// The mapping of an issuer's old claims to its new ones.
#[derive(Debug)]
pub(super) struct Mapping {
    /// The new claim of each old claim, if it still exists and has the same type.
    claims: Arena<ClaimId, Option<ClaimId>>,
    /// The new claims that are derived differently than before.
    rederived: HashSet<ClaimId>,
}

impl Mapping {
    pub(super) fn new(old: &TrustedIssuer, new: &TrustedIssuer) -> Self {
        let now = |_, claim: &ClaimDefinition| {
            let id = new.profile.claim_by_path(&claim.path)?;
            let now = &new.profile[id];
            (now.claim_type == claim.claim_type && now.nullable == claim.nullable).then_some(id)
        };
        let mut mapping = Self {
            claims: old.profile.claims().map(now),
            rederived: HashSet::new(),
        };
        let derived = old
            .derivations
            .iter()
            .filter_map(|derivation| mapping.claim(derivation.claim));
        let derived: HashSet<ClaimId> = derived
            .chain(new.derivations.iter().map(|one| one.claim))
            .collect();
        for claim in derived {
            let before = old
                .derivations
                .iter()
                .filter(|one| mapping.claim(one.claim) == Some(claim));
            let before: Vec<Option<PlainDerivation>> = before.map(|one| mapping.derivation(one)).collect();
            let after = new.derivations.iter().filter(|one| one.claim == claim);
            let after: Vec<Option<PlainDerivation>> =
                after.map(|one| Some(PlainDerivation::new(one))).collect();
            if before != after {
                mapping.rederived.insert(claim);
            }
        }
        mapping
    }

    /// Returns whether a claim is derived differently than before.
    pub(super) fn is_remade(&self) -> bool {
        !self.rederived.is_empty()
    }

    /// Returns the new claim of an old one.
    fn claim(&self, old: ClaimId) -> Option<ClaimId> {
        self.claims[old]
    }

    /// Returns a derivation in terms of the new claims.
    fn derivation(&self, derivation: &Derivation) -> Option<PlainDerivation> {
        Some(PlainDerivation {
            parts: self.parts(&derivation.template.parts)?,
            when: plain(&self.formula(&derivation.when)?),
        })
    }

    fn parts(&self, parts: &[Part]) -> Option<Vec<Part>> {
        let part = |part: &Part| {
            Some(match part {
                Part::Claim(claim, filter) => Part::Claim(self.claim(*claim)?, *filter),
                Part::Optional(inner) => Part::Optional(self.parts(inner)?),
                Part::Text(text) => Part::Text(text.clone()),
            })
        };
        parts.iter().map(part).collect()
    }

    /// Returns a condition in terms of the new claims; `None` if a claim no longer exists.
    pub(super) fn formula(&self, formula: &Formula) -> Option<Formula> {
        let each = |parts: &[Formula]| -> Option<Vec<Formula>> {
            parts.iter().map(|part| self.formula(part)).collect()
        };
        Some(match formula {
            Formula::All(parts) => Formula::All(each(parts)?.into()),
            Formula::Any(parts) => Formula::Any(each(parts)?.into()),
            Formula::Atom(atom, location) => {
                let atom = Atom {
                    claim: self.claim(atom.claim)?,
                    question: match &atom.question {
                        Question::SameAs(other) => Question::SameAs(self.claim(*other)?),
                        Question::Filled(template) => {
                            let parts = self.parts(&template.parts)?;
                            Question::Filled(Arc::new(Template { parts }))
                        }
                        question => question.clone(),
                    },
                };
                Formula::Atom(Arc::new(atom), *location)
            }
            Formula::External(..) => formula.clone(),
            Formula::Not(part) => Formula::Not(Arc::new(self.formula(part)?)),
            Formula::Unknown => Formula::Unknown,
        })
    }

    /// Reports a claim in a condition that is derived differently now, if there is one.
    pub(super) fn remade(&self, formula: &Formula, now: &TrustedIssuer) -> Option<Undecided> {
        let mut asked = Vec::new();
        formula.each_atom(&mut |atom, _| asked.extend(claims_of(atom)));
        self.remade_of(asked, now)
    }

    /// Returns whether a template has the same text for every token: the same claims, with the same
    /// declarations and derivations.
    pub(super) fn is_same(&self, before: &Template, after: &Template, now: &TrustedIssuer) -> bool {
        let claims = after.claims().map(|(claim, _)| claim).collect();
        self.parts(&before.parts)
            .is_some_and(|parts| parts == after.parts)
            && self.remade_of(claims, now).is_none()
    }

    /// Reports one of these claims, or of the claims that they are derived from, that is derived differently
    /// now.
    fn remade_of(&self, mut asked: Vec<ClaimId>, now: &TrustedIssuer) -> Option<Undecided> {
        let mut seen = HashSet::new();
        // The claims in the derivations of a claim count also.
        while let Some(claim) = asked.pop() {
            if self.rederived.contains(&claim) {
                let claim = now.profile[claim].to_string();
                return Some(Undecided::Changed { claim });
            }
            if seen.insert(claim) {
                for derivation in now
                    .derivations
                    .iter()
                    .filter(|derivation| derivation.claim == claim)
                {
                    asked.extend(derivation.template.claims().map(|(claim, _)| claim));
                    derivation
                        .when
                        .each_atom(&mut |atom, _| asked.extend(claims_of(atom)));
                }
            }
        }
        None
    }

    /// Reports the claim of a condition that no longer exists or has another type.
    pub(super) fn missing(&self, formula: &Formula, before: &TrustedIssuer) -> Undecided {
        let mut missing = None;
        formula.each_atom(&mut |atom, _| {
            let mut claims = claims_of(atom).into_iter();
            missing = missing.or_else(|| claims.find(|claim| self.claim(*claim).is_none()));
        });
        let name = missing.map(|claim| before.profile[claim].to_string());
        Undecided::Changed {
            claim: certain(name, "a condition that cannot be mapped compares a missing claim"),
        }
    }
}

fn claims_of(atom: &Atom) -> Vec<ClaimId> {
    std::iter::once(atom.claim)
        .chain(atom.question.other_claims())
        .collect()
}

/// A derivation without its locations.
#[derive(Debug, PartialEq)]
struct PlainDerivation {
    parts: Vec<Part>,
    when: Plain,
}

impl PlainDerivation {
    fn new(derivation: &Derivation) -> Self {
        let Template { parts } = &derivation.template;
        Self {
            parts: parts.clone(),
            when: plain(&derivation.when),
        }
    }
}

/// A condition without its locations.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Plain {
    All(Vec<Self>),
    Any(Vec<Self>),
    Atom(ClaimId, Question),
    External(Arc<External>),
    Not(Box<Self>),
    Unknown,
}

/// Returns a condition without its locations.
pub(super) fn plain(formula: &Formula) -> Plain {
    match formula {
        Formula::All(parts) => Plain::All(parts.iter().map(plain).collect()),
        Formula::Any(parts) => Plain::Any(parts.iter().map(plain).collect()),
        Formula::Atom(atom, _) => Plain::Atom(atom.claim, atom.question.clone()),
        Formula::External(external, _) => Plain::External(Arc::clone(external)),
        Formula::Not(part) => Plain::Not(Box::new(plain(part))),
        Formula::Unknown => Plain::Unknown,
    }
}
