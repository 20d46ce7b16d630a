//! Translation of conditions and comparisons.

use super::Space;
use super::open::OpenQuestion;
use crate::budget::Undecided;
use crate::formula::NodeId;
use crate::language::Languages;
use crate::variable::{Atom, Variable};
use rolecall_engine::ir::{self, Question};
use rolecall_engine::pattern::Pattern;
use rolecall_engine::{ClaimId, Part, Template};

impl Space<'_> {
    /// Returns the formula of the tokens for which a condition is TRUE; or FALSE, if `wanted` is false.
    pub(crate) fn truth(
        &mut self,
        formula: &ir::Formula,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        match formula {
            ir::Formula::All(parts) | ir::Formula::Any(parts) => {
                let parts: Vec<NodeId> = parts
                    .iter()
                    .map(|part| self.truth(part, wanted, languages))
                    .collect::<Result<_, _>>()?;
                let all = matches!(formula, ir::Formula::All(_));
                Ok(if all == wanted {
                    self.formulas.all(parts, &mut languages.meter)?
                } else {
                    self.formulas.any(parts, &mut languages.meter)?
                })
            }
            ir::Formula::Atom(atom, _) => self.comparison(atom, wanted, languages),
            ir::Formula::External(external, _) => self.external(external, wanted, languages),
            ir::Formula::Not(part) => self.truth(part, !wanted, languages),
            ir::Formula::Unknown => Ok(NodeId::NEVER),
        }
    }

    /// Returns the formula of the tokens for which a comparison is TRUE, or FALSE.
    fn comparison(
        &mut self,
        atom: &ir::Atom,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let claim = atom.claim;
        match &atom.question {
            Question::Present => {
                let present = self.present(claim, languages)?;
                Ok(if wanted {
                    present
                } else {
                    self.formulas.not(present, &mut languages.meter)?
                })
            }
            Question::Null => self.null(claim, wanted, languages),
            Question::Fits(filter) => {
                let safe = languages.safe(self.scalar(claim).is_path())?;
                let parts = vec![Part::Claim(claim, *filter)];
                let fits = self.template(&Template { parts }, safe, languages)?;
                Ok(if wanted {
                    fits
                } else {
                    self.formulas.not(fits, &mut languages.meter)?
                })
            }
            Question::OneOf(literals) => {
                let language = languages.words(literals.iter().map(ToString::to_string))?;
                self.fits_or_not(claim, language, wanted, languages)
            }
            Question::Order(order, number) => {
                let language = languages.order(*order, *number)?;
                self.fits_or_not(claim, language, wanted, languages)
            }
            Question::Pattern(patterns) => {
                let mut parts = Vec::new();
                for pattern in patterns.iter() {
                    parts.push(self.pattern(claim, pattern, wanted, languages)?);
                }
                Ok(if wanted {
                    self.formulas.any(parts, &mut languages.meter)?
                } else {
                    self.formulas.all(parts, &mut languages.meter)?
                })
            }
            Question::SameAs(other) => self.same(claim, *other, wanted, languages),
            Question::Only(literal) => {
                let only = self.only(claim, literal.to_string().as_bytes(), languages)?;
                self.of_list(claim, only, wanted, languages)
            }
            Question::ContainsAny(literals) => {
                let language = languages.words(literals.iter().map(ToString::to_string))?;
                let has = self.formulas.is(
                    Atom::Has(Variable::Elements(claim), language),
                    true,
                    &mut languages.meter,
                )?;
                self.of_list(claim, has, wanted, languages)
            }
            Question::ContainsPattern(patterns) => {
                let mut parts = Vec::new();
                for pattern in patterns.iter() {
                    parts.push(self.element(claim, pattern, languages)?);
                }
                let has = self.formulas.any(parts, &mut languages.meter)?;
                self.of_list(claim, has, wanted, languages)
            }
            Question::Filled(template) => self.filled(claim, template, wanted, languages),
            Question::ContainsAll(literals) => {
                let mut parts = Vec::new();
                for literal in literals.iter() {
                    let language = languages.words([literal.to_string()])?;
                    languages.meter.room(&mut parts)?;
                    parts.push(self.formulas.is(
                        Atom::Has(Variable::Elements(claim), language),
                        true,
                        &mut languages.meter,
                    )?);
                }
                let has = self.formulas.all(parts, &mut languages.meter)?;
                self.of_list(claim, has, wanted, languages)
            }
            question => {
                let comparable = self.fits(claim, languages.comparable()?, languages)?;
                let other = OpenQuestion::Other(claim, question.clone());
                let open = self.open(other, wanted, Undecided::Automaton { limit: 0 }, languages)?;
                self.formulas.all([comparable, open], &mut languages.meter)
            }
        }
    }

    /// Returns the formula of a pattern. A pattern whose automaton is too large becomes an open question.
    fn pattern(
        &mut self,
        claim: ClaimId,
        pattern: &Pattern,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let fits = languages
            .pattern(pattern)
            .and_then(|language| self.fits_or_not(claim, language, wanted, languages));
        match fits {
            Err(reason @ (Undecided::Automaton { .. } | Undecided::Template { .. })) => {
                let comparable = self.fits(claim, languages.comparable()?, languages)?;
                let open = self.open(
                    OpenQuestion::Fits(claim, pattern.clone()),
                    wanted,
                    reason,
                    languages,
                )?;
                self.formulas.all([comparable, open], &mut languages.meter)
            }
            other => other,
        }
    }

    /// Returns the formula: an element of a list fits a pattern. A pattern whose automaton is too large becomes
    /// an open question.
    fn element(
        &mut self,
        claim: ClaimId,
        pattern: &Pattern,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        match languages.pattern(pattern) {
            Ok(language) => self.formulas.is(
                Atom::Has(Variable::Elements(claim), language),
                true,
                &mut languages.meter,
            ),
            Err(reason @ (Undecided::Automaton { .. } | Undecided::Template { .. })) => self.open(
                OpenQuestion::Fits(claim, pattern.clone()),
                true,
                reason,
                languages,
            ),
            Err(reason) => Err(reason),
        }
    }

    /// Returns the formula: the claim is a list, and `holds` is true of it; or false, if `wanted` is false.
    fn of_list(
        &mut self,
        claim: ClaimId,
        holds: NodeId,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let list = self.list(claim, languages)?;
        let holds = if wanted {
            holds
        } else {
            self.formulas.not(holds, &mut languages.meter)?
        };
        self.formulas.all([list, holds], &mut languages.meter)
    }
}
