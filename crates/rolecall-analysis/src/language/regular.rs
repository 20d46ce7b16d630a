//! What `matches` accepts: the very automaton that decides.

use crate::dfa::{Classes, Walk};
use crate::meter::row;
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
        state.size().saturating_add(row::<usize>(2))
    }
}
