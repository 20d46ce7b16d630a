//! Progress of a regex through a value, byte by byte, for questions about all values.

use super::Regular;
use crate::certain::{certain, next};

/// The state of a regex after some bytes of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Progress {
    /// The texts that the value may begin with, and how many bytes of each were read.
    heads: Vec<(usize, usize)>,
    /// The states of the automaton for the rest of the value.
    states: Vec<u32>,
}

impl Progress {
    /// Returns true if no continuation is accepted.
    pub fn is_dead(&self) -> bool {
        self.heads.is_empty() && self.states.is_empty()
    }

    /// Returns the bytes that it has allocated.
    pub fn size(&self) -> usize {
        [allocated(&self.heads), allocated(&self.states)].iter().sum()
    }
}

fn allocated<T>(items: &Vec<T>) -> usize {
    let bytes = items.capacity().checked_mul(size_of::<T>());
    certain(bytes, "an allocation fits in memory")
}

impl Regular {
    /// Returns the progress before the first byte.
    pub fn begin(&self) -> Progress {
        let heads = self.starts().enumerate().map(|(head, _)| (head, 0));
        self.settle(heads.collect(), Vec::new())
    }

    /// Returns the progress after one more byte.
    pub fn step(&self, before: &Progress, byte: u8) -> Progress {
        let goes_on = |(head, read): &(usize, usize)| {
            let fits = self.starts().nth(*head)?.as_bytes().get(*read) == Some(&byte);
            fits.then(|| (*head, next(*read)))
        };
        let heads = before.heads.iter().filter_map(goes_on).collect();
        self.settle(heads, self.rest().next(&before.states, byte))
    }

    /// Returns true if the value may end here.
    pub fn may_end(&self, here: &Progress) -> bool {
        self.rest().may_end(&here.states)
    }

    /// Returns the class of a byte. The regex does not distinguish bytes of one class.
    pub fn class(&self, byte: u8) -> (u8, Option<u8>) {
        let is_written = self.starts().any(|start| start.as_bytes().contains(&byte));
        (self.rest().class(byte), is_written.then_some(byte))
    }

    /// Moves on to the automaton where a text was read to its end.
    fn settle(&self, heads: Vec<(usize, usize)>, mut states: Vec<u32>) -> Progress {
        let is_read =
            |(head, read): &(usize, usize)| self.starts().nth(*head).is_none_or(|start| start.len() == *read);
        let (read, heads): (Vec<_>, Vec<_>) = heads.into_iter().partition(is_read);
        if !read.is_empty() {
            states.extend(self.rest().first());
            states.sort_unstable();
            states.dedup();
        }
        Progress { heads, states }
    }
}
