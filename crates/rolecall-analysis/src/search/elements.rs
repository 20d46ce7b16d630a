//! The elements of a list: which sets of answers "one of the elements is …" can have together.

use super::product::Product;
use super::{Branch, Search};
use crate::budget::Undecided;
use crate::formula::NodeId;
use crate::language::LangId;
use crate::meter::{Collection, Meter, row};
use crate::variable::{Atom, Choice, size_of_words};
use hashbrown::{HashMap, HashSet};
use rolecall_engine::ClaimId;

/// A value of an element, and what each language says of it.
struct Cell {
    word: Vec<u8>,
    answers: Vec<bool>,
}

impl Search<'_, '_> {
    /// Tries lists: of each set of answers of one element there is one, and lists add up what their elements answer.
    pub(super) fn solve_elements(&mut self, branch: &mut Branch, claim: ClaimId) -> Result<bool, Undecided> {
        if self.solve_one_element(branch, claim)? {
            return Ok(true);
        }
        let left = self.languages.meter.left();
        let atoms = branch.own.clone();
        let languages: Vec<LangId> = atoms.iter().filter_map(|atom| language(*atom)).collect();
        self.languages
            .meter
            .hold(row::<(Atom, [LangId; 2])>(languages.len()))?;
        let cells = self.cells(&languages, claim)?;
        let nothing = vec![false; languages.len()];
        let mut known: HashSet<Vec<bool>> = HashSet::from([nothing.clone()]);
        let mut lists: Vec<(Vec<bool>, Vec<Vec<u8>>)> = vec![(nothing, Vec::new())];
        let sizes = known.size().saturating_add(lists.size());
        self.languages.meter.hold(sizes)?;
        let mut paid = left.saturating_sub(self.languages.meter.left());
        let mut at: usize = 0;
        while let Some((answers, elements)) = lists.get(at).cloned() {
            at = at.saturating_add(1);
            self.languages.meter.look(1)?;
            let holds = |holds: bool| if holds { NodeId::ALWAYS } else { NodeId::NEVER };
            let mut map = HashMap::new();
            self.languages.meter.room_for(&mut map, atoms.len())?;
            let each = atoms.iter().zip(&answers);
            map.extend(each.map(|(atom, answer)| (*atom, holds(*answer))));
            if self.try_choice(branch, map, Choice::Elements(elements.clone()))? {
                return Ok(true);
            }
            let before = self.languages.meter.left();
            for Cell { word, answers: more } in &cells {
                let sum = answers.iter().zip(more).map(|(one, other)| *one || *other);
                let sum: Vec<bool> = sum.collect();
                if known.contains(&sum) {
                    continue;
                }
                let mut elements = elements.clone();
                elements.push(word.clone());
                let meter = &mut self.languages.meter;
                // A set of answers is kept with its list, and once more as one that is known.
                let size = row::<bool>(sum.len()).saturating_mul(2);
                meter.hold(size_of_words(&elements).saturating_mul(2).saturating_add(size))?;
                meter.room(&mut known)?;
                meter.room(&mut lists)?;
                known.insert(sum.clone());
                lists.push((sum, elements));
            }
            paid = paid.saturating_add(before.saturating_sub(self.languages.meter.left()));
        }
        self.languages.meter.release(paid);
        Ok(false)
    }

    /// Tries lists of one plausible element: mostly that is all it takes.
    fn solve_one_element(&mut self, branch: &mut Branch, claim: ClaimId) -> Result<bool, Undecided> {
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
    pub(super) fn try_list(
        &mut self,
        branch: &mut Branch,
        elements: Vec<Vec<u8>>,
    ) -> Result<bool, Undecided> {
        let mut answers = HashMap::new();
        self.languages.meter.room_for(&mut answers, branch.own.len())?;
        answers.extend(branch.own.iter().map(|atom| {
            let holds = language(*atom).is_some_and(|language| {
                let dfa = self.languages.dfa(language);
                elements.iter().any(|element| dfa.accepts(element))
            });
            (*atom, if holds { NodeId::ALWAYS } else { NodeId::NEVER })
        }));
        self.try_choice(branch, answers, Choice::Elements(elements))
    }

    /// A value for each set of answers that one element can give.
    fn cells(&mut self, languages: &[LangId], claim: ClaimId) -> Result<Vec<Cell>, Undecided> {
        let domain = self.vocabulary.domain(claim, self.languages)?;
        let domain = self.languages.dfa(domain);
        let automata: Vec<_> = languages.iter().map(|id| self.languages.dfa(*id)).collect();
        let meter = &mut self.languages.meter;
        let (mut known, mut cells) = (HashSet::new(), Vec::new());
        let mut keep = |word: Vec<u8>, answers: Vec<bool>, meter: &mut Meter| {
            if known.contains(&answers) {
                return Ok(());
            }
            let size = row::<bool>(answers.len()).saturating_mul(2);
            meter.hold(row::<u8>(word.capacity()).saturating_add(size))?;
            meter.room(&mut known)?;
            meter.room(&mut cells)?;
            known.insert(answers.clone());
            cells.push(Cell { word, answers });
            Ok(())
        };
        for word in self.vocabulary.plausible(claim) {
            if domain.accepts(&word) {
                let answers = automata.iter().map(|dfa| dfa.accepts(&word)).collect();
                keep(word, answers, meter)?;
            }
        }
        let mut product = Product::default();
        product.add(domain, Some(true));
        automata.into_iter().for_each(|dfa| product.add(dfa, None));
        let mut words = product.words(meter)?;
        while let Some(sample) = words.next(meter)? {
            let answers = words.answers(&sample);
            keep(sample.word, answers, meter)?;
        }
        words.let_go(meter);
        Ok(cells)
    }
}

fn language(atom: Atom) -> Option<LangId> {
    match atom {
        Atom::Has(_, language) => Some(language),
        Atom::Fits(..) | Atom::Open(_) | Atom::Same(..) => None,
    }
}
