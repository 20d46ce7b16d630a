//! Demands: formulas that are true of every verified token, for the claims that a question is about.
//! Verification guarantees them, or the derivation of a claim does.
//!
//! Claims that a question is not about need no demands: whatever the question asks for, they can have values
//! that verification accepts.

use super::Space;
use super::open::OpenQuestion;
use crate::budget::Undecided;
use crate::formula::NodeId;
use crate::language::{ABSENT, LangId, Languages, NULL};
use crate::variable::{Atom, Variable};
use hashbrown::HashSet;
use rolecall_engine::ClaimId;

/// A formula that must be true of a variable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Demand {
    pub(crate) variable: Variable,
    pub(crate) node: NodeId,
}

impl Space<'_> {
    /// Returns the demands of the variables of a formula, and of the variables of these demands.
    pub(crate) fn demands(
        &mut self,
        formula: NodeId,
        languages: &mut Languages,
    ) -> Result<Vec<Demand>, Undecided> {
        let (mut seen, mut demands) = (HashSet::new(), Vec::new());
        let mut pending = vec![formula];
        while let Some(node) = pending.pop() {
            let atoms = self.formulas.atoms(node, &mut languages.meter)?;
            for atom in &atoms {
                for variable in atom.variables() {
                    if seen.contains(&variable) {
                        continue;
                    }
                    languages.meter.room(&mut seen)?;
                    seen.insert(variable);
                    let node = self.demand(variable, languages)?;
                    if node != NodeId::ALWAYS {
                        demands.push(Demand { variable, node });
                        pending.push(node);
                    }
                }
            }
            languages.meter.let_go(&atoms);
        }
        languages.meter.let_go(&seen);
        Ok(demands)
    }

    /// Returns the formula of the tokens that have the claims of every verified token. A derived `sub` follows others.
    pub(crate) fn verified(&mut self, languages: &mut Languages) -> Result<NodeId, Undecided> {
        let mut parts = Vec::new();
        for name in ["sub", "exp", "iat"] {
            if let Some(claim) = self.claim(name).filter(|claim| !self.is_derived(*claim)) {
                parts.push(self.demand(self.state(claim), languages)?);
            }
        }
        self.formulas.all(parts, &mut languages.meter)
    }

    /// Returns the demand of a variable.
    fn demand(&mut self, variable: Variable, languages: &mut Languages) -> Result<NodeId, Undecided> {
        if let Some(known) = self.demanded.get(&variable) {
            return Ok(*known);
        }
        let node = match variable {
            Variable::Derivation(claim) => self.well_derived(claim, languages)?,
            Variable::Equation(equation) => self.well_equated(equation, languages)?,
            Variable::Claim(claim) | Variable::Left(claim) if Some(claim) == self.claim("sub") => {
                let subject = not_empty(languages)?;
                let subject = self.within_type(claim, subject, languages)?;
                self.word(variable, subject, languages)?
            }
            Variable::Claim(claim) if self.is_time_of_all(claim) => {
                let time = languages.domain(self.scalar(claim))?;
                self.word(variable, time, languages)?
            }
            Variable::Claim(_)
            | Variable::Elements(_)
            | Variable::External(_)
            | Variable::Left(_)
            | Variable::Open(_) => NodeId::ALWAYS,
        };
        languages.meter.room(&mut self.demanded)?;
        self.demanded.insert(variable, node);
        Ok(node)
    }

    /// Returns whether a claim is one of the times that every verified token has.
    fn is_time_of_all(&self, claim: ClaimId) -> bool {
        ["exp", "iat"]
            .into_iter()
            .any(|name| Some(claim) == self.claim(name))
    }

    /// Returns the demand of a derived claim: if a derivation is chosen, it applies and its text is a value
    /// of the claim. Otherwise the claim is absent or ill-typed. If several derivations apply, any of them
    /// may be chosen.
    fn well_derived(&mut self, claim: ClaimId, languages: &mut Languages) -> Result<NodeId, Undecided> {
        let is_subject = Some(claim) == self.claim("sub");
        let (variable, all) = (Variable::Derivation(claim), languages.comparable()?);
        let value = if is_subject { not_empty(languages)? } else { all };
        let value = self.within_type(claim, value, languages)?;
        let mut parts = Vec::new();
        for (number, derivation) in self.derivations(claim) {
            let this = languages.words([number.to_string().as_bytes()])?;
            let other = self
                .formulas
                .is(Atom::Fits(variable, this), false, &mut languages.meter)?;
            let when = self.truth(&derivation.when, true, languages)?;
            let text = match self.template(&derivation.template, value, languages) {
                Err(reason @ (Undecided::Automaton { .. } | Undecided::Template { .. })) => {
                    self.open(OpenQuestion::Derived(claim, number), true, reason, languages)?
                }
                text => text?,
            };
            let derived = self.formulas.all([when, text], &mut languages.meter)?;
            parts.push(self.formulas.any([other, derived], &mut languages.meter)?);
        }
        if is_subject {
            let absent = languages.words([ABSENT, NULL])?;
            parts.push(
                self.formulas
                    .is(Atom::Fits(variable, absent), false, &mut languages.meter)?,
            );
        }
        self.formulas.all(parts, &mut languages.meter)
    }
}

/// Returns the language of all texts but the empty one.
fn not_empty(languages: &mut Languages) -> Result<LangId, Undecided> {
    let empty = languages.words([&b""[..]])?;
    languages.not(empty)
}
