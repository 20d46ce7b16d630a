//! Equations between a claim and a text with other claims in it: `workflow_ref == "{repository}/…@{ref}"`.
//!
//! If the other claims stand for themselves, an equation splits the tokens into three parts. Where it holds, the
//! claim is as good as derived from the others, so that every comparison with it is one with them. Where it
//! does not hold, or is UNKNOWN, the claim has a value of its own.

use super::Space;
use crate::budget::Undecided;
use crate::formula::NodeId;
use crate::language::{LangId, Languages, is_mark};
use crate::variable::{Atom, Variable};
use hashbrown::{HashMap, HashSet};
use rolecall_engine::ir::{Formula, Profile, Question, TrustedIssuer};
use rolecall_engine::{ClaimId, ClaimType, Part, Template};
use std::sync::Arc;

/// The word of an equation that holds.
pub(crate) const EQUAL: &[u8] = b"equal";
/// The word of an equation that does not hold.
pub(crate) const UNEQUAL: &[u8] = b"unequal";
/// The word of an equation that is UNKNOWN.
pub(crate) const NO_TEXT: &[u8] = b"no text";

/// A claim that is compared with the text of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Equation {
    pub(crate) claim: ClaimId,
    pub(crate) template: Arc<Template>,
}

/// Returns the equations in some conditions that can be decided: the claim is not derived and in no other
/// equation, and no claim in the template is derived or compared with another claim. A comparison with a derived claim
/// is one with the claims that it is composed of.
pub(crate) fn equations<'f>(
    issuer: &TrustedIssuer,
    conditions: impl IntoIterator<Item = &'f Formula>,
) -> Vec<Equation> {
    let mut found: Vec<Equation> = Vec::new();
    let mut compared: HashSet<ClaimId> = HashSet::new();
    for condition in conditions {
        condition.each_atom(&mut |atom, _| match &atom.question {
            Question::Filled(template) if sole_claim(&issuer.profile, atom.claim, template).is_some() => {
                template
                    .claims()
                    .for_each(|(other, _)| add_with_parts(other, issuer, &mut compared));
                add_with_parts(atom.claim, issuer, &mut compared);
            }
            Question::Filled(template) => {
                let equation = Equation {
                    claim: atom.claim,
                    template: Arc::clone(template),
                };
                if !found.contains(&equation) {
                    found.push(equation);
                }
            }
            Question::SameAs(other) => {
                add_with_parts(atom.claim, issuer, &mut compared);
                add_with_parts(*other, issuer, &mut compared);
            }
            _ => {}
        });
    }
    let mut times: HashMap<ClaimId, usize> = HashMap::new();
    for equation in &found {
        let inside: HashSet<ClaimId> = equation.template.claims().map(|(claim, _)| claim).collect();
        // A claim may be in the templates of several equations, but not on the left of one as well.
        compared.extend(
            found
                .iter()
                .map(|other| other.claim)
                .filter(|claim| inside.contains(claim)),
        );
        let times = times.entry(equation.claim).or_default();
        *times = times.wrapping_add(1);
    }
    let derived: HashSet<ClaimId> = issuer.derivations.iter().map(|one| one.claim).collect();
    let is_free = |claim: ClaimId| !compared.contains(&claim) && !derived.contains(&claim);
    found.retain(|equation| {
        let mut inside = equation.template.claims();
        times.get(&equation.claim) == Some(&1)
            && is_free(equation.claim)
            && inside.all(|(claim, _)| is_free(claim))
    });
    found
}

/// Returns the only part of a template, if it is a claim of the same kind as the one that it is compared with: `== "{claim}"` is
/// then `== claim`.
pub(super) fn sole_claim(profile: &Profile, claim: ClaimId, template: &Template) -> Option<ClaimId> {
    let [Part::Claim(other, None)] = template.parts.as_slice() else {
        return None;
    };
    match (&profile[claim].claim_type, &profile[*other].claim_type) {
        (ClaimType::Scalar(one), ClaimType::Scalar(two))
            if std::mem::discriminant(one) == std::mem::discriminant(two) =>
        {
            Some(*other)
        }
        _ => None,
    }
}

