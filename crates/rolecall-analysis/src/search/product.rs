//! Automata that run side by side: a word for each set of answers, the shortest first.

use super::{Branch, Search};
use crate::budget::{Budget, Meter, Reason};
use crate::dfa::{Classes, Dfa, index, number};
use crate::language::is_mark;
use crate::variable::{Atom, Variable};
use std::collections::HashSet;
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
        let mut automata = self.automata(asked);
        automata.insert(0, Arc::clone(domain));
        // A word that another one must be equal to must also be of its type.
        for other in equals.iter().skip(1) {
            if let Variable::Claim(claim) = other {
                let domain = self.vocabulary.domain(*claim, self.languages)?;
                automata.push(self.languages.dfa(domain));
            }
        }
        let mut product = Product::new(automata);
        let mut seen = HashSet::new();
        while let Some(Sample { word, answers }) = product.next(&mut self.languages.meter)? {
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

/// A walk over the words that the first automaton accepts, the shortest first.
pub(super) struct Product {
    automata: Vec<Arc<Dfa>>,
    /// Bytes that stand for all, the nicest first.
    bytes: Vec<u8>,
    /// The state of the first automaton from which no value is reached.
    dead: Option<u32>,
    known: HashSet<Box<[u32]>>,
    /// Each state, and from where it was come to, by which byte.
    trail: Vec<(Box<[u32]>, u32, u8)>,
    at: usize,
}

impl Product {
    pub(super) fn new(automata: Vec<Arc<Dfa>>) -> Self {
        let classes = automata.iter().fold(Classes::one(), |classes, dfa| {
            Classes::by(|byte| (classes.of(byte), dfa.class(byte)))
        });
        let dead = automata.first().and_then(|dfa| {
            let states = 0..number(dfa.len());
            states
                .into_iter()
                .find(|state| dfa.is_sink(*state) && !dfa.may_end(*state))
        });
        let mut taken = HashSet::new();
        let others = (0..=u8::MAX).filter(|byte| !NICE.contains(byte) && !is_mark(*byte));
        let bytes = NICE.iter().copied().chain(others);
        let bytes = bytes.filter(|byte| taken.insert(classes.of(*byte)));
        let start: Box<[u32]> = vec![0; automata.len()].into();
        Self {
            bytes: bytes.collect(),
            automata,
            dead,
            known: HashSet::from([start.clone()]),
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
            if next.first().copied() == self.dead {
                continue;
            }
            if self.known.insert(next.clone()) {
                self.trail.push((next, number(here), *byte));
            }
        }
    }

    /// The word that leads to a state.
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
    let word = Product::new(vec![Arc::clone(dfa)]).next(&mut meter).ok()?;
    word.map(|sample| sample.word)
}
