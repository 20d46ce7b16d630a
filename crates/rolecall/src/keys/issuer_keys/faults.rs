//! Tests of observers, clocks and threads that fail: a fetch ends anyway, and the keys stay in use.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use serde_json::Value;

use super::super::scripted::{Answer, FOREVER, HandClock, Provider, Recorder, jwk};
use super::stage::{Stage, issuer};
use super::{Find, IssuerKeys};
use crate::clock::{Clock, Moment};
use crate::key_set::KeySet;
use crate::keys::{FetchError, KeySources};
use crate::observer::{Event, Observer};

fn private() -> Value {
    let mut private = jwk("lost");
    private["d"] = "AAAA".into();
    private
}

/// Sends the name of each event, and then panics.
struct Panicking(Mutex<Sender<&'static str>>);

impl Observer for Panicking {
    fn observe(&self, event: &Event<'_>) {
        let name = match event {
            Event::KeysFetched { .. } => "fetched",
            Event::KeysNotFetched { .. } => "not fetched",
            Event::KeysWithdrawn { .. } => "withdrawn",
            Event::PrivateKeyPublished { .. } => "private",
            _ => "other",
        };
        let sent = self.0.lock().unwrap().send(name);
        sent.unwrap();
        panic!("a scripted panic");
    }
}

/// Hangs until its sender is dropped.
struct Hanging(Mutex<Receiver<()>>);

impl Observer for Hanging {
    fn observe(&self, _event: &Event<'_>) {
        let _ = self.0.lock().unwrap().recv();
    }
}

/// The keys of an issuer with this provider and observer.
fn keys_with(provider: &Arc<Provider>, observer: impl Observer) -> (Arc<IssuerKeys>, Arc<HandClock>) {
    let clock = HandClock::new();
    let sources = KeySources::new().otherwise(Arc::clone(provider));
    let keys = IssuerKeys::new(&issuer("ci"), &sources, clock.clone(), Arc::new(observer)).unwrap();
    (keys, clock)
}

/// The result of a request, which may wait. `None` if a task would still wait after a long time.
fn get(keys: &Arc<IssuerKeys>, clock: &HandClock) -> Option<Option<Arc<KeySet>>> {
    struct Woken(Mutex<Sender<()>>);
    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            let _ = self.0.lock().unwrap().send(());
        }
    }
    let mut pending = match keys.find(None, clock.monotonic()) {
        Find::Ready(keys) => return Some(Some(keys)),
        Find::Missing => return Some(None),
        Find::Pending(pending) => pending,
    };
    let (sender, woken) = mpsc::channel();
    let waker = Waker::from(Arc::new(Woken(Mutex::new(sender))));
    loop {
        let polled = std::pin::Pin::new(&mut pending).poll(&mut Context::from_waker(&waker));
        if let std::task::Poll::Ready(keys) = polled {
            return Some(keys.unwrap());
        }
        woken.recv_timeout(Duration::from_secs(10)).ok()?;
    }
}

#[test]
fn an_observer_that_panics_at_a_private_key_leaves_no_request_waiting_and_loses_no_other_event() {
    let provider = Provider::new(&[]);
    provider.answers(Answer::Entries(vec![private(), private()]));
    let (sender, events) = mpsc::channel();
    let (keys, clock) = keys_with(&provider, Panicking(Mutex::new(sender)));
    let next = |count: usize| {
        let next = (0..count).map(|_| events.recv_timeout(FOREVER).unwrap());
        next.collect::<Vec<_>>()
    };
    assert_eq!(get(&keys, &clock), Some(None));
    assert_eq!(next(3), ["not fetched", "private", "private"]);
    // The issuer recovers.
    provider.publishes(&["a"]);
    clock.pass(Duration::from_secs(2));
    assert!(get(&keys, &clock).flatten().is_some());
    assert_eq!(next(1), ["fetched"]);
    // And withdraws its keys.
    provider.answers(Answer::Entries(vec![private()]));
    clock.pass(Duration::from_secs(600));
    assert_eq!(get(&keys, &clock), Some(None));
    assert_eq!(next(3), ["not fetched", "withdrawn", "private"]);
}

