//! Product of two automata: intersection, difference and complement.

use crate::dfa::{Classes, Dfa, Walk};

/// Two automata that read the same word, and the connective of their answers.
pub(super) struct BinaryProduct<'a>(
    pub(super) &'a Dfa,
    pub(super) &'a Dfa,
    pub(super) fn(bool, bool) -> bool,
);

impl Walk for BinaryProduct<'_> {
    type State = (u32, u32);

    fn start(&self) -> (u32, u32) {
        (0, 0)
    }

    fn step(&self, (left, right): &(u32, u32), byte: u8) -> (u32, u32) {
        (self.0.step(*left, byte), self.1.step(*right, byte))
    }

    fn may_end(&self, (left, right): &(u32, u32)) -> bool {
        (self.2)(self.0.may_end(*left), self.1.may_end(*right))
    }

    fn classes(&self) -> Classes {
        Classes::of_all([self.0, self.1])
    }
}
