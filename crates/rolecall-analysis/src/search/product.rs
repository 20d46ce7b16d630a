//! Product of automata: one word for each combination of answers, the shortest first.

use crate::budget::Undecided;
use crate::dfa::{Classes, Dfa};
use crate::index::{entry, index, number, slice};
use crate::language::is_mark;
use crate::meter::{Meter, row};
use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashSet, HashTable};
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

/// The most readable bytes, in the order in which they are preferred.
const NICE: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789-/_.ABCDEFGHIJKLMNOPQRSTUVWXYZ:@";

/// A word, and the automata that do not give it their usual answer.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub(super) word: Vec<u8>,
    /// The indices of these automata, sorted.
    pub(super) others: Vec<u32>,
}

/// An automaton of a product.
#[derive(Clone, Debug)]
struct Runner {
    dfa: Arc<Dfa>,
    /// The sink in which most words end. In it the automaton need not be followed.
    rest: Option<u32>,
    /// The sink from which no word leads to the required answer.
    hopeless: Option<u32>,
}

/// Automata that read the same word.
#[derive(Clone, Debug, Default)]
pub(super) struct Product {
    runners: Vec<Runner>,
    /// The required answers, by the indices of their automata.
    required: Vec<(u32, bool)>,
}

impl Product {
    /// Adds an automaton, and its required answer if there is one.
    pub(super) fn add(&mut self, dfa: Arc<Dfa>, required: Option<bool>) {
        if let Some(required) = required {
            self.required.push((number(self.runners.len()), required));
        }
        self.runners.push(Runner {
            rest: dfa.sink(false).or_else(|| dfa.sink(true)),
            hopeless: required.and_then(|required| dfa.sink(!required)),
            dfa,
        });
    }

    /// Returns the words with the required answers, one for each state of the product.
    pub(super) fn words(self, meter: &mut Meter) -> Result<WordSearch, Undecided> {
        let classes = Classes::of_all(self.runners.iter().map(|runner| &*runner.dfa));
        let mut seen = HashSet::new();
        let others = (0..=u8::MAX).filter(|byte| !NICE.contains(byte) && !is_mark(*byte));
        let bytes = NICE.iter().copied().chain(others);
        let bytes = bytes.filter(|byte| seen.insert(classes.of(*byte)));
        let mut words = WordSearch {
            bytes: bytes.collect(),
            hashes: DefaultHashBuilder::default(),
            known: HashTable::new(),
            running: Vec::new(),
            ends: Vec::new(),
            trail: Vec::new(),
            next: 0,
            product: self,
        };
        let runners = &words.product.runners;
        meter.hold(row::<Runner>(runners.capacity()))?;
        if runners.iter().any(|runner| runner.hopeless == Some(0)) {
            return Ok(words);
        }
        meter.room_for(&mut words.running, runners.len())?;
        let running = runners
            .iter()
            .enumerate()
            .filter(|(_, runner)| runner.rest != Some(0));
        words
            .running
            .extend(running.map(|(runner, _)| (number(runner), 0)));
        words.keep((0, 0), meter)?;
        Ok(words)
    }
}

/// A breadth-first search for the words with the required answers.
pub(super) struct WordSearch {
    product: Product,
    /// One byte of each class, the most readable first.
    bytes: Vec<u8>,
    hashes: DefaultHashBuilder,
    /// The indices of the known states, by their hashes.
    known: HashTable<u32>,
    /// For each state, the automata that are not in their sink, sorted, with their states; in one flat array.
    running: Vec<(u32, u32)>,
    /// The end of each state in `running`.
    ends: Vec<usize>,
    /// The state and the byte that each state was reached by.
    trail: Vec<(u32, u8)>,
    /// The index of the state that is visited next.
    next: usize,
}

impl WordSearch {
    /// Returns the next word, and the unusual answers to it.
    pub(super) fn next(&mut self, meter: &mut Meter) -> Result<Option<Example>, Undecided> {
        while self.next < self.trail.len() {
            let here = self.next;
            self.next = here.wrapping_add(1);
            // Following many automata is as much work as visiting several states.
            meter.look(1)?;
            meter.look(self.running(here).len() / 16)?;
            self.expand(here, meter)?;
            let mut required = self.product.required.iter();
            if required.all(|(runner, required)| self.answer(here, *runner) == *required) {
                let others = self.running(here).iter().filter_map(|(runner, state)| {
                    let automaton = self.product.runners.get(index(*runner))?;
                    let is_other = automaton.dfa.may_end(*state) != automaton.usual();
                    (*runner != 0 && is_other).then_some(*runner)
                });
                let others = others.collect();
                let word = self.word(here);
                return Ok(Some(Example { word, others }));
            }
        }
        Ok(None)
    }

