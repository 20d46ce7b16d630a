//! Tests of concurrent waiters, with a provider that answers on command.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use super::super::scripted::Answer;
use super::stage::Stage;
use super::{Find, Pending, TooManyWaiting};
use crate::keys::{FetchError, KeySources};

/// The smallest runtime: a task is a thread that sleeps until it is woken.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// Counts how often it is woken.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_thousand_first_requests_make_one_fetch() {
    let stage = Stage::new(&["a"]);
    stage.provider.holds(true);
    let all_here = Barrier::new(1001);
    thread::scope(|scope| {
        let requests: Vec<_> = (0..1000)
            .map(|number| {
                let (stage, all_here) = (&stage, &all_here);
                scope.spawn(move || {
                    let pending = stage.keys.find(Some("a"), stage.clock.monotonic());
                    all_here.wait();
                    let Find::Pending(pending) = pending else {
                        panic!("it does not wait");
                    };
                    if number % 2 == 0 {
                        pending.wait()
                    } else {
                        block_on(pending)
                    }
                })
            })
            .collect();
        all_here.wait();
        stage.provider.holds(false);
        let found: Vec<_> = requests
            .into_iter()
            .map(|request| request.join().unwrap().unwrap().unwrap())
            .collect();
        assert!(found.iter().all(|keys| Arc::ptr_eq(keys, &found[0])));
    });
    assert_eq!(stage.provider.fetches(), 1);
    assert!(stage.keys.lock().wakers.is_empty());
}

#[test]
fn a_source_that_panics_leaves_nobody_waiting_and_is_asked_again() {
    let stage = Stage::new(&["a"]);
    stage.provider.answers(Answer::Panics);
    stage.provider.holds(true);
    let (thread, task) = (stage.pending(Some("a")), stage.pending(None));
    stage.provider.holds(false);
    assert!(thread.wait() == Ok(None) && block_on(task) == Ok(None));
    assert!(matches!(stage.find(Some("a")), Find::Missing));
    stage.provider.publishes(&["a"]);
    stage.clock.pass(Duration::from_secs(2));
    assert!(stage.accepts("a"));
}

#[test]
fn a_slow_issuer_delays_no_other() {
    let slow = Stage::new(&["a"]);
    slow.provider.holds(true);
    let waits = slow.pending(Some("a"));
    for _ in 0..20 {
        assert!(Stage::new(&["a"]).accepts("a"));
    }
    slow.provider.holds(false);
    assert!(waits.wait().unwrap().is_some());
}

#[test]
fn waiting_for_a_fetch_that_has_ended_is_over_at_once() {
    let stage = Stage::new(&["a"]);
    stage.provider.holds(true);
    let waits: Vec<_> = (0..3).map(|_| stage.pending(Some("a"))).collect();
    stage.provider.holds(false);
    stage.next_event();
    // Another fetch runs now, which they do not wait for.
    stage.provider.holds(true);
    let other = stage.pending(Some("b"));
    let mut waits = waits.into_iter();
    assert!(waits.next().unwrap().wait().unwrap().is_some());
    let mut task = pin!(waits.next().unwrap());
    assert!(
        task.as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_ready()
    );
    // But keys that are too old by now are not handed out.
    stage.clock.pass(KeySources::LONGEST_STALE);
    assert!(waits.next().unwrap().wait().unwrap().is_none());
    stage.provider.holds(false);
    assert!(other.wait().unwrap().is_some());
}