#[test]
fn an_observer_that_hangs_delays_no_request() {
    for entries in [vec![jwk("a")], vec![jwk("a"), private()], vec![private()]] {
        let is_usable = entries.len() + usize::from(entries[0]["d"].is_null()) > 1;
        let provider = Provider::new(&[]);
        provider.answers(Answer::Entries(entries));
        let (release, hangs) = mpsc::channel();
        let (keys, clock) = keys_with(&provider, Hanging(Mutex::new(hangs)));
        // More fetches than there are threads.
        for _ in 0..100 {
            let found = get(&keys, &clock);
            assert_eq!(found.map(|keys| keys.is_some()), Some(is_usable));
            clock.pass(Duration::from_secs(600));
        }
        assert!(provider.fetches() >= 50, "{}", provider.fetches());
        drop(release);
    }
}

#[test]
fn an_observer_of_fixed_keys_hangs_or_panics_in_vain() {
    let fixed = |entries: &[Value]| {
        KeySources::new().fixed(super::stage::URL, super::super::scripted::parse(entries))
    };
    let (release, hangs) = mpsc::channel();
    let (sender, events) = mpsc::channel();
    let observers: [Arc<dyn Observer>; 2] = [
        Arc::new(Hanging(Mutex::new(hangs))),
        Arc::new(Panicking(Mutex::new(sender))),
    ];
    for observer in observers {
        let sources = fixed(&[jwk("a"), private()]);
        let clock = HandClock::new();
        let keys = IssuerKeys::new(&issuer("ci"), &sources, clock.clone(), observer).unwrap();
        assert!(get(&keys, &clock).flatten().is_some());
    }
    assert_eq!(events.recv_timeout(FOREVER), Ok("private"));
    drop(release);
}

#[test]
fn a_clock_that_panics_leaves_no_request_waiting() {
    struct Panics(Arc<HandClock>, AtomicBool);
    impl Clock for Panics {
        fn now(&self) -> Moment {
            assert!(!self.1.load(Ordering::Relaxed), "a scripted panic");
            self.0.now()
        }
    }
    let provider = Provider::new(&["a"]);
    let clock = Arc::new(Panics(HandClock::new(), AtomicBool::new(true)));
    let (recorder, events) = Recorder::new();
    let sources = KeySources::new().otherwise(Arc::clone(&provider));
    let keys = IssuerKeys::new(&issuer("ci"), &sources, clock.clone(), recorder).unwrap();
    let Find::Pending(pending) = keys.find(None, clock.0.monotonic()) else {
        panic!("it does not wait");
    };
    assert_eq!(events.recv_timeout(FOREVER).unwrap(), r#"ci: changed ["a"] 0 s"#);
    clock.1.store(false, Ordering::Relaxed);
    assert!(pending.wait().unwrap().is_some());
}

#[test]
fn a_waker_that_panics_wakes_all_others() {
    struct Panics;
    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            panic!("a scripted panic");
        }
    }
    let stage = Stage::new(&["a"]);
    stage.provider.holds(true);
    let mut panics = stage.pending(None);
    let waker = Waker::from(Arc::new(Panics));
    let polled = std::pin::Pin::new(&mut panics).poll(&mut Context::from_waker(&waker));
    assert!(polled.is_pending());
    stage.provider.holds(false);
    assert!(get(&stage.keys, &stage.clock).flatten().is_some());
    assert_eq!(stage.next_event(), r#"ci: changed ["a"] 0 s"#);
}

#[test]
fn a_thread_that_cannot_be_started_ends_the_fetch_at_once() {
    let stage = Stage::with(&["a"], KeySources::new().without_threads());
    assert!(matches!(stage.find(None), Find::Pending(_) | Find::Missing));
    assert_eq!(stage.next_event(), "ci: no_thread 1");
    let status = stage.keys.status(stage.clock.monotonic());
    assert_eq!(status.error, Some(FetchError::NoThread));
    assert!(stage.get(None).is_none());
}