/// Adds a claim and the claims that it is composed of.
fn add_with_parts(claim: ClaimId, issuer: &TrustedIssuer, claims: &mut HashSet<ClaimId>) {
    if claims.insert(claim) {
        let derivations = issuer.derivations.iter();
        let parts = derivations
            .filter(|derivation| derivation.claim == claim)
            .flat_map(|derivation| derivation.template.claims());
        parts.for_each(|(part, _)| add_with_parts(part, issuer, claims));
    }
}

impl Space<'_> {
    /// Returns the index of the equation of a claim, if it has one.
    pub(super) fn equation_of(&self, claim: ClaimId) -> Option<usize> {
        self.equations.iter().position(|equation| equation.claim == claim)
    }

    /// Returns the formula: an equation has this word.
    pub(super) fn equation_is(
        &mut self,
        equation: usize,
        word: &[u8],
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let word = languages.words([word])?;
        let atom = Atom::Fits(Variable::Equation(equation), word);
        self.formulas.is(atom, wanted, &mut languages.meter)
    }

    /// Returns the formula: the claim of an equation can be compared, and its text is in the language.
    pub(super) fn fits_with_equation(
        &mut self,
        equation: usize,
        claim: ClaimId,
        language: LangId,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let equal = self.equation_is(equation, EQUAL, true, languages)?;
        let filled = self.filled_within(equation, language, languages)?;
        let filled = self.formulas.all([equal, filled], &mut languages.meter)?;
        let other = self.equation_is(equation, EQUAL, false, languages)?;
        let word = self.word(Variable::Left(claim), language, languages)?;
        let word = self.formulas.all([other, word], &mut languages.meter)?;
        self.formulas.any([filled, word], &mut languages.meter)
    }

    /// Returns the formula: the template of an equation has a value of the claim's type in the language.
    fn filled_within(
        &mut self,
        equation: usize,
        language: LangId,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let Some(Equation { claim, template }) = self.equations.get(equation).cloned() else {
            return Ok(NodeId::NEVER);
        };
        let language = self.within_type(claim, language, languages)?;
        self.template(&template, language, languages)
    }

    /// Returns the formula: if an equation holds, the text of its template is this word. A claim without a value has
    /// none that is equal.
    pub(crate) fn stays(
        &mut self,
        equation: usize,
        word: &[u8],
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let filled = if word.iter().any(|byte| is_mark(*byte)) {
            NodeId::NEVER
        } else {
            let word = languages.words([word])?;
            self.filled_within(equation, word, languages)?
        };
        let other = self.equation_is(equation, EQUAL, false, languages)?;
        self.formulas.any([other, filled], &mut languages.meter)
    }

    /// Returns the formula: the template of an equation has another text than this word.
    pub(crate) fn differs(
        &mut self,
        equation: usize,
        word: &[u8],
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let Some(Equation { template, .. }) = self.equations.get(equation).cloned() else {
            return Ok(NodeId::NEVER);
        };
        let word = languages.words([word])?;
        let others = languages.not(word)?;
        self.template(&template, others, languages)
    }

    /// Returns the demand of an equation: what each of its words means.
    pub(super) fn well_equated(
        &mut self,
        equation: usize,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let Some(Equation { claim, template }) = self.equations.get(equation).cloned() else {
            return Ok(NodeId::NEVER);
        };
        let variable = Variable::Left(claim);
        let all = languages.comparable()?;
        let value = if Some(claim) == self.claim("sub") {
            let empty = languages.words([&b""[..]])?;
            languages.not(empty)?
        } else {
            all
        };
        let filled = self.filled_within(equation, value, languages)?;
        let text = self.template(&template, all, languages)?;
        let comparable = self.word(variable, all, languages)?;
        let differs = Atom::Differs(variable, equation);
        let differs = self.formulas.is(differs, true, &mut languages.meter)?;
        let unequal = self
            .formulas
            .all([comparable, text, differs], &mut languages.meter)?;
        let both = self.formulas.all([comparable, text], &mut languages.meter)?;
        let neither = self.formulas.not(both, &mut languages.meter)?;
        let mut parts = Vec::new();
        for (word, meaning) in [(EQUAL, filled), (UNEQUAL, unequal), (NO_TEXT, neither)] {
            let other = self.equation_is(equation, word, false, languages)?;
            parts.push(self.formulas.any([other, meaning], &mut languages.meter)?);
        }
        self.formulas.all(parts, &mut languages.meter)
    }
}