#[test]
fn a_task_is_woken_once_by_the_waker_that_it_had_last() {
    let stage = Stage::new(&["a"]);
    stage.provider.holds(true);
    let mut task = pin!(stage.pending(Some("a")));
    let wakers = [Arc::new(Counter::default()), Arc::new(Counter::default())];
    for counter in [&wakers[0], &wakers[0], &wakers[1], &wakers[1]] {
        let waker = Waker::from(Arc::clone(counter));
        assert!(task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    assert_eq!(stage.keys.lock().wakers.len(), 1);
    stage.provider.holds(false);
    stage.next_event();
    let woken = wakers.map(|counter| counter.0.load(Ordering::SeqCst));
    assert_eq!(woken, [0, 1]);
    assert!(task.poll(&mut Context::from_waker(Waker::noop())).is_ready());
}

#[test]
fn whoever_does_not_want_to_wait_leaves_nothing_behind() {
    let stage = Stage::new(&["a"]);
    stage.provider.holds(true);
    for _ in 0..1000 {
        let mut task = pin!(stage.pending(Some("a")));
        assert!(
            task.as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        );
    }
    assert!(stage.keys.lock().wakers.is_empty());
    drop(stage.pending(Some("a")));
    stage.provider.holds(false);
    stage.next_event();
    assert!(stage.accepts("a"));
    assert_eq!(stage.provider.fetches(), 1);
}

#[test]
fn a_waker_that_drops_another_waiter_does_no_harm() {
    /// A task that only its waker keeps alive.
    struct Task(#[allow(dead_code, reason = "it is only dropped")] Pending);
    impl Wake for Task {
        fn wake(self: Arc<Self>) {}
    }
    let stage = Stage::new(&["a"]);
    stage.provider.holds(true);
    let waiting = || {
        let mut pending = stage.pending(Some("a"));
        let polled = Pin::new(&mut pending).poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
        pending
    };
    let mut pending = stage.pending(Some("a"));
    for _ in 0..2 {
        let waker = Waker::from(Arc::new(Task(waiting())));
        let polled = Pin::new(&mut pending).poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
    }
    drop(pending);
    let mut last = stage.pending(Some("a"));
    let waker = Waker::from(Arc::new(Task(waiting())));
    assert!(
        Pin::new(&mut last)
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    drop(waker);
    stage.provider.holds(false);
    assert!(last.wait().unwrap().is_some());
    stage.next_event();
}

#[test]
fn threads_that_ask_for_anything_at_any_time_never_cause_two_fetches_at_once() {
    let stage = Stage::new(&["a"]);
    thread::scope(|scope| {
        for thread in 0..8 {
            let stage = &stage;
            scope.spawn(move || {
                for number in 0..500 {
                    match number % 3 {
                        0 => drop(stage.get(Some("a"))),
                        1 => drop(stage.get(Some(&format!("{thread} {number}")))),
                        _ => stage.clock.pass(Duration::from_secs(number)),
                    }
                    match (thread, number % 50) {
                        (0, 0) => stage.provider.publishes(&["a"]),
                        (0, 20) => stage.provider.answers(Answer::Panics),
                        (0, 35) => stage.provider.answers(Answer::Fails(FetchError::NoThread)),
                        _ => {}
                    }
                }
            });
        }
    });
    assert!(stage.provider.fetches() > 10);
    assert_eq!(stage.provider.most_at_once(), 1);
    stage.provider.publishes(&["a"]);
    drop(stage.get(None));
    stage.clock.pass(Duration::from_secs(600));
    assert!(stage.accepts("a"));
}

/// The number of these tasks that wait; the others are refused at once.
fn tasks_that_wait(stage: &Stage, mut tasks: Vec<Pending>) -> usize {
    let all = tasks.len();
    tasks.retain_mut(
        |task| match Pin::new(task).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => true,
            Poll::Ready(answer) => {
                assert!(matches!(answer, Err(TooManyWaiting { waiting: 256 | 1_024 })));
                false
            }
        },
    );
    assert!(tasks.len() < all && stage.keys.lock().wakers.len() == tasks.len());
    tasks.len()
}

#[test]
fn a_bounded_number_of_tasks_waits() {
    let stage = Stage::new(&["a"]);
    stage.provider.holds(true);
    let tasks = (0..1_100).map(|_| stage.pending(Some("a"))).collect();
    assert_eq!(tasks_that_wait(&stage, tasks), 1_024);
    stage.provider.holds(false);
    assert!(stage.accepts("a"));

    // Names that may be inventions.
    stage.provider.holds(true);
    let pending = |number| stage.pending(Some(&format!("{number}")));
    assert_eq!(tasks_that_wait(&stage, (0..1_100).map(pending).collect()), 256);
    // A dropped waiter makes room.
    assert_eq!(tasks_that_wait(&stage, (0..1_100).map(pending).collect()), 256);
    stage.provider.holds(false);
}

#[test]
fn few_wait_for_an_issuer_whose_keys_could_not_be_read() {
    let stage = Stage::new(&["a"]);
    stage.provider.answers(Answer::Fails(FetchError::NoThread));
    assert!(stage.get(Some("a")).is_none());
    stage.clock.pass(Duration::from_secs(2));
    stage.provider.holds(true);
    let tasks = (0..1_100).map(|_| stage.pending(Some("a"))).collect();
    assert_eq!(tasks_that_wait(&stage, tasks), 256);
    stage.provider.holds(false);
}
