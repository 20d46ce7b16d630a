//! Automata that run side by side: a word for each set of answers, the shortest first.

use super::{Branch, Search};
use crate::budget::{Budget, Meter, Reason};
use crate::dfa::{Classes, Dfa, index, number};
use crate::language::is_mark;
use crate::variable::{Atom, Variable};
use hashbrown::{DefaultHashBuilder, HashSet, HashTable};
use std::hash::BuildHasher;
use std::sync::Arc;

/// The bytes in the order in which people like to see them.
const NICE: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789-/_.ABCDEFGHIJKLMNOPQRSTUVWXYZ:@";

impl Search<'_, '_> {
    /// Tries a word for each set of answers that the words of a type can give.
    ///
    /// Where words must be equal, or differ, the questions about all of these variables and their types are asked. Words that
    /// give the same answers to all of them can stand for one another, for whichever variable, so that one will do.
    pub(super) fn solve_words(&mut self, branch: &mut Branch, domain: &Arc<Dfa>) -> Result<bool, Reason> {
        let equals = branch.equals();
        let asked = branch.atoms.iter().filter_map(|atom| match atom {
            Atom::Fits(variable, language) if equals.contains(variable) => Some(*language),
            _ => None,
        });
        let mut product = Product::default();
        product.add(Arc::clone(domain), Some(true));
        for language in super::each_once(asked) {
            let wanted = branch.wanted(Atom::Fits(branch.variable, language));
            product.add(self.languages.dfa(language), wanted);
        }
        // A word that another one must be equal to must also be of its type.
        for other in equals.iter().skip(1) {
            if let Variable::Claim(claim) = other {
                let domain = self.vocabulary.domain(*claim, self.languages)?;
                product.add(self.languages.dfa(domain), None);
            }
        }
        let mut words = product.words();
        let mut seen = HashSet::new();
        while let Some(Sample { word, answers }) = words.next(&mut self.languages.meter)? {
            if seen.insert(answers) && self.try_word(branch, &word)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// A word, and what the languages that it was asked for say of it.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) word: Vec<u8>,
    pub(super) answers: Vec<bool>,
}

/// Automata that are to run side by side.
#[derive(Debug, Default)]
pub(super) struct Product {
    automata: Vec<Arc<Dfa>>,
    /// The state of each from which no word leads to the answer that is wanted.
    hopeless: Vec<Option<u32>>,
    wanted: Vec<Option<bool>>,
}

impl Product {
    /// Adds an automaton, and which answer of it is wanted, if not all are.
    pub(super) fn add(&mut self, dfa: Arc<Dfa>, wanted: Option<bool>) {
        self.hopeless.push(wanted.and_then(|wanted| dfa.sink(!wanted)));
        self.wanted.push(wanted);
        self.automata.push(dfa);
    }

    /// The words that give the wanted answers, one for each state of all automata.
    pub(super) fn words(self) -> Words {
        let classes = Classes::of_all(self.automata.iter().map(|dfa| &**dfa));
        let mut taken = [false; 256];
        let others = (0..=u8::MAX).filter(|byte| !NICE.contains(byte) && !is_mark(*byte));
        let bytes = NICE.iter().copied().chain(others);
        let bytes = bytes.filter(|byte| {
            let taken = taken.get_mut(usize::from(classes.of(*byte)));
            taken.is_some_and(|taken| !std::mem::replace(taken, true))
        });
        let mut words = Words {
            bytes: bytes.collect(),
            hashes: DefaultHashBuilder::default(),
            known: HashTable::new(),
            states: Vec::new(),
            trail: Vec::new(),
            at: 0,
            product: self,
        };
        words.states.resize(words.product.automata.len(), 0);
        words.keep((0, 0));
        words
    }
}

/// A walk over the words that give the wanted answers, the shortest first.
pub(super) struct Words {
    product: Product,
    /// Bytes that stand for all, the nicest first.
    bytes: Vec<u8>,
    hashes: DefaultHashBuilder,
    /// Which states are known, by their places.
    known: HashTable<u32>,
    /// Where all automata are in each state, one row after the other.
    states: Vec<u32>,
    /// From where each state was come to, and by which byte.
    trail: Vec<(u32, u8)>,
    at: usize,
}

impl Words {
    /// The next word, and what the automata say of it but for the first one.
    pub(super) fn next(&mut self, meter: &mut Meter) -> Result<Option<Sample>, Reason> {
        let count = self.product.automata.len();
        while self.at < self.trail.len() {
            let here = self.at;
            self.at = self.at.saturating_add(1);
            meter.spend(1, count.saturating_mul(8).saturating_add(64))?;
            self.expand(here);
            let automata = self.product.automata.iter().zip(row(&self.states, count, here));
            let answers: Vec<bool> = automata.map(|(dfa, state)| dfa.may_end(*state)).collect();
            let mut wanted = self.product.wanted.iter().zip(&answers);
            if wanted.all(|(wanted, answer)| wanted.is_none_or(|wanted| wanted == *answer)) {
                let answers = answers.get(1..).unwrap_or_default().to_vec();
                let word = self.word(here);
                return Ok(Some(Sample { word, answers }));
            }
        }
        Ok(None)
    }

    /// Goes on from a state by each byte.
    fn expand(&mut self, here: usize) {
        let count = self.product.automata.len();
        let from = here.saturating_mul(count);
        for at in 0..self.bytes.len() {
            let Some(byte) = self.bytes.get(at).copied() else {
                continue;
            };
            let start = self.states.len();
            for (number, dfa) in self.product.automata.iter().enumerate() {
                let state = self.states.get(from.saturating_add(number)).copied();
                self.states.push(dfa.step(state.unwrap_or_default(), byte));
            }
            let next = self.states.get(start..).unwrap_or_default();
            let mut states = next.iter().zip(&self.product.hopeless);
            if states.any(|(state, hopeless)| Some(*state) == *hopeless) {
                self.states.truncate(start);
            } else {
                self.keep((number(here), byte));
            }
        }
    }

    /// Keeps the state that was written last, unless it is known.
    fn keep(&mut self, step: (u32, u8)) {
        let (hashes, states, count) = (&self.hashes, &self.states, self.product.automata.len());
        let place = self.trail.len();
        let of = |place: usize| row(states, count, place);
        let known = self.known.entry(
            hashes.hash_one(of(place)),
            |known| of(index(*known)) == of(place),
            |known| hashes.hash_one(of(index(*known))),
        );
        match known {
            hashbrown::hash_table::Entry::Occupied(_) => {
                let kept = place.saturating_mul(count);
                self.states.truncate(kept);
            }
            hashbrown::hash_table::Entry::Vacant(vacant) => {
                vacant.insert(number(place));
                self.trail.push(step);
            }
        }
    }

    /// The word that leads to a state.
    fn word(&self, mut at: usize) -> Vec<u8> {
        let mut word = Vec::new();
        while at != 0
            && let Some((before, byte)) = self.trail.get(at)
        {
            word.push(*byte);
            at = index(*before);
        }
        word.reverse();
        word
    }
}

/// Where all automata are in a state.
fn row(states: &[u32], count: usize, place: usize) -> &[u32] {
    let start = place.saturating_mul(count);
    states.get(start..start.saturating_add(count)).unwrap_or_default()
}

/// The shortest word that an automaton accepts, of those the nicest.
pub(crate) fn shortest(dfa: &Arc<Dfa>) -> Option<Vec<u8>> {
    let mut meter = Meter::new(Budget::default());
    let mut product = Product::default();
    product.add(Arc::clone(dfa), Some(true));
    let word = product.words().next(&mut meter).ok()?;
    word.map(|sample| sample.word)
}
