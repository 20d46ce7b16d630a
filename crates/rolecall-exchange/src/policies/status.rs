//! The state of the policies, for probes and metrics.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// The state of the policies, which changes while the server runs.
#[derive(Debug, Default)]
pub(crate) struct PolicyStatus(Mutex<State>);

/// The state of the policies at a time. It has nothing of their text.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct State {
    /// The digest of the set in use.
    pub(crate) digest: String,
    /// True if the folder has another set, which is refused.
    pub(crate) stale: bool,
    /// The number of faults of the refused set.
    pub(crate) faults: usize,
    /// True if the set in use is on disk for the next start.
    pub(crate) remembered: bool,
}

impl PolicyStatus {
    pub(crate) fn state(&self) -> State {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn use_set(&self, digest: String) {
        self.change(|state| {
            *state = State {
                digest,
                remembered: true,
                ..State::default()
            }
        });
    }

    pub(super) fn set_remembered(&self, is_remembered: bool) {
        self.change(|state| state.remembered = is_remembered);
    }

    pub(super) fn refuse(&self, faults: usize) {
        self.change(|state| (state.stale, state.faults) = (true, faults));
    }

    /// Notes that the folder has the set in use again.
    pub(super) fn set_current(&self) {
        self.change(|state| (state.stale, state.faults) = (false, 0));
    }
}
