//! Waiting for a fetch that runs, with a thread or with a task.

use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll};

use super::IssuerKeys;
use crate::key_set::KeySet;

/// Keys that are being read. It gives the keys that are in use when the fetch has ended, be they new or old, or none.
///
/// It ends when the source's `fetch` does, also by a panic. Whoever does not want to wait any more drops it.
pub(crate) struct Pending {
    keys: Arc<IssuerKeys>,
    /// The fetch waited for: how many others had ended when it ran.
    fetch: u64,
    /// The number of the task that waits, once it does.
    ticket: Option<u64>,
}

impl Pending {
    pub(super) fn new(keys: Arc<IssuerKeys>, fetch: u64) -> Self {
        Self {
            keys,
            fetch,
            ticket: None,
        }
    }

    /// Blocks the thread until the fetch has ended.
    pub(crate) fn wait(self) -> Option<Arc<KeySet>> {
        let state = self.keys.lock();
        let state = self
            .keys
            .fetch_ended
            .wait_while(state, |state| state.fetches == self.fetch)
            .unwrap_or_else(PoisonError::into_inner);
        drop(state);
        self.in_use()
    }

    fn in_use(&self) -> Option<Arc<KeySet>> {
        let now = self.keys.clock.now().monotonic;
        self.keys.lock().refresh.in_use(now)
    }
}

impl Future for Pending {
    type Output = Option<Arc<KeySet>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let waker = context.waker().clone();
        let keys = Arc::clone(&self.keys);
        let mut state = keys.lock();
        if state.fetches != self.fetch {
            drop(state);
            return Poll::Ready(self.in_use());
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