    /// Returns the answers of all automata but the first one to a word.
    pub(super) fn answers(&self, example: &Example) -> Vec<bool> {
        let usual = self.product.runners.iter().map(Runner::usual);
        let is_other = |runner: u32| example.others.binary_search(&runner).is_ok();
        let answers = (0..).zip(usual).skip(1);
        answers.map(|(runner, usual)| usual != is_other(runner)).collect()
    }

    /// Gives back its bytes.
    pub(super) fn let_go(self, meter: &mut Meter) {
        meter.release(self.known.allocation_size());
        meter.release(row::<Runner>(self.product.runners.capacity()));
        meter.let_go(&self.running);
        meter.let_go(&self.ends);
        meter.let_go(&self.trail);
    }

    /// Returns the automata of a state that are not in their sink, with their states.
    fn running(&self, here: usize) -> &[(u32, u32)] {
        slice(&self.running, span(&self.ends, here))
    }

    /// Returns the answer of an automaton to the words that lead to a state.
    fn answer(&self, here: usize, runner: u32) -> bool {
        let Some(automaton) = self.product.runners.get(index(runner)) else {
            return false;
        };
        let running = self.running(here);
        let found = running.binary_search_by_key(&runner, |(runner, _)| *runner);
        let state = found.ok().and_then(|found| running.get(found));
        state.map_or_else(|| automaton.usual(), |(_, state)| automaton.dfa.may_end(*state))
    }

    /// Adds the successors of a state.
    fn expand(&mut self, here: usize, meter: &mut Meter) -> Result<(), Undecided> {
        let from = span(&self.ends, here);
        for at in 0..self.bytes.len() {
            let Some(byte) = self.bytes.get(at).copied() else {
                continue;
            };
            meter.room_for(&mut self.running, from.len())?;
            let start = self.running.len();
            let mut is_hopeless = false;
            for at in from.clone() {
                let Some((runner, state)) = self.running.get(at).copied() else {
                    continue;
                };
                let Some(automaton) = self.product.runners.get(index(runner)) else {
                    continue;
                };
                let state = automaton.dfa.step(state, byte);
                if automaton.hopeless == Some(state) {
                    is_hopeless = true;
                    break;
                }
                if automaton.rest != Some(state) {
                    self.running.push((runner, state));
                }
            }
            if is_hopeless {
                self.running.truncate(start);
            } else {
                self.keep((number(here), byte), meter)?;
            }
        }
        Ok(())
    }

    /// Keeps the state at the end of `running`, unless it is known.
    fn keep(&mut self, step: (u32, u8), meter: &mut Meter) -> Result<(), Undecided> {
        meter.room(&mut self.ends)?;
        meter.room(&mut self.trail)?;
        let new = self.trail.len();
        self.ends.push(self.running.len());
        let (hashes, running, ends) = (&self.hashes, &self.running, &self.ends);
        let of = |state: usize| slice(running, span(ends, state));
        let hash_of = |known: &u32| hashes.hash_one(of(index(*known)));
        meter.room_in(&mut self.known, hash_of)?;
        let is_same = |known: &u32| of(index(*known)) == of(new);
        match self.known.entry(hashes.hash_one(of(new)), is_same, hash_of) {
            Entry::Occupied(_) => {
                let start = span(ends, new).start;
                self.ends.pop();
                self.running.truncate(start);
            }
            Entry::Vacant(vacant) => {
                vacant.insert(number(new));
                self.trail.push(step);
            }
        }
        Ok(())
    }

    /// Returns the word that leads to a state.
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

impl Runner {
    /// Returns the answer to the words that end in the sink `rest`.
    fn usual(&self) -> bool {
        self.rest.is_some_and(|rest| self.dfa.may_end(rest))
    }
}

/// Returns the range of a state in `running`.
fn span(ends: &[usize], state: usize) -> Range<usize> {
    let start = state.checked_sub(1).map_or(0, |before| entry(ends, before));
    start..entry(ends, state)
}

/// Returns the shortest word that an automaton accepts, and of those the most readable.
pub(crate) fn shortest(dfa: &Arc<Dfa>, meter: &mut Meter) -> Result<Option<Vec<u8>>, Undecided> {
    let mut product = Product::default();
    product.add(Arc::clone(dfa), Some(true));
    let mut words = product.words(meter)?;
    let word = words.next(meter)?;
    words.let_go(meter);
    Ok(word.map(|example| example.word))
}
