//! Two claims that are equal, or are not.

use super::{Space, Unsaid};
use crate::budget::Undecided;
use crate::formula::NodeId;
use crate::language::Languages;
use crate::variable::{Atom, Variable};
use rolecall_engine::ir::Derivation;
use rolecall_engine::{ClaimId, Part};

impl Space<'_> {
    /// Both claims can be compared, and are equal; or, if `wanted` is false, are not.
    pub(super) fn same(
        &mut self,
        left: ClaimId,
        right: ClaimId,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let typed = languages.typed()?;
        if left == right {
            return if wanted {
                self.fits(left, typed, languages)
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
        let left = self.fits(left, typed, languages)?;
        let right = self.fits(right, typed, languages)?;
        self.formulas.all([left, right, same], &mut languages.meter)
    }

    /// The same, where one of them is made of other claims.
    fn same_as_derived(
        &mut self,
        derived: ClaimId,
        other: ClaimId,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let typed = languages.typed()?;
        let domain = self.within_type(derived, typed, languages)?;
        let mut layouts = Vec::new();
        for (number, derivation) in self.derivations(derived) {
            let made = self.made_by(derived, number, derivation, languages)?;
            let text = self.template(&derivation.template, domain, languages)?;
            let same = self.same_as_template((derived, number, derivation), other, wanted, languages)?;
            layouts.push(self.formulas.all([made, text, same], &mut languages.meter)?);
        }
        self.formulas.any(layouts, &mut languages.meter)
    }

    /// A claim equals what a derivation makes. If that is text or one claim, this can be said; if it is more, it is an
    /// equation between words, and is left open.
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
                let typed = languages.typed()?;
                let readable = self.fits(other, typed, languages)?;
                let name = |claim| self.issuer.profile[claim].to_string();
                let reason = Undecided::Equation {
                    claim: name(derived),
                    other: name(other),
                };
                let open = self.open(Unsaid::Equal(derived, number, other), wanted, reason, languages)?;
                self.formulas.all([readable, open], &mut languages.meter)
            }
        }
    }
}
