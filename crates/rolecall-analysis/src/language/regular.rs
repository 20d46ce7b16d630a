//! Languages of `matches`, read by the automaton of the engine itself.

use crate::dfa::{Classes, Walk};
use crate::meter::{row, sum};
use rolecall_engine::pattern::{Progress, Regular};

impl Walk for Regular {
    type State = Progress;

    fn start(&self) -> Progress {
        self.begin()
    }

    fn step(&self, state: &Progress, byte: u8) -> Progress {
        Self::step(self, state, byte)
    }

    fn may_end(&self, state: &Progress) -> bool {
        Self::may_end(self, state)
    }

    fn classes(&self) -> Classes {
        Classes::by(|byte| self.class(byte))
    }

    fn size(state: &Progress) -> usize {
        sum([state.size(), row::<usize>(2)])
    }
}
