//! A few texts and no other.

use crate::dfa::{Classes, Walk};
use std::ops::Range;

/// Some words, in their order and each once.
#[derive(Debug)]
pub(super) struct Words<'a>(Vec<&'a [u8]>);

impl<'a> Words<'a> {
    pub(super) fn new(words: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut words: Vec<&[u8]> = words.into_iter().collect();
        words.sort_unstable();
        words.dedup();
        Self(words)
    }
}

impl Walk for Words<'_> {
    /// The words that begin with what was read, and how much that is.
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
        let range = range.start.saturating_add(before)..range.start.saturating_add(until);
        (before < until).then_some((range, read.saturating_add(1)))
    }

    fn may_end(&self, state: &Self::State) -> bool {
        let first = state
            .as_ref()
            .and_then(|(range, read)| Some((self.0.get(range.start)?, read)));
        first.is_some_and(|(word, read)| word.len() == *read)
    }

    fn classes(&self) -> Classes {
        let mut written = [false; 256];
        for byte in self.0.iter().copied().flatten() {
            if let Some(written) = written.get_mut(usize::from(*byte)) {
                *written = true;
            }
        }
        let is_written = |byte: u8| written.get(usize::from(byte)).copied().unwrap_or_default();
        Classes::by(|byte| is_written(byte).then_some(byte))
    }
}
