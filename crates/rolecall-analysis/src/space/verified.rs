//! What is true of every token that reaches a policy, of the claims that a question is about: verification lets no other one
//! through, and a derived claim that counts as made by a derivation is made by it.
//!
//! Of claims that a question is not about nothing need be said: whatever it asks for, they can be as verification wants them.

use super::{Space, Unsaid};
use crate::budget::Undecided;
use crate::formula::NodeId;
use crate::language::{ABSENT, LangId, Languages};
use crate::variable::{Atom, Variable};
use hashbrown::HashSet;
use rolecall_engine::ClaimId;

/// What must be true of a variable, if a question is about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Demand {
    pub(crate) variable: Variable,
    pub(crate) node: NodeId,
}

impl Space<'_> {
    /// What must be true of the variables of a formula, and of those that this is about in turn.
    pub(crate) fn demands(
        &mut self,
        formula: NodeId,
        languages: &mut Languages,
    ) -> Result<Vec<Demand>, Undecided> {
        let (mut seen, mut demands) = (HashSet::new(), Vec::new());
        let mut open = vec![formula];
        while let Some(node) = open.pop() {
            let atoms = self.formulas.atoms(node, &mut languages.meter)?;
            for atom in &atoms {
                let other = match *atom {
                    Atom::Same(_, other) => Some(other),
                    Atom::Fits(..) | Atom::Has(..) | Atom::Open(_) => None,
                };
                for variable in std::iter::once(atom.variable()).chain(other) {
                    if seen.contains(&variable) {
                        continue;
                    }
                    languages.meter.room(&mut seen)?;
                    seen.insert(variable);
                    let node = self.demand(variable, languages)?;
                    if node != NodeId::ALWAYS {
                        demands.push(Demand { variable, node });
                        open.push(node);
                    }
                }
            }
            languages.meter.let_go(&atoms);
        }
        languages.meter.let_go(&seen);
        Ok(demands)
    }

    /// What must be true of a variable.
    fn demand(&mut self, variable: Variable, languages: &mut Languages) -> Result<NodeId, Undecided> {
        if let Some(known) = self.demanded.get(&variable) {
            return Ok(*known);
        }
        let node = match variable {
            Variable::Layout(claim) => self.well_made(claim, languages)?,
            Variable::Claim(claim) if Some(claim) == self.claim("sub") => {
                let subject = not_empty(languages)?;
                self.word(variable, subject, languages)?
            }
            Variable::Claim(claim) if self.is_time_of_all(claim) => {
                let time = languages.domain(self.scalar(claim))?;
                self.word(variable, time, languages)?
            }
            Variable::Claim(_) | Variable::Elements(_) | Variable::Open(_) => NodeId::ALWAYS,
        };
        languages.meter.room(&mut self.demanded)?;
        self.demanded.insert(variable, node);
        Ok(node)
    }

    /// Whether a claim is one of the times that every verified token has.
    fn is_time_of_all(&self, claim: ClaimId) -> bool {
        ["exp", "iat"]
            .into_iter()
            .any(|name| Some(claim) == self.claim(name))
    }

    /// A derived claim that is made by a derivation: the derivation applies, and its text is a value of the claim. Otherwise
    /// the claim is absent or odd: several derivations may apply, and then the claim may be made by any of them.
    fn well_made(&mut self, claim: ClaimId, languages: &mut Languages) -> Result<NodeId, Undecided> {
        let is_subject = Some(claim) == self.claim("sub");
        let (variable, typed) = (Variable::Layout(claim), languages.typed()?);
        let value = if is_subject { not_empty(languages)? } else { typed };
        let value = self.within_type(claim, value, languages)?;
        let mut parts = Vec::new();
        for (number, derivation) in self.derivations(claim) {
            let layout = languages.words([number.to_string().as_bytes()])?;
            let other = self
                .formulas
                .is(Atom::Fits(variable, layout), false, &mut languages.meter)?;
            let when = self.truth(&derivation.when, true, languages)?;
            let text = match self.template(&derivation.template, value, languages) {
                Err(reason @ (Undecided::Automaton { .. } | Undecided::Template { .. })) => {
                    self.open(Unsaid::Made(claim, number), true, reason, languages)?
                }
                text => text?,
            };
            let made = self.formulas.all([when, text], &mut languages.meter)?;
            parts.push(self.formulas.any([other, made], &mut languages.meter)?);
        }
        if is_subject {
            let absent = languages.words([ABSENT])?;
            parts.push(
                self.formulas
                    .is(Atom::Fits(variable, absent), false, &mut languages.meter)?,
            );
        }
        self.formulas.all(parts, &mut languages.meter)
    }
}

/// Every text but the empty one.
fn not_empty(languages: &mut Languages) -> Result<LangId, Undecided> {
    let empty = languages.words([&b""[..]])?;
    languages.not(empty)
}
