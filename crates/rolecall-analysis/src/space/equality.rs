//! Comparisons of two claims for equality.

use super::equation::sole_claim;
use super::open::OpenQuestion;
use super::{EQUAL, Space, UNEQUAL};
use crate::budget::Undecided;
use crate::formula::NodeId;
use crate::language::Languages;
use crate::variable::{Atom, Variable};
use rolecall_engine::ir::Derivation;
use rolecall_engine::{ClaimId, Part, Template};
use std::sync::Arc;

impl Space<'_> {
    /// Returns the formula: both claims can be compared, and are equal; or are not, if `wanted` is false.
    pub(super) fn same(
        &mut self,
        left: ClaimId,
        right: ClaimId,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let all = languages.comparable()?;
        if left == right {
            return if wanted {
                self.fits(left, all, languages)
            } else {
                Ok(NodeId::NEVER)
            };
        }
        if self.is_derived(left) {
            return self.same_as_derived(left, right, wanted, languages);
        }
        if self.is_derived(right) {
            return self.same_as_derived(right, left, wanted, languages);
        }
        let (first, second) = (left.min(right), left.max(right));
        let same = Atom::Same(Variable::Claim(first), Variable::Claim(second));
        let same = self.formulas.is(same, wanted, &mut languages.meter)?;
        let left = self.fits(left, all, languages)?;
        let right = self.fits(right, all, languages)?;
        self.formulas.all([left, right, same], &mut languages.meter)
    }

    /// Returns the formula: the claim is the text of a template; or another text, if `wanted` is false. It is
    /// an open question if it is not one of the equations of the space.
    pub(super) fn filled(
        &mut self,
        claim: ClaimId,
        template: &Arc<Template>,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        if let Some(other) = sole_claim(&self.issuer.profile, claim, template) {
            return self.same(claim, other, wanted, languages);
        }
        let known = self.equation_of(claim);
        let is_same = |at: &usize| {
            self.equations
                .get(*at)
                .is_some_and(|known| known.template == *template)
        };
        if let Some(equation) = known.filter(is_same) {
            return self.equation_is(equation, if wanted { EQUAL } else { UNEQUAL }, true, languages);
        }
        let all = languages.comparable()?;
        let comparable = self.fits(claim, all, languages)?;
        let text = self.template(template, all, languages)?;
        let reason = Undecided::Equation {
            claim: self.name(claim),
            other: self.issuer.profile.written(template),
        };
        let question = OpenQuestion::Filled(claim, Arc::clone(template));
        let open = self.open(question, wanted, reason, languages)?;
        self.formulas.all([comparable, text, open], &mut languages.meter)
    }

    /// Returns the same formula where one of the claims is derived.
    fn same_as_derived(
        &mut self,
        derived: ClaimId,
        other: ClaimId,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let all = languages.comparable()?;
        let domain = self.within_type(derived, all, languages)?;
        let mut alternatives = Vec::new();
        for (number, derivation) in self.derivations(derived) {
            let applies = self.applies(derived, number, derivation, languages)?;
            let text = self.template(&derivation.template, domain, languages)?;
            let same = self.same_as_template((derived, number, derivation), other, wanted, languages)?;
            alternatives.push(self.formulas.all([applies, text, same], &mut languages.meter)?);
        }
        self.formulas.any(alternatives, &mut languages.meter)
    }

    /// Returns the formula: a claim equals the text of a derivation. If the template is not one text or one
    /// claim, this is an equation between words, which becomes an open question.
    fn same_as_template(
        &mut self,
        (derived, number, derivation): (ClaimId, usize, &Derivation),
        other: ClaimId,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        match derivation.template.parts.as_slice() {
            [Part::Claim(claim, None)] => self.same(*claim, other, wanted, languages),
            [Part::Text(text)] => {
                let text = languages.words([text.as_bytes()])?;
                self.fits_or_not(other, text, wanted, languages)
            }
            _ => {
                let all = languages.comparable()?;
                let comparable = self.fits(other, all, languages)?;
                let reason = Undecided::Equation {
                    claim: self.name(derived),
                    other: self.name(other),
                };
                let open = self.open(
                    OpenQuestion::Equal(derived, number, other),
                    wanted,
                    reason,
                    languages,
                )?;
                self.formulas.all([comparable, open], &mut languages.meter)
            }
        }
    }
}
