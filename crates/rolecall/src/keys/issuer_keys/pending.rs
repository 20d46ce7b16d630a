//! Waiting for a running fetch, by a thread or a task.

use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll};

use super::super::refresh::WaitLimit;
use super::IssuerKeys;
use crate::key_set::KeySet;

/// Keys that are being fetched. It resolves when the fetch has ended, to the keys then in use: new ones, old
/// ones or none.
///
/// A bounded number of threads and tasks may wait for one issuer: any caller can send a token with an
/// invented `kid`, and its signature cannot be checked first. Without the bound, such tokens would occupy all
/// threads of a service for as long as a fetch takes.
///
/// It ends when the source's `fetch` returns or panics. Dropping it stops waiting.
pub(crate) struct Pending {
    keys: Arc<IssuerKeys>,
    /// The fetch to wait for: the number of fetches that had ended when it was running.
    fetch: u64,
    limit: WaitLimit,
    /// The ticket of the waiting task, after the first poll.
    ticket: Option<u64>,
}

/// Error: the maximum number of callers is already waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooManyWaiting {
    /// The number of callers that are waiting, which is the maximum.
    pub(crate) waiting: usize,
}

impl WaitLimit {
    /// Returns the maximum number of waiting threads per issuer. A service has some dozens of threads for all
    /// its issuers.
    pub(super) const fn threads(self) -> usize {
        match self {
            Self::Wide => 1_024,
            Self::Narrow => 8,
        }
    }

    /// Returns the maximum number of waiting tasks per issuer, each with the memory of a request.
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

    /// Returns the keys of the issuer.
    pub(crate) fn keys(&self) -> &Arc<IssuerKeys> {
        &self.keys
    }

    /// Blocks the thread until the fetch has ended.
    ///
    /// # Errors
    /// [`TooManyWaiting`], at once, if the maximum number of threads is already waiting.
    pub(crate) fn wait(self) -> Result<Option<Arc<KeySet>>, TooManyWaiting> {
        let mut state = self.keys.lock();
        if state.fetches == self.fetch {
            let threads = state.threads.checked_add(1);
            let waiting = self.limit.threads();
            let threads = threads.filter(|threads| *threads <= waiting);
            state.threads = threads.ok_or(TooManyWaiting { waiting })?;
            state = self
                .keys
                .fetch_ended
                .wait_while(state, |state| state.fetches == self.fetch)
                .unwrap_or_else(PoisonError::into_inner);
            debug_assert!(state.threads > 0, "this thread was counted");
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
        let waiting = self.limit.tasks();
        if self.ticket.is_none() && state.wakers.len() >= waiting {
            return Poll::Ready(Err(TooManyWaiting { waiting }));
        }
        let ticket = *self.ticket.get_or_insert_with(|| {
            // Tickets only have to differ among the tasks that wait at the same time.
            state.tickets = state.tickets.wrapping_add(1);
            state.tickets
        });
        let replaced = state.wakers.insert(ticket, waker);
        // Dropping a waker can drop its task, which may own another `Pending` of this issuer, whose `drop`
        // takes the lock.
        drop(state);
        drop(replaced);
        Poll::Pending
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            let waker = self.keys.lock().wakers.remove(&ticket);
            // Dropped after the lock is released, as above.
            drop(waker);
        }
    }
}
