//! Automata that run side by side: a word for each set of answers, the shortest first.

use super::{Branch, Search};
use crate::budget::Undecided;
use crate::dfa::{Classes, Dfa, index, number};
use crate::language::is_mark;
use crate::meter::{Meter, row};
use crate::variable::{Atom, Variable};
use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashSet, HashTable};
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

/// The bytes in the order in which people like to see them.
const NICE: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789-/_.ABCDEFGHIJKLMNOPQRSTUVWXYZ:@";

impl Search<'_, '_> {
    /// Tries a word for each set of answers that the words of a type can give.
    ///
    /// Where words must be equal, or differ, the questions about all of these variables and their types are asked. Words that
    /// give the same answers to all of them can stand for one another, for whichever variable, so that one will do.
    pub(super) fn solve_words(&mut self, branch: &mut Branch, domain: &Arc<Dfa>) -> Result<bool, Undecided> {
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
        let mut words = product.words(&mut self.languages.meter)?;
        let mut seen = HashSet::new();
        let mut rows: usize = 0;
        while let Some(Sample { word, others }) = words.next(&mut self.languages.meter)? {
            if seen.contains(&others) {
                continue;
            }
            let meter = &mut self.languages.meter;
            let row = row::<u32>(others.capacity());
            meter.hold(row)?;
            meter.room(&mut seen)?;
            rows = rows.saturating_add(row);
            seen.insert(others);
            if self.try_word(branch, &word)? {
                return Ok(true);
            }
        }
        words.let_go(&mut self.languages.meter);
        self.languages.meter.let_go(&seen);
        self.languages.meter.release(rows);
        Ok(false)
    }
}

/// A word, and which automata give another answer than most words get from them.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) word: Vec<u8>,
    others: Vec<u32>,
}

/// An automaton that is to run beside others.
#[derive(Debug)]
struct Runner {
    dfa: Arc<Dfa>,
    /// The state in which it is done: most words lead there and never on, so that it need not be followed any more.
    rest: Option<u32>,
    /// The state from which no word leads to the answer that is wanted.
    hopeless: Option<u32>,
}

/// Automata that are to run side by side.
#[derive(Debug, Default)]
pub(super) struct Product {
    runners: Vec<Runner>,
    /// The answers that are wanted, of those of which not all are.
    wanted: Vec<(u32, bool)>,
}

impl Product {
    /// Adds an automaton, and which answer of it is wanted, if not all are.
    pub(super) fn add(&mut self, dfa: Arc<Dfa>, wanted: Option<bool>) {
        if let Some(wanted) = wanted {
            self.wanted.push((number(self.runners.len()), wanted));
        }
        self.runners.push(Runner {
            rest: dfa.sink(false).or_else(|| dfa.sink(true)),
            hopeless: wanted.and_then(|wanted| dfa.sink(!wanted)),
            dfa,
        });
    }

