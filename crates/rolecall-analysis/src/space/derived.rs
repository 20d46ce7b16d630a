//! Derived claims: a comparison with one becomes an equivalent formula over the claims in its template.
//!
//! A template's text is in a language or not, depending only on the states between which each claim leads the
//! automaton of the language. Therefore the text is split at the claims, and for each claim and pair of
//! states the formula states that the claim leads from one to the other.

use super::Space;
use crate::budget::Undecided;
use crate::dfa::Dfa;
use crate::formula::NodeId;
use crate::language::{LangId, Languages};
use crate::meter::row;
use crate::variable::Variable;
use hashbrown::HashMap;
use rolecall_engine::ir::Derivation;
use rolecall_engine::{ClaimId, Filter, Part, Scalar, Template};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most parts of a template.
const MAX_PARTS: usize = 64;

/// A part of a template. Optional parts are flattened.
enum Step<'t> {
    Claim(ClaimId, Option<Filter>),
    /// The following steps, up to this index, are left out if one of these claims is absent.
    Optional(Vec<ClaimId>, usize),
    Text(&'t str),
}

/// A template that is run through the automaton of a language.
struct Run<'t> {
    steps: Vec<Step<'t>>,
    language: LangId,
    dfa: Arc<Dfa>,
    /// The formula of each step and state so far.
    memo: HashMap<(usize, u32), NodeId>,
}

