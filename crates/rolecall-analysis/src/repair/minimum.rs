//! The sets of claims that may have to change, the smallest first.

use crate::budget::Undecided;
use crate::formula::{Choices, NodeId};
use crate::language::Languages;
use crate::sample::{Requirement, holds};
use crate::space::Space;
use crate::variable::{Atom, Choice, Variable};
use hashbrown::HashMap;
use rolecall_engine::ClaimId;

/// The claims of a formula that a token does not fulfil, and the answers of the token to its atoms.
pub(super) struct Minimum {
    formula: NodeId,
    /// The requirement that the formula is fulfilled, if no equation restricts it further.
    requirement: Requirement,
    /// For each claim of an equation, the formula that it keeps its value.
    kept: Vec<(ClaimId, NodeId)>,
    /// The claims that can be a part of the smallest change, sorted by name.
    claims: Vec<ClaimId>,
    /// The token's answers. Atoms about what follows from others have none.
    answers: HashMap<Atom, Option<bool>>,
}

impl Minimum {
    pub(super) fn new(
        formula: NodeId,
        token: &Choices,
        space: &mut Space<'_>,
        languages: &mut Languages,
    ) -> Result<Self, Undecided> {
        let mut kept = Vec::new();
        for (index, equation) in space.equations.clone().into_iter().enumerate() {
            if let Some(Choice::Word(word)) = token.get(&Variable::Left(equation.claim)) {
                kept.push((equation.claim, space.stays(index, word, languages)?));
            }
        }
        // One by one: a conjunction of what contradicts each other has no literals.
        let mut literals = Vec::new();
        for node in kept.iter().map(|(_, node)| *node).chain([formula]) {
            let all = Requirement::new(node, space, languages)?.whole(space, &mut languages.meter)?;
            let formulas = &space.formulas;
            formulas.each_literal(all, &mut languages.meter, &mut |atom, wanted, meter| {
                meter.room(&mut literals)?;
                literals.push((atom, wanted));
                Ok(())
            })?;
        }
        let mut answers: HashMap<Atom, Option<bool>> = HashMap::new();
        let mut claims: Vec<ClaimId> = space.equations.iter().map(|equation| equation.claim).collect();
        for (atom, wanted) in literals {
            let answer = *answers
                .entry(atom)
                .or_insert_with(|| holds(atom, token, space, languages));
            // A claim all of whose literals hold stays: with its old value, they hold after any change of others. Not
            // so if a literal is about several claims.
            let is_about_one = matches!(atom, Atom::Fits(..) | Atom::Has(..));
            if answer != Some(wanted) || !is_about_one {
                claims.extend(atom.variables().filter_map(Variable::claim));
            }
        }
        let templates = space
            .equations
            .iter()
            .flat_map(|equation| equation.template.claims());
        claims.extend(templates.map(|(claim, _)| claim));
        // The issuer stays.
        let iss = space.issuer.profile.claim_by_path(&["iss".to_owned()]);
        claims.retain(|claim| Some(*claim) != iss);
        claims.sort_by_cached_key(|claim| space.issuer.profile[*claim].to_string());
        claims.dedup();
        Ok(Self {
            formula,
            requirement: Requirement::new(formula, space, languages)?,
            kept,
            claims,
            answers,
        })
    }

    /// Returns the requirement on a token in which all claims but these keep their values. The search keeps those that
    /// are in no equation.
    pub(super) fn requirement(
        &self,
        changed: &[ClaimId],
        space: &mut Space<'_>,
        languages: &mut Languages,
    ) -> Result<Requirement, Undecided> {
        let mut kept = self
            .kept
            .iter()
            .filter(|(claim, _)| !changed.contains(claim))
            .peekable();
        if kept.peek().is_none() {
            return Ok(self.requirement.clone());
        }
        let kept = kept.map(|(_, node)| *node).chain([self.formula]);
        let formula = space.formulas.all(kept, &mut languages.meter)?;
        Requirement::new(formula, space, languages)
    }

    /// Returns the claims that can be a part of the smallest change.
    pub(super) fn claims(&self) -> &[ClaimId] {
        &self.claims
    }

    /// Returns the sets of this many claims, in the order of their names.
    pub(super) fn sets(&self, size: usize) -> impl Iterator<Item = Vec<ClaimId>> {
        let mut positions: Option<Vec<usize>> = (size <= self.claims.len()).then(|| (0..size).collect());
        std::iter::from_fn(move || {
            let current = positions.take()?;
            positions = following(&current, self.claims.len());
            Some(
                current
                    .iter()
                    .filter_map(|at| self.claims.get(*at).copied())
                    .collect(),
            )
        })
    }

    /// Returns false if the requirement cannot be fulfilled by other values of these claims. It is a cheap test before
    /// the search.
    pub(super) fn may_suffice(
        &self,
        changed: &[ClaimId],
        requirement: &Requirement,
        space: &mut Space<'_>,
        languages: &mut Languages,
    ) -> Result<bool, Undecided> {
        let answer = |atom: Atom| {
            let mut claims = atom.variables().map(Variable::claim);
            // What follows from others, and the claims of templates, are not known.
            let is_fixed = claims.all(|claim| claim.is_some_and(|claim| !changed.contains(&claim)));
            match atom {
                Atom::Fits(..) | Atom::Has(..) | Atom::Same(..) if is_fixed => {
                    self.answers.get(&atom).copied().flatten()
                }
                _ => None,
            }
        };
        let formula = requirement.whole(space, &mut languages.meter)?;
        let mut memo = HashMap::new();
        let truth = space
            .formulas
            .truth(formula, &answer, &mut memo, &mut languages.meter)?;
        languages.meter.look(memo.len().div_ceil(16))?;
        languages.meter.let_go(&memo);
        Ok(truth != Some(false))
    }
}

/// Returns the positions that come after these, of a number of items.
fn following(positions: &[usize], items: usize) -> Option<Vec<usize>> {
    let mut next = positions.to_vec();
    let count = next.len();
    for at in (0..count).rev() {
        // The last position that can move on, and those after it directly behind it.
        let behind = count.abs_diff(at);
        let position = *next.get(at)?;
        if position.checked_add(behind)? < items {
            let start = position.checked_add(1)?;
            for (offset, slot) in next.iter_mut().skip(at).enumerate() {
                *slot = start.checked_add(offset)?;
            }
            return Some(next);
        }
    }
    None
}
