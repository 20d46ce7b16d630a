//! Elements of a list: the combinations of answers to "one of the elements is …".

use super::Search;
use super::branch::Branch;
use super::product::Product;
use crate::budget::Undecided;
use crate::formula::NodeId;
use crate::language::LangId;
use crate::meter::{Collection, Meter, row, sum};
use crate::variable::{Atom, Choice, size_of_words};
use hashbrown::{HashMap, HashSet};
use rolecall_engine::ClaimId;

/// A value of an element, and whether each language has it.
struct Element {
    word: Vec<u8>,
    answers: Vec<bool>,
}

impl Search<'_, '_> {
    /// Tries one list for each combination of answers. The answers of a list are the union of those of its
    /// elements.
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
        let candidates = self.elements(&languages, claim)?;
        let nothing = vec![false; languages.len()];
        let mut known: HashSet<Vec<bool>> = HashSet::from([nothing.clone()]);
        let mut lists: Vec<(Vec<bool>, Vec<Vec<u8>>)> = vec![(nothing, Vec::new())];
        self.languages.meter.hold(sum([known.size(), lists.size()]))?;
        let mut charged = self.languages.meter.charged_since(left);
        for at in 0.. {
            let Some((answers, elements)) = lists.get(at).cloned() else {
                break;
            };
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
            for Element { word, answers: more } in &candidates {
                let union = answers.iter().zip(more).map(|(one, other)| *one || *other);
                let union: Vec<bool> = union.collect();
                if known.contains(&union) {
                    continue;
                }
                let mut elements = elements.clone();
                elements.push(word.clone());
                let meter = &mut self.languages.meter;
                // The answers are kept with their list and in the set of known ones; the elements are copied
                // for a choice.
                let size = sum([row::<bool>(union.len()), size_of_words(&elements)]);
                meter.hold(sum([size, size]))?;
                meter.room(&mut known)?;
                meter.room(&mut lists)?;
                known.insert(union.clone());
                lists.push((union, elements));
            }
            charged = sum([charged, self.languages.meter.charged_since(before)]);
        }
        self.languages.meter.release(charged);
        Ok(false)
    }

    /// Tries lists of one plausible element, which are usually enough.
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

    /// Chooses a list, and decides the rest of the formula.
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

    /// Returns one value for each combination of answers that an element can have.
    fn elements(&mut self, languages: &[LangId], claim: ClaimId) -> Result<Vec<Element>, Undecided> {
        let domain = self.vocabulary.domain(claim, self.languages)?;
        let domain = self.languages.dfa(domain);
        let automata: Vec<_> = languages.iter().map(|id| self.languages.dfa(*id)).collect();
        let meter = &mut self.languages.meter;
        let (mut known, mut elements) = (HashSet::new(), Vec::new());
        let mut keep = |word: Vec<u8>, answers: Vec<bool>, meter: &mut Meter| {
            if known.contains(&answers) {
                return Ok(());
            }
            let size = row::<bool>(answers.len());
            meter.hold(sum([row::<u8>(word.capacity()), size, size]))?;
            meter.room(&mut known)?;
            meter.room(&mut elements)?;
            known.insert(answers.clone());
            elements.push(Element { word, answers });
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
        while let Some(example) = words.next(meter)? {
            let answers = words.answers(&example);
            keep(example.word, answers, meter)?;
        }
        words.let_go(meter);
        Ok(elements)
    }
}

/// Returns the language that an atom asks the elements about.
fn language(atom: Atom) -> Option<LangId> {
    match atom {
        Atom::Has(_, language) => Some(language),
        Atom::Differs(..) | Atom::Fits(..) | Atom::Open(_) | Atom::Same(..) => None,
    }
}