impl<'a> Space<'a> {
    /// Returns the derivations of a claim, with their indices among them.
    pub(crate) fn derivations(
        &self,
        claim: ClaimId,
    ) -> impl Iterator<Item = (usize, &'a Derivation)> + use<'a> {
        let of_claim = move |derivation: &&'a Derivation| derivation.claim == claim;
        self.issuer.derivations.iter().filter(of_claim).enumerate()
    }

    /// Returns the formula: one of the claim's derivations applies, and its text is in the language.
    pub(super) fn derived(
        &mut self,
        claim: ClaimId,
        language: LangId,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let language = self.within_type(claim, language, languages)?;
        let mut alternatives = Vec::new();
        for (number, derivation) in self.derivations(claim) {
            let applies = self.applies(claim, number, derivation, languages)?;
            let text = self.template(&derivation.template, language, languages)?;
            alternatives.push(self.formulas.all([applies, text], &mut languages.meter)?);
        }
        self.formulas.any(alternatives, &mut languages.meter)
    }

    /// Restricts a language to the values of a claim's type; for `iss`, to the URL of the issuer.
    pub(super) fn within_type(
        &mut self,
        claim: ClaimId,
        language: LangId,
        languages: &mut Languages,
    ) -> Result<LangId, Undecided> {
        let domain = match self.scalar(claim) {
            _ if Some(claim) == self.claim("iss") => languages.words([self.issuer.issuer.url.as_bytes()])?,
            // The text of a template is always a value of these types.
            Scalar::Text | Scalar::Enum { open: true, .. } => return Ok(language),
            scalar => languages.domain(scalar)?,
        };
        languages.both(language, domain)
    }

    /// Returns the formula: a derivation applies to a claim, whatever its text is.
    pub(super) fn applies(
        &mut self,
        claim: ClaimId,
        number: usize,
        derivation: &Derivation,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let when = self.truth(&derivation.when, true, languages)?;
        if Some(claim) == self.claim("iss") {
            return Ok(when);
        }
        let chosen = languages.words([number.to_string().as_bytes()])?;
        let chosen = self.word(Variable::Derivation(claim), chosen, languages)?;
        self.formulas.all([chosen, when], &mut languages.meter)
    }

    /// Returns the formula: a template has a value, and it is in the language.
    pub(super) fn template(
        &mut self,
        template: &Template,
        language: LangId,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let mut steps = Vec::new();
        add_steps(&template.parts, &mut steps);
        if steps.len() > MAX_PARTS {
            return Err(Undecided::Template { limit: MAX_PARTS });
        }
        let mut run = Run {
            steps,
            language,
            dfa: languages.dfa(language),
            memo: HashMap::new(),
        };
        let node = self.rest(&mut run, 0, 0, languages)?;
        languages.meter.let_go(&run.memo);
        Ok(node)
    }

    /// Returns the formula: the rest of a template has a value, which leads the automaton from a state to an
    /// accepting one.
    fn rest(
        &mut self,
        run: &mut Run<'_>,
        at: usize,
        state: u32,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        if let Some(known) = run.memo.get(&(at, state)) {
            return Ok(*known);
        }
        // Steps are few, so that their indices can't overflow.
        let next = at.wrapping_add(1);
        let node = match run.steps.get(at) {
            None if run.dfa.may_end(state) => NodeId::ALWAYS,
            None => NodeId::NEVER,
            Some(Step::Text(text)) => {
                let state = run.dfa.run(state, text.as_bytes());
                self.rest(run, next, state, languages)?
            }
            Some(Step::Optional(claims, after)) => {
                let (claims, after) = (claims.clone(), *after);
                let mut present = Vec::new();
                for claim in claims {
                    present.push(self.present(claim, languages)?);
                }
                let present = self.formulas.all(present, &mut languages.meter)?;
                let absent = self.formulas.not(present, &mut languages.meter)?;
                let (with, without) = (
                    self.rest(run, next, state, languages)?,
                    self.rest(run, after, state, languages)?,
                );
                let with = self.formulas.all([present, with], &mut languages.meter)?;
                let without = self.formulas.all([absent, without], &mut languages.meter)?;
                self.formulas.any([with, without], &mut languages.meter)?
            }
            Some(Step::Claim(claim, filter)) => {
                let (claim, filter) = (*claim, *filter);
                self.through_claim(run, next, (claim, filter), state, languages)?
            }
        };
        languages.meter.room(&mut run.memo)?;
        run.memo.insert((at, state), node);
        Ok(node)
    }

    /// Returns the formula: a claim leads from a state to another one, from which the rest leads to an
    /// accepting one.
    fn through_claim(
        &mut self,
        run: &mut Run<'_>,
        next: usize,
        (claim, filter): (ClaimId, Option<Filter>),
        from: u32,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        // States with the same formula for the rest are treated as one.
        let mut exits: BTreeMap<NodeId, Vec<u32>> = BTreeMap::new();
        let reachable = row::<[u32; 4]>(run.dfa.len());
        languages.meter.hold(reachable)?;
        for exit in run.dfa.reachable(from) {
            languages.meter.look(1)?;
            let rest = self.rest(run, next, exit, languages)?;
            if rest != NodeId::NEVER {
                exits.entry(rest).or_default().push(exit);
            }
        }
        let domain = languages.domain(self.scalar(claim))?;
        let mut alternatives = Vec::new();
        for (rest, mut exits) in exits {
            exits.sort_unstable();
            let leads = languages.preimage(run.language, from, &exits, filter)?;
            let leads = languages.both(leads, domain)?;
            let leads = self.fits(claim, leads, languages)?;
            alternatives.push(self.formulas.all([leads, rest], &mut languages.meter)?);
        }
        languages.meter.release(reachable);
        self.formulas.any(alternatives, &mut languages.meter)
    }
}

/// Adds the steps of some parts of a template.
fn add_steps<'t>(parts: &'t [Part], steps: &mut Vec<Step<'t>>) {
    for part in parts {
        match part {
            Part::Claim(claim, filter) => steps.push(Step::Claim(*claim, *filter)),
            Part::Text(text) => steps.push(Step::Text(text)),
            Part::Optional(inner) => {
                let claims = inner.iter().filter_map(|part| match part {
                    Part::Claim(claim, _) => Some(*claim),
                    Part::Optional(_) | Part::Text(_) => None,
                });
                let claims: Vec<ClaimId> = claims.collect();
                let at = steps.len();
                steps.push(Step::Optional(claims, at));
                add_steps(inner, steps);
                let end = steps.len();
                if let Some(Step::Optional(_, after)) = steps.get_mut(at) {
                    *after = end;
                }
            }
        }
    }
}
