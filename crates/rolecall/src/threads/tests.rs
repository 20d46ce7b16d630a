//! Tests of the limits of threads.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, ThreadId};
use std::time::Duration;

use super::*;

/// Long enough that only a test that hangs reaches it.
const FOREVER: Duration = Duration::from_secs(120);

/// Jobs that report their number when they begin, and end when they are let go.
struct Held {
    begun: (Sender<usize>, Receiver<usize>),
    let_go: Arc<(Mutex<bool>, Condvar)>,
}

impl Held {
    fn new() -> Self {
        Self {
            begun: mpsc::channel(),
            let_go: Arc::default(),
        }
    }

    fn job(&self, number: usize) -> impl FnOnce() + Send + use<> {
        let (begun, let_go) = (self.begun.0.clone(), Arc::clone(&self.let_go));
        move || {
            begun.send(number).unwrap();
            let go = let_go.1.wait_while(let_go.0.lock().unwrap(), |go| !*go);
            drop(go.unwrap());
        }
    }

    /// The numbers of the next jobs that begin.
    fn next(&self, count: usize) -> Vec<usize> {
        let begun = (0..count).map(|_| self.begun.1.recv_timeout(FOREVER).unwrap());
        let mut begun: Vec<usize> = begun.collect();
        begun.sort_unstable();
        begun
    }

    fn let_go(&self) {
        *self.let_go.0.lock().unwrap() = true;
        self.let_go.1.notify_all();
    }
}

#[test]
fn jobs_wait_for_a_bounded_number_of_threads() {
    let (workers, held) = (Workers::new(Limits::new("test", 4, 100)), Held::new());
    for number in 0..100 {
        workers.run(Lane::Usual, held.job(number)).unwrap();
    }
    assert_eq!(held.next(4), [0, 1, 2, 3]);
    assert_eq!((workers.threads(), held.begun.1.try_recv().ok()), (4, None));
    held.let_go();
    assert_eq!(held.next(96), (4..100).collect::<Vec<_>>());
}

#[test]
fn slow_jobs_leave_half_of_the_threads_to_usual_ones_and_come_in_turn() {
    let (workers, held) = (Workers::new(Limits::new("test", 4, 100)), Held::new());
    for number in 0..50 {
        workers.run(Lane::Slow, held.job(number)).unwrap();
    }
    assert_eq!(held.next(2), [0, 1]);
    assert_eq!((workers.threads(), held.begun.1.try_recv().ok()), (2, None));
    for number in 50..100 {
        workers.run(Lane::Usual, held.job(number)).unwrap();
    }
    assert_eq!(held.next(2), [50, 51]);
    held.let_go();
    assert_eq!(held.next(96).len(), 96);
}

#[test]
fn a_full_queue_refuses_jobs() {
    let (workers, held) = (Workers::new(Limits::new("test", 1, 3)), Held::new());
    workers.run(Lane::Usual, held.job(0)).unwrap();
    assert_eq!(held.next(1), [0]);
    for number in 1..4 {
        workers.run(Lane::Usual, held.job(number)).unwrap();
    }
    assert_eq!(workers.run(Lane::Usual, held.job(4)), Err(Refused::Full));
    held.let_go();
    assert_eq!(held.next(3), [1, 2, 3]);
}

#[test]
fn a_thread_that_cannot_be_started_is_an_error_and_the_job_is_dropped() {
    let job = Arc::new(());
    let owned = Arc::clone(&job);
    let refused = Workers::unstartable().run(Lane::Usual, move || drop(owned));
    assert_eq!(refused, Err(Refused::NoThread));
    assert_eq!(Arc::strong_count(&job), 1);
}

#[test]
fn a_job_that_panics_ends_no_thread_and_idle_threads_end() {
    let (sender, numbers) = mpsc::channel();
    let workers = Workers::new(Limits::new("test", 2, 100));
    for number in 0..100 {
        let sender = sender.clone();
        let job = move || {
            sender.send(number).unwrap();
            panic!("a scripted panic");
        };
        workers.run(Lane::Usual, job).unwrap();
    }
    for _ in 0..100 {
        numbers.recv_timeout(FOREVER).unwrap();
    }
    while workers.threads() > 0 {
        thread::sleep(Duration::from_millis(10));
    }
    workers
        .run(Lane::Usual, move || sender.send(100).unwrap())
        .unwrap();
    assert_eq!(numbers.recv_timeout(FOREVER), Ok(100));
}

#[test]
fn a_large_value_is_dropped_by_a_thread_of_its_own() {
    struct Reports(Sender<ThreadId>);
    impl Drop for Reports {
        fn drop(&mut self) {
            let _ = self.0.send(thread::current().id());
        }
    }
    let (sender, dropped_by) = mpsc::channel();
    drop(large(Reports(sender)));
    assert_ne!(dropped_by.recv_timeout(FOREVER).unwrap(), thread::current().id());
}

#[test]
fn jobs_of_many_threads_are_each_run_once() {
    let runs = Arc::new(AtomicUsize::new(0));
    let workers = Workers::new(Limits::new("test", 3, 10_000));
    let (sender, ended) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for number in 0..500 {
                    let (runs, sender) = (Arc::clone(&runs), sender.clone());
                    let lane = if number % 2 == 0 { Lane::Usual } else { Lane::Slow };
                    let job = move || {
                        runs.fetch_add(1, Ordering::Relaxed);
                        sender.send(()).unwrap();
                    };
                    workers.run(lane, job).unwrap();
                }
            });
        }
    });
    for _ in 0..4_000 {
        ended.recv_timeout(FOREVER).unwrap();
    }
    assert_eq!(runs.load(Ordering::Relaxed), 4_000);
    assert!(workers.threads() <= 3);
}
