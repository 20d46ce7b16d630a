//! Automata that run side by side: a word for each set of answers, the shortest first.

use super::{Branch, Search};
use crate::budget::{Budget, Meter, Reason};
use crate::dfa::{Classes, Dfa, index, number};
use crate::language::is_mark;
use crate::variable::{Atom, Variable};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The bytes in the order in which people like to see them.
const NICE: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789-/_.ABCDEFGHIJKLMNOPQRSTUVWXYZ:@";

impl Search<'_, '_> {
    /// Tries a word for each set of answers that the words of a type can give.
    ///
    /// Where words must be equal, or differ, one word for each set of answers is not enough: as many as there are variables
    /// always are, because then there is another one for each of them. The questions about all of these variables tell
    /// their words apart, so that each word can be that of any of them.
    pub(super) fn solve_words(&mut self, branch: &mut Branch, domain: &Arc<Dfa>) -> Result<bool, Reason> {
        let equals = branch.equals();
        let asked = branch.atoms.iter().filter_map(|atom| match atom {
            Atom::Fits(variable, language) if equals.contains(variable) => Some(*language),
            _ => None,
        });
        let mut automata = self.automata(asked);
        automata.insert(0, Arc::clone(domain));
        // A word that another one must be equal to must also be of its type.
        for other in equals.iter().skip(1) {
            if let Variable::Claim(claim) = other {
                let domain = self.vocabulary.domain(*claim, self.languages)?;
                automata.push(self.languages.dfa(domain));
            }
        }
        let each = equals.len();
        let mut product = Product::new(automata, each);
        let mut seen = HashSet::new();
        while let Some(Sample { word, answers }) = product.next(&mut self.languages.meter)? {
            // Of each set of answers one word will do, if it is not compared with others.
            if (each > 1 || seen.insert(answers)) && self.try_word(branch, &word)? {
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

/// A walk over the words that the first automaton accepts, the shortest first.
pub(super) struct Product {
    automata: Vec<Arc<Dfa>>,
    /// Bytes that stand for all, the nicest first.
    bytes: Vec<u8>,
    /// How often a state may be come to.
    each: usize,
    /// How often each state was come to.
    visits: HashMap<Box<[u32]>, usize>,
    /// Each visit: the state, and from which visit it was come to, by which byte.
    trail: Vec<(Box<[u32]>, u32, u8)>,
    at: usize,
}

impl Product {
    pub(super) fn new(automata: Vec<Arc<Dfa>>, each: usize) -> Self {
        let key = |byte: u8| automata.iter().map(|dfa| dfa.class(byte)).collect::<Vec<u8>>();
        let classes = Classes::by(key);
        let mut taken: HashMap<u8, usize> = HashMap::new();
        let others = (0..=u8::MAX).filter(|byte| !NICE.contains(byte) && !is_mark(*byte));
        let bytes = NICE.iter().copied().chain(others).filter(|byte| {
            let taken = taken.entry(classes.of(*byte)).or_default();
            *taken = taken.saturating_add(1);
            *taken <= each
        });
        let start: Box<[u32]> = vec![0; automata.len()].into();
        Self {
            bytes: bytes.collect(),
            automata,
            each,
            visits: HashMap::from([(start.clone(), 1)]),
            trail: vec![(start, 0, 0)],
            at: 0,
        }
    }

    /// The next word, and what the other automata say of it.
    pub(super) fn next(&mut self, meter: &mut Meter) -> Result<Option<Sample>, Reason> {
        while let Some((state, ..)) = self.trail.get(self.at).cloned() {
            let here = self.at;
            self.at = self.at.saturating_add(1);
            meter.spend(1, state.len().saturating_mul(8).saturating_add(64))?;
            self.expand(&state, here);
            let mut answers = self
                .automata
                .iter()
                .zip(&state)
                .map(|(dfa, state)| dfa.may_end(*state));
            if answers.next() == Some(true) {
                let answers = answers.collect();
                let word = self.word(here);
                return Ok(Some(Sample { word, answers }));
            }
        }
        Ok(None)
    }

    fn expand(&mut self, state: &[u32], here: usize) {
        for byte in &self.bytes {
            let steps = self.automata.iter().zip(state);
            let next: Box<[u32]> = steps.map(|(dfa, state)| dfa.step(*state, *byte)).collect();
            // No value of the type begins like this.
            let is_dead = |(dfa, state): (&Arc<Dfa>, &u32)| dfa.is_sink(*state) && !dfa.may_end(*state);
            if self.automata.iter().zip(&next).take(1).any(is_dead) {
                continue;
            }
            let visits = self.visits.entry(next.clone()).or_default();
            if *visits < self.each {
                *visits = visits.saturating_add(1);
                self.trail.push((next, number(here), *byte));
            }
        }
    }

    /// The word that leads to a visit.
    fn word(&self, mut at: usize) -> Vec<u8> {
        let mut word = Vec::new();
        while at != 0
            && let Some((_, before, byte)) = self.trail.get(at)
        {
            word.push(*byte);
            at = index(*before);
        }
        word.reverse();
        word
    }
}

/// The shortest word that an automaton accepts, of those the nicest.
pub(crate) fn shortest(dfa: &Arc<Dfa>) -> Option<Vec<u8>> {
    let mut meter = Meter::new(Budget::default());
    let word = Product::new(vec![Arc::clone(dfa)], 1).next(&mut meter).ok()?;
    word.map(|sample| sample.word)
}
