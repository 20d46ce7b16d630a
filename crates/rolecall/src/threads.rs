//! Threads. Only this file starts any.
//!
//! No thread pool of a library is used: they abort or block if the operating system starts no thread, which has
//! to be an error here, or they keep their threads, or they have one queue for all.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use scopeguard::ScopeGuard;

use crate::contained::contained;

/// The time after which an idle thread ends.
const IDLE: Duration = Duration::from_secs(2);

/// The size of a thread's stack in bytes: the standard library's default, which an environment variable could
/// change.
const STACK: usize = 2 * 1024 * 1024;

/// Threads that run jobs in the order in which they came. They are started when jobs need them, up to a limit,
/// and end when they are idle. A clone has the same threads.
#[derive(Clone)]
pub(crate) struct Workers(Arc<Shared>);

struct Shared {
    limits: Limits,
    state: Mutex<State>,
    /// Notified when a job can be run.
    wake: Condvar,
}

/// The limits of some threads.
pub(crate) struct Limits {
    /// The name of each thread.
    pub(crate) name: &'static str,
    /// The maximum number of threads.
    pub(crate) threads: usize,
    /// The maximum number of them that run jobs of [`Lane::Slow`].
    pub(crate) slow: usize,
    /// The maximum number of waiting jobs.
    pub(crate) queue: usize,
    /// The size of a thread's stack in bytes.
    stack: usize,
}

/// The queue of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    Usual,
    /// Jobs that may take long. They use some of the threads only, so that usual jobs do not wait for them.
    Slow,
}

/// Error: a job is not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// No thread is running, and the operating system did not start one.
    NoThread,
    /// The maximum number of jobs is waiting.
    Full,
}

type Job = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct State {
    usual: VecDeque<Job>,
    slow: VecDeque<Job>,
    threads: usize,
    /// The number of threads that wait for a job, or are being started.
    idle: usize,
    /// The number of threads that run a job of [`Lane::Slow`].
    running_slow: usize,
}

impl Limits {
    /// Returns limits for threads of this name. Half of them may run slow jobs.
    pub(crate) const fn new(name: &'static str, threads: usize, queue: usize) -> Self {
        Self {
            name,
            threads,
            slow: threads.div_ceil(2),
            queue,
            stack: STACK,
        }
    }
}

impl Workers {
    /// Starts no thread yet.
    pub(crate) fn new(limits: Limits) -> Self {
        Self(Arc::new(Shared {
            limits,
            state: Mutex::default(),
            wake: Condvar::new(),
        }))
    }

    /// Returns workers whose threads the operating system does not start.
    #[cfg(test)]
    pub(crate) fn unstartable() -> Self {
        let mut limits = Limits::new("never", 1, 1);
        limits.stack = usize::MAX >> 4;
        Self::new(limits)
    }

    /// Runs a job on a thread, as soon as one is free. Returns at once. A refused job is dropped.
    ///
    /// # Errors
    /// [`Refused`] if the job will not be run.
    pub(crate) fn run(&self, lane: Lane, job: impl FnOnce() + Send + 'static) -> Result<(), Refused> {
        let mut state = self.0.lock();
        let queue = state.queue(lane);
        if queue.len() >= self.0.limits.queue {
            // The job can be dropped only without the lock: its `drop` is foreign code.
            drop(state);
            return Err(Refused::Full);
        }
        queue.push_back(Box::new(job));
        self.0.wake.notify_one();
        let limits = &self.0.limits;
        if state.idle < state.runnable(limits.slow) && state.threads < limits.threads {
            let started = usize::from(Shared::start(&self.0).is_ok());
            state.threads = state.threads.saturating_add(started);
            state.idle = state.idle.saturating_add(started);
            if state.threads == 0 {
                let refused = state.queue(lane).pop_back();
                drop(state);
                drop(refused);
                return Err(Refused::NoThread);
            }
        }
        Ok(())
    }

    /// Returns the number of threads.
    #[cfg(test)]
    pub(crate) fn threads(&self) -> usize {
        self.0.lock().threads
    }
}

impl Shared {
    fn start(shared: &Arc<Self>) -> io::Result<()> {
        let thread = thread::Builder::new()
            .name(shared.limits.name.to_owned())
            .stack_size(shared.limits.stack);
        let shared = Arc::clone(shared);
        thread.spawn(move || shared.work()).map(drop)
    }

    /// Runs jobs until there has been none for a while.
    fn work(&self) {
        let is_idle = |state: &mut State| state.runnable(self.limits.slow) == 0;
        let mut state = self.lock();
        loop {
            let waited = self.wake.wait_timeout_while(state, IDLE, is_idle);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.idle = state.idle.saturating_sub(1);
            if is_idle(&mut state) {
                state.threads = state.threads.saturating_sub(1);
                return;
            }
            while let Some((lane, job)) = state.next(self.limits.slow) {
                drop(state);
                contained(job);
                state = self.lock();
                if lane == Lane::Slow {
                    state.running_slow = state.running_slow.saturating_sub(1);
                }
            }
            state.idle = state.idle.saturating_add(1);
        }
    }

    /// Takes the lock. No foreign code runs under it, so it cannot be poisoned.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The counts are below the limit of threads, so they neither wrap nor saturate.
impl State {
    fn queue(&mut self, lane: Lane) -> &mut VecDeque<Job> {
        match lane {
            Lane::Usual => &mut self.usual,
            Lane::Slow => &mut self.slow,
        }
    }

    /// Returns the number of waiting jobs that may be run now.
    fn runnable(&self, most_slow: usize) -> usize {
        let slow = most_slow.saturating_sub(self.running_slow).min(self.slow.len());
        self.usual.len().saturating_add(slow)
    }

    /// Takes the next job to run. Slow ones come first as far as they may run: otherwise, usual ones that keep
    /// coming would never let them run.
    fn next(&mut self, most_slow: usize) -> Option<(Lane, Job)> {
        if self.running_slow < most_slow
            && let Some(job) = self.slow.pop_front()
        {
            self.running_slow = self.running_slow.saturating_add(1);
            return Some((Lane::Slow, job));
        }
        Some((Lane::Usual, self.usual.pop_front()?))
    }
}

/// Runs a job on a thread of its own.
///
/// # Errors
/// [`Refused::NoThread`] if the operating system starts no thread. The job is then dropped.
pub(crate) fn spawn(name: &str, job: impl FnOnce() + Send + 'static) -> Result<(), Refused> {
    let thread = thread::Builder::new().name(name.to_owned());
    thread.spawn(job).map(drop).map_err(|_| Refused::NoThread)
}

/// A value that a thread of its own drops, because that takes long.
pub(crate) type Large<T> = ScopeGuard<T, fn(T)>;

/// Returns a value that a thread of its own drops.
pub(crate) fn large<T: Send + 'static>(value: T) -> Large<T> {
    scopeguard::guard(value, drop_on_thread)
}

/// Without a thread, the value is dropped at once, with the job that owns it.
fn drop_on_thread<T: Send + 'static>(value: T) {
    let _ = spawn("rolecall-drop", move || drop(value));
}
