//! Languages of finitely many words.

use crate::dfa::{Classes, Walk};
use hashbrown::HashSet;
use std::ops::Range;

/// Reader of some words, which are sorted and distinct.
#[derive(Debug)]
pub(super) struct Literals<'a>(Vec<&'a [u8]>);

impl<'a> Literals<'a> {
    pub(super) fn new(words: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut words: Vec<&[u8]> = words.into_iter().collect();
        words.sort_unstable();
        words.dedup();
        Self(words)
    }
}

impl Walk for Literals<'_> {
    /// The range of the words that begin with the bytes that were read, and the number of these bytes.
    type State = Option<(Range<usize>, usize)>;

    fn start(&self) -> Self::State {
        (!self.0.is_empty()).then_some((0..self.0.len(), 0))
    }

    fn step(&self, state: &Self::State, byte: u8) -> Self::State {
        let (range, read) = state.clone()?;
        let words = self.0.get(range.clone())?;
        let next = |word: &&[u8]| word.get(read).copied();
        let before = words.partition_point(|word| next(word) < Some(byte));
        let until = words.partition_point(|word| next(word) <= Some(byte));
        let start = range.start;
        // All of these are indices of words or of their bytes.
        let range = start.wrapping_add(before)..start.wrapping_add(until);
        (before < until).then_some((range, read.wrapping_add(1)))
    }

    fn may_end(&self, state: &Self::State) -> bool {
        let first = state
            .as_ref()
            .and_then(|(range, read)| Some((self.0.get(range.start)?, read)));
        first.is_some_and(|(word, read)| word.len() == *read)
    }

    fn classes(&self) -> Classes {
        let own: HashSet<u8> = self.0.iter().copied().flatten().copied().collect();
        Classes::by(|byte| own.contains(&byte).then_some(byte))
    }
}
