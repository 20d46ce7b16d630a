//! Derived claims: a comparison with one is a formula over the claims that it is made of, and nothing is lost.
//!
//! Whether a template's text is in a language depends on nothing of a claim but where it leads the automaton of the language:
//! so the text is cut at the claims, and each claim is asked whether it leads from one state to another.

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

/// How many parts a template may have.
const MAX_PARTS: usize = 64;

/// A part of a template, with those of optional parts in one row.
enum Step<'t> {
    Claim(ClaimId, Option<Filter>),
    /// What follows, up to a place, is left out if one of these claims is absent.
    Optional(Vec<ClaimId>, usize),
    Text(&'t str),
}

/// The work on one template and one language.
struct Split<'t> {
    steps: Vec<Step<'t>>,
    language: LangId,
    dfa: Arc<Dfa>,
    done: HashMap<(usize, u32), NodeId>,
}

impl<'a> Space<'a> {
    /// The derivations of a claim, with their numbers.
    pub(crate) fn derivations(
        &self,
        claim: ClaimId,
    ) -> impl Iterator<Item = (usize, &'a Derivation)> + use<'a> {
        let of_claim = move |derivation: &&'a Derivation| derivation.claim == claim;
        self.issuer.derivations.iter().filter(of_claim).enumerate()
    }

    /// The claim is made by one of its derivations, and its text is in the language.
    pub(super) fn derived(
        &mut self,
        claim: ClaimId,
        language: LangId,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let language = self.within_type(claim, language, languages)?;
        let mut layouts = Vec::new();
        for (number, derivation) in self.derivations(claim) {
            let made = self.made_by(claim, number, derivation, languages)?;
            let text = self.template(&derivation.template, language, languages)?;
            layouts.push(self.formulas.all([made, text], &mut languages.meter)?);
        }
        self.formulas.any(layouts, &mut languages.meter)
    }

    /// What of a language belongs to the type of a claim; of `iss`, only the URL of the issuer.
    pub(super) fn within_type(
        &mut self,
        claim: ClaimId,
        language: LangId,
        languages: &mut Languages,
    ) -> Result<LangId, Undecided> {
        let domain = match self.scalar(claim) {
            _ if Some(claim) == self.claim("iss") => languages.words([self.issuer.issuer.url.as_bytes()])?,
            // What templates make is always text.
            Scalar::Text | Scalar::Enum { open: true, .. } => return Ok(language),
            scalar => languages.domain(scalar)?,
        };
        languages.both(language, domain)
    }

    /// A claim is made by a derivation, as far as that is not said by its text.
    pub(super) fn made_by(
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
        let layout = languages.words([number.to_string().as_bytes()])?;
        let layout = self.word(Variable::Layout(claim), layout, languages)?;
        self.formulas.all([layout, when], &mut languages.meter)
    }

    /// A template has a value, and it is in the language.
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
        let mut split = Split {
            steps,
            language,
            dfa: languages.dfa(language),
            done: HashMap::new(),
        };
        let node = self.rest(&mut split, 0, 0, languages)?;
        languages.meter.let_go(&split.done);
        Ok(node)
    }

    /// What follows in a template has a value, and leads the automaton from a state to where words may end.
    fn rest(
        &mut self,
        split: &mut Split<'_>,
        at: usize,
        state: u32,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        if let Some(known) = split.done.get(&(at, state)) {
            return Ok(*known);
        }
        let next = at.saturating_add(1);
        let node = match split.steps.get(at) {
            None if split.dfa.may_end(state) => NodeId::ALWAYS,
            None => NodeId::NEVER,
            Some(Step::Text(text)) => {
                let state = split.dfa.run(state, text.as_bytes());
                self.rest(split, next, state, languages)?
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
                    self.rest(split, next, state, languages)?,
                    self.rest(split, after, state, languages)?,
                );
                let with = self.formulas.all([present, with], &mut languages.meter)?;
                let without = self.formulas.all([absent, without], &mut languages.meter)?;
                self.formulas.any([with, without], &mut languages.meter)?
            }
            Some(Step::Claim(claim, filter)) => {
                let (claim, filter) = (*claim, *filter);
                self.through_claim(split, next, (claim, filter), state, languages)?
            }
        };
        languages.meter.room(&mut split.done)?;
        split.done.insert((at, state), node);
        Ok(node)
    }

    /// A claim leads from a state to another one, from which the rest goes on.
    fn through_claim(
        &mut self,
        split: &mut Split<'_>,
        next: usize,
        (claim, filter): (ClaimId, Option<Filter>),
        from: u32,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        // States from which the rest is the same are one.
        let mut exits: BTreeMap<NodeId, Vec<u32>> = BTreeMap::new();
        let reachable = row::<[u32; 4]>(split.dfa.len());
        languages.meter.hold(reachable)?;
        for exit in split.dfa.reachable(from) {
            languages.meter.look(1)?;
            let rest = self.rest(split, next, exit, languages)?;
            if rest != NodeId::NEVER {
                exits.entry(rest).or_default().push(exit);
            }
        }
        let domain = languages.domain(self.scalar(claim))?;
        let mut ways = Vec::new();
        for (rest, mut exits) in exits {
            exits.sort_unstable();
            let leads = languages.filtered(split.language, from, &exits, filter)?;
            let leads = languages.both(leads, domain)?;
            let leads = self.fits(claim, leads, languages)?;
            ways.push(self.formulas.all([leads, rest], &mut languages.meter)?);
        }
        languages.meter.release(reachable);
        self.formulas.any(ways, &mut languages.meter)
    }
}

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
                let after = steps.len().saturating_add(inner.len()).saturating_add(1);
                steps.push(Step::Optional(claims.collect(), after));
                // An optional part has no other one in it.
                add_steps(inner, steps);
            }
        }
    }
}
