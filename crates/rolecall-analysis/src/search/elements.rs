//! The elements of a list: which sets of answers "one of the elements is …" can have together.

use super::product::{Product, Sample};
use super::{Branch, Search};
use crate::budget::Reason;
use crate::formula::NodeId;
use crate::language::LangId;
use crate::variable::{Atom, Choice};
use hashbrown::{HashMap, HashSet};
use rolecall_engine::ClaimId;

impl Search<'_, '_> {
    /// Tries lists: of each set of answers of one element there is one, and lists add up what their elements answer.
    pub(super) fn solve_elements(&mut self, branch: &mut Branch, claim: ClaimId) -> Result<bool, Reason> {
        let atoms = branch.own_atoms();
        let languages: Vec<LangId> = atoms.iter().filter_map(|atom| language(*atom)).collect();
        if self.solve_one_element(branch, claim)? {
            return Ok(true);
        }
        let cells = self.cells(&languages, claim)?;
        let nothing = vec![false; languages.len()];
        let mut known: HashSet<_> = HashSet::from([nothing.clone()]);
        let mut lists: Vec<(Vec<bool>, Vec<Vec<u8>>)> = vec![(nothing, Vec::new())];
        let mut at: usize = 0;
        while let Some((answers, elements)) = lists.get(at).cloned() {
            at = at.saturating_add(1);
            self.languages.meter.spend(1, answers.len().saturating_add(64))?;
            let holds = |holds: bool| if holds { NodeId::ALWAYS } else { NodeId::NEVER };
            let map = atoms
                .iter()
                .copied()
                .zip(answers.iter().map(|answer| holds(*answer)));
            let map: HashMap<Atom, NodeId> = map.collect();
            if self.try_choice(branch, &map, Choice::Elements(elements.clone()))? {
                return Ok(true);
            }
            for Sample { word, answers: more } in &cells {
                let sum: Vec<bool> = answers
                    .iter()
                    .zip(more)
                    .map(|(one, other)| *one || *other)
                    .collect();
                if known.insert(sum.clone()) {
                    let mut elements = elements.clone();
                    elements.push(word.clone());
                    lists.push((sum, elements));
                }
            }
        }
        Ok(false)
    }

    /// Tries lists of one plausible element: mostly that is all it takes.
    fn solve_one_element(&mut self, branch: &mut Branch, claim: ClaimId) -> Result<bool, Reason> {
        let domain = self.vocabulary.domain(claim, self.languages)?;
        let domain = self.languages.dfa(domain);
        for word in self
            .vocabulary
            .plausible(claim)
            .filter(|word| domain.accepts(word))
        {
            if self.try_list(branch, vec![word])? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Chooses a list, and goes on with what is left of the formula.
    pub(super) fn try_list(&mut self, branch: &mut Branch, elements: Vec<Vec<u8>>) -> Result<bool, Reason> {
        let answer = |atom: Atom| {
            let holds = language(atom).is_some_and(|language| {
                let dfa = self.languages.dfa(language);
                elements.iter().any(|element| dfa.accepts(element))
            });
            (atom, if holds { NodeId::ALWAYS } else { NodeId::NEVER })
        };
        let answers: HashMap<Atom, NodeId> = branch.own_atoms().into_iter().map(answer).collect();
        self.try_choice(branch, &answers, Choice::Elements(elements))
    }

    /// A value for each set of answers that one element can give.
    fn cells(&mut self, languages: &[LangId], claim: ClaimId) -> Result<Vec<Sample>, Reason> {
        let domain = self.vocabulary.domain(claim, self.languages)?;
        let domain = self.languages.dfa(domain);
        let automata: Vec<_> = languages.iter().map(|id| self.languages.dfa(*id)).collect();
        let mut known = HashSet::new();
        let mut cells = Vec::new();
        for word in self.vocabulary.plausible(claim) {
            let answers: Vec<bool> = automata.iter().map(|dfa| dfa.accepts(&word)).collect();
            if domain.accepts(&word) && known.insert(answers.clone()) {
                cells.push(Sample { word, answers });
            }
        }
        let mut product = Product::default();
        product.add(domain, Some(true));
        automata.into_iter().for_each(|dfa| product.add(dfa, None));
        let mut words = product.words();
        while let Some(sample) = words.next(&mut self.languages.meter)? {
            if known.insert(sample.answers.clone()) {
                cells.push(sample);
            }
        }
        Ok(cells)
    }
}

fn language(atom: Atom) -> Option<LangId> {
    match atom {
        Atom::Has(_, language) => Some(language),
        Atom::Fits(..) | Atom::Open(_) | Atom::Same(..) => None,
    }
}
