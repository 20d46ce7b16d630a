//! Waiting for a fetch that runs, with a thread or with a task.

use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll};

use super::super::refresh::WaitLimit;
use super::IssuerKeys;
use crate::key_set::KeySet;

/// Keys that are being read. It gives the keys that are in use when the fetch has ended, be they new or old, or none.
///
/// A bounded number of threads and tasks wait for one issuer: any caller can send a token whose `kid` it has invented, and
/// its signature cannot be checked before. Otherwise, such tokens would take all threads of a service for as long as a fetch
/// takes.
///
/// It ends when the source's `fetch` does, also by a panic. Whoever does not want to wait any more drops it.
pub(crate) struct Pending {
    keys: Arc<IssuerKeys>,
    /// The fetch waited for: how many others had ended when it ran.
    fetch: u64,
    limit: WaitLimit,
    /// The number of the task that waits, once it does.
    ticket: Option<u64>,
}

/// Refusal to wait, because as many wait as may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooManyWaiting;

impl WaitLimit {
    /// The threads that may wait for one issuer. A service has some dozens of them for all its issuers.
    pub(super) const fn threads(self) -> usize {
        match self {
            Self::Wide => 1_024,
            Self::Narrow => 8,
        }
    }

    /// The tasks that may wait for one issuer, each with the memory of a request.
    pub(super) const fn tasks(self) -> usize {
        match self {
            Self::Wide => 1_024,
            Self::Narrow => 256,
        }
    }
}

impl Pending {
    pub(super) fn new(keys: Arc<IssuerKeys>, fetch: u64, limit: WaitLimit) -> Self {
        Self {
            keys,
            fetch,
            limit,
            ticket: None,
        }
    }

    /// Blocks the thread until the fetch has ended.
    ///
    /// # Errors
    /// [`TooManyWaiting`], at once, if as many threads wait as may.
    pub(crate) fn wait(self) -> Result<Option<Arc<KeySet>>, TooManyWaiting> {
        let mut state = self.keys.lock();
        if state.fetches == self.fetch {
            if state.threads >= self.limit.threads() {
                return Err(TooManyWaiting);
            }
            state.threads = state.threads.saturating_add(1);
            state = self
                .keys
                .fetch_ended
                .wait_while(state, |state| state.fetches == self.fetch)
                .unwrap_or_else(PoisonError::into_inner);
            state.threads = state.threads.saturating_sub(1);
        }
        drop(state);
        Ok(self.in_use())
    }

    fn in_use(&self) -> Option<Arc<KeySet>> {
        let now = self.keys.clock.now().monotonic;
        self.keys.lock().refresh.in_use(now)
    }
}

impl Future for Pending {
    type Output = Result<Option<Arc<KeySet>>, TooManyWaiting>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let waker = context.waker().clone();
        let keys = Arc::clone(&self.keys);
        let mut state = keys.lock();
        if state.fetches != self.fetch {
            drop(state);
            return Poll::Ready(Ok(self.in_use()));
        }
        if self.ticket.is_none() && state.wakers.len() >= self.limit.tasks() {
            return Poll::Ready(Err(TooManyWaiting));
        }
        let ticket = *self.ticket.get_or_insert_with(|| {
            state.tickets = state.tickets.wrapping_add(1);
            state.tickets
        });
        let replaced = state.wakers.insert(ticket, waker);
        // Dropping a waker can drop a task with all it has, and another one that waits here may be among that.
        drop(state);
        drop(replaced);
        Poll::Pending
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            let waker = self.keys.lock().wakers.remove(&ticket);
            // Not before the lock is free, as above.
            drop(waker);
        }
    }
}
