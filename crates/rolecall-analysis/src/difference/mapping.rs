//! Conditions of one version of a policy set in terms of the claims of the other: the profile of an issuer may have changed.

use hashbrown::HashSet;
use rolecall_engine::ir::{Atom, ClaimDefinition, Derivation, Formula, Question, TrustedIssuer};
use rolecall_engine::{Arena, ClaimId, Part, Template};
use std::sync::Arc;

/// The claims of an issuer before, and what they are now.
#[derive(Debug)]
pub(super) struct Mapping {
    /// The claim now of each claim before, if it is there and has its type.
    claims: Arena<ClaimId, Option<ClaimId>>,
    /// Claims, of those that are there now, that are made in another way than before.
    remade: HashSet<ClaimId>,
}

/// A claim that was changed so that tokens cannot be compared: its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Changed(pub(super) String);

impl Mapping {
    pub(super) fn new(old: &TrustedIssuer, new: &TrustedIssuer) -> Self {
        let now = |_, claim: &ClaimDefinition| {
            let id = new.profile.claim_by_path(&claim.path)?;
            (new.profile[id].claim_type == claim.claim_type).then_some(id)
        };
        let mut mapping = Self {
            claims: old.profile.claims().map(now),
            remade: HashSet::new(),
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
            let before: Vec<Option<Made>> = before.map(|one| mapping.made(one)).collect();
            let after = new.derivations.iter().filter(|one| one.claim == claim);
            let after: Vec<Option<Made>> = after.map(|one| Some(Made::new(one))).collect();
            if before != after {
                mapping.remade.insert(claim);
            }
        }
        mapping
    }

    /// Returns whether a claim is made in another way than before.
    pub(super) fn is_remade(&self) -> bool {
        !self.remade.is_empty()
    }

    /// What a claim is now.
    fn claim(&self, old: ClaimId) -> Option<ClaimId> {
        self.claims[old]
    }

    /// A derivation in terms of the claims now.
    fn made(&self, derivation: &Derivation) -> Option<Made> {
        Some(Made {
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

    /// A condition in terms of the claims now; `None` if a claim is not there any more.
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
                        question => question.clone(),
                    },
                };
                Formula::Atom(Arc::new(atom), *location)
            }
            Formula::Not(part) => Formula::Not(Arc::new(self.formula(part)?)),
            Formula::Unknown => Formula::Unknown,
        })
    }

    /// A claim that a condition asks for and that is made in another way now, if there is one.
    pub(super) fn remade(&self, formula: &Formula, now: &TrustedIssuer) -> Option<Changed> {
        let mut asked = Vec::new();
        formula.each_atom(&mut |atom, _| asked.extend(claims_of(atom)));
        self.remade_of(asked, now)
    }

    /// Whether a text puts in the same for every token: the same claims, declared and made as they were.
    pub(super) fn is_same(&self, before: &Template, after: &Template, now: &TrustedIssuer) -> bool {
        let claims = after.claims().map(|(claim, _)| claim).collect();
        self.parts(&before.parts)
            .is_some_and(|parts| parts == after.parts)
            && self.remade_of(claims, now).is_none()
    }

    /// One of these claims, or of those that they are made of, that is made in another way now.
    fn remade_of(&self, mut asked: Vec<ClaimId>, now: &TrustedIssuer) -> Option<Changed> {
        let mut seen = HashSet::new();
        // What a claim is made of counts, too.
        while let Some(claim) = asked.pop() {
            if self.remade.contains(&claim) {
                return Some(Changed(now.profile[claim].to_string()));
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

    /// The claim of a condition that is not there any more, or of another type.
    pub(super) fn missing(&self, formula: &Formula, before: &TrustedIssuer) -> Changed {
        let mut missing = None;
        formula.each_atom(&mut |atom, _| {
            let mut claims = claims_of(atom).into_iter();
            missing = missing.or_else(|| claims.find(|claim| self.claim(*claim).is_none()));
        });
        debug_assert!(
            missing.is_some(),
            "a condition that cannot be mapped compares a claim that is missing"
        );
        Changed(missing.map_or(String::new(), |claim| before.profile[claim].to_string()))
    }
}

fn claims_of(atom: &Atom) -> Vec<ClaimId> {
    match atom.question {
        Question::SameAs(other) => vec![atom.claim, other],
        _ => vec![atom.claim],
    }
}

/// How a claim is made, without where that is written.
#[derive(Debug, PartialEq)]
struct Made {
    parts: Vec<Part>,
    when: Plain,
}

impl Made {
    fn new(derivation: &Derivation) -> Self {
        let Template { parts } = &derivation.template;
        Self {
            parts: parts.clone(),
            when: plain(&derivation.when),
        }
    }
}

/// A condition without where it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Plain {
    All(Vec<Self>),
    Any(Vec<Self>),
    Atom(ClaimId, Question),
    Not(Box<Self>),
    Unknown,
}

/// The condition without where it is written.
pub(super) fn plain(formula: &Formula) -> Plain {
    match formula {
        Formula::All(parts) => Plain::All(parts.iter().map(plain).collect()),
        Formula::Any(parts) => Plain::Any(parts.iter().map(plain).collect()),
        Formula::Atom(atom, _) => Plain::Atom(atom.claim, atom.question.clone()),
        Formula::Not(part) => Plain::Not(Box::new(plain(part))),
        Formula::Unknown => Plain::Unknown,
    }
}