    /// The words that give the wanted answers, one for each state of all automata.
    pub(super) fn words(self, meter: &mut Meter) -> Result<Words, Undecided> {
        let classes = Classes::of_all(self.runners.iter().map(|runner| &*runner.dfa));
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
            running: Vec::new(),
            ends: Vec::new(),
            trail: Vec::new(),
            at: 0,
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

/// A walk over the words that give the wanted answers, the shortest first.
pub(super) struct Words {
    product: Product,
    /// Bytes that stand for all, the nicest first.
    bytes: Vec<u8>,
    hashes: DefaultHashBuilder,
    /// Which states are known, by their places.
    known: HashTable<u32>,
    /// Of each state the automata that are not done, in their order, and where they are, one state after the other.
    running: Vec<(u32, u32)>,
    /// Where those of each state end.
    ends: Vec<usize>,
    /// From where each state was come to, and by which byte.
    trail: Vec<(u32, u8)>,
    at: usize,
}

impl Words {
    /// The next word, and what the automata say of it but for the first one.
    pub(super) fn next(&mut self, meter: &mut Meter) -> Result<Option<Sample>, Undecided> {
        while self.at < self.trail.len() {
            let here = self.at;
            self.at = self.at.saturating_add(1);
            let running = span(&self.ends, here).len();
            // To follow many automata is as much work as to look at several states.
            meter.look((running / 16).saturating_add(1))?;
            self.expand(here, meter)?;
            let mut wanted = self.product.wanted.iter();
            if wanted.all(|(runner, wanted)| self.answer(here, *runner) == *wanted) {
                let running = self.running.get(span(&self.ends, here)).unwrap_or_default();
                let others = running.iter().filter_map(|(runner, state)| {
                    let automaton = self.product.runners.get(index(*runner))?;
                    let is_other = automaton.dfa.may_end(*state) != automaton.usual();
                    (*runner != 0 && is_other).then_some(*runner)
                });
                let others = others.collect();
                let word = self.word(here);
                return Ok(Some(Sample { word, others }));
            }
        }
        Ok(None)
    }

    /// What all automata say of a word but the first one.
    pub(super) fn answers(&self, sample: &Sample) -> Vec<bool> {
        let mut answers: Vec<bool> = self.product.runners.iter().map(Runner::usual).collect();
        for runner in &sample.others {
            if let Some(answer) = answers.get_mut(index(*runner)) {
                *answer = !*answer;
            }
        }
        answers.get(1..).unwrap_or_default().to_vec()
    }

    /// Gives back what it takes.
    pub(super) fn let_go(self, meter: &mut Meter) {
        meter.release(self.known.allocation_size());
        meter.release(row::<Runner>(self.product.runners.capacity()));
        meter.let_go(&self.running);
        meter.let_go(&self.ends);
        meter.let_go(&self.trail);
    }

    /// What an automaton says of the words that lead to a state.
    fn answer(&self, here: usize, runner: u32) -> bool {
        let Some(automaton) = self.product.runners.get(index(runner)) else {
            return false;
        };
        let running = self.running.get(span(&self.ends, here)).unwrap_or_default();
        let place = running.binary_search_by_key(&runner, |(runner, _)| *runner);
        let state = place.ok().and_then(|place| running.get(place));
        state.map_or_else(|| automaton.usual(), |(_, state)| automaton.dfa.may_end(*state))
    }

    /// Goes on from a state by each byte.
    fn expand(&mut self, here: usize, meter: &mut Meter) -> Result<(), Undecided> {
        let from = span(&self.ends, here);
        for at in 0..self.bytes.len() {
            let Some(byte) = self.bytes.get(at).copied() else {
                continue;
            };
            meter.room_for(&mut self.running, from.len())?;
            let start = self.running.len();
            let mut is_hopeless = false;
            for place in from.clone() {
                let Some((runner, state)) = self.running.get(place).copied() else {
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

    /// Keeps the state that was written last, unless it is known.
    fn keep(&mut self, step: (u32, u8), meter: &mut Meter) -> Result<(), Undecided> {
        meter.room(&mut self.ends)?;
        meter.room(&mut self.trail)?;
        let place = self.trail.len();
        self.ends.push(self.running.len());
        let (hashes, running, ends) = (&self.hashes, &self.running, &self.ends);
        let of = |place: usize| running.get(span(ends, place)).unwrap_or_default();
        let hash_of = |known: &u32| hashes.hash_one(of(index(*known)));
        meter.room_in(&mut self.known, hash_of)?;
        let is_same = |known: &u32| of(index(*known)) == of(place);
        match self.known.entry(hashes.hash_one(of(place)), is_same, hash_of) {
            Entry::Occupied(_) => {
                let start = span(ends, place).start;
                self.ends.pop();
                self.running.truncate(start);
            }
            Entry::Vacant(vacant) => {
                vacant.insert(number(place));
                self.trail.push(step);
            }
        }
        Ok(())
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

impl Runner {
    /// The answer to a word that it need not follow to its end.
    fn usual(&self) -> bool {
        self.rest.is_some_and(|rest| self.dfa.may_end(rest))
    }
}

/// Where the automata of a state stand that are not done.
fn span(ends: &[usize], place: usize) -> Range<usize> {
    let end = |place: usize| ends.get(place).copied().unwrap_or_default();
    place.checked_sub(1).map_or(0, end)..end(place)
}

/// The shortest word that an automaton accepts, of those the nicest.
pub(crate) fn shortest(dfa: &Arc<Dfa>, meter: &mut Meter) -> Result<Option<Vec<u8>>, Undecided> {
    let mut product = Product::default();
    product.add(Arc::clone(dfa), Some(true));
    let mut words = product.words(meter)?;
    let word = words.next(meter)?;
    words.let_go(meter);
    Ok(word.map(|sample| sample.word))
}
