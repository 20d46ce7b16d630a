//! Tests of requests for keys, with a manual clock.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::super::scripted::{Answer, FOREVER, jwk, kids};
use super::Find;
use super::stage::{Stage, URL, issuer};
use crate::key_set::{KeySet, KeySetError};
use crate::keys::{EmptyKeySet, FetchError, KeySources};

#[test]
fn a_new_key_is_accepted_in_the_same_request() {
    let stage = Stage::warm(&["old"]);
    stage.provider.publishes(&["old", "new"]);
    assert!(stage.accepts("new"));
    assert!(stage.accepts("old"));
    assert_eq!(stage.next_event(), r#"ci: changed ["old", "new"] 0 s"#);
}

#[test]
fn a_flood_of_unknown_kids_makes_one_fetch_in_half_a_minute_and_is_not_remembered() {
    let stage = Stage::warm(&["a"]);
    for kid in 0..10_000 {
        assert!(!stage.accepts(&format!("{kid}")));
        stage.clock.pass(Duration::from_millis(1));
    }
    assert_eq!(stage.provider.fetches(), 2);
    assert!(stage.accepts("a"));
}

#[test]
fn known_keys_are_found_while_others_wait() {
    let stage = Stage::warm(&["a"]);
    let keys = stage.get(Some("a")).unwrap();
    stage.provider.holds(true);
    let waits = stage.pending(Some("b"));
    assert!(stage.accepts("a"));
    assert!(stage.is_current(&keys));
    stage.provider.publishes(&["b"]);
    stage.provider.holds(false);
    assert_eq!(kids(&waits.wait().unwrap().unwrap()), ["b"]);
    assert!(!stage.is_current(&keys));
}

/// Returns whether a request with a known key proceeds while another thread holds the lock.
fn takes_no_lock(stage: &Stage, keys: &Arc<KeySet>) -> bool {
    let (sender, receiver) = mpsc::channel();
    let locked = stage.keys.lock();
    thread::scope(|scope| {
        scope.spawn(|| {
            let found = matches!(stage.find(Some("a")), Find::Ready(found) if Arc::ptr_eq(&found, keys));
            sender.send(found && stage.is_current(keys)).unwrap();
        });
        let gets_on = receiver.recv_timeout(FOREVER);
        drop(locked);
        gets_on == Ok(true)
    })
}

#[test]
fn requests_that_have_nothing_to_do_take_no_lock() {
    let stage = Stage::warm(&["a"]);
    let keys = stage.get(Some("a")).unwrap();
    assert!(takes_no_lock(&stage, &keys));
    // Neither do they while a fetch runs in the background.
    stage.provider.holds(true);
    stage.clock.pass(Duration::from_secs(480));
    assert!(stage.accepts("a"));
    assert!(takes_no_lock(&stage, &keys));
    stage.provider.holds(false);
}

#[test]
fn keys_are_read_again_in_the_background_by_either_kind_of_request() {
    for by_cache in [false, true] {
        let stage = Stage::warm(&["a"]);
        let keys = stage.get(Some("a")).unwrap();
        stage.provider.publishes(&["a", "b"]);
        stage.provider.holds(true);
        stage.clock.pass(Duration::from_secs(480));
        for _ in 0..10 {
            assert!(if by_cache {
                stage.is_current(&keys)
            } else {
                stage.accepts("a")
            });
        }
        stage.provider.holds(false);
        assert_eq!(stage.next_event(), r#"ci: changed ["a", "b"] 0 s"#);
        assert_eq!(stage.provider.fetches(), 2);
        assert!(!stage.is_current(&keys));
    }
}

#[test]
fn a_verified_token_is_looked_at_again_when_its_keys_are_old() {
    let stage = Stage::warm(&["a"]);
    let keys = stage.get(Some("a")).unwrap();
    stage.clock.pass(Duration::from_secs(600));
    stage.provider.holds(true);
    assert!(!stage.is_current(&keys));
    let waits = stage.pending(Some("a"));
    stage.provider.holds(false);
    // The same keys as before, so that what was verified with them is good again.
    assert!(Arc::ptr_eq(&waits.wait().unwrap().unwrap(), &keys));
    assert!(stage.is_current(&keys));
    assert_eq!(stage.next_event(), r#"ci: same ["a"] 0 s"#);
    assert_eq!(stage.provider.fetches(), 2);
}

#[test]
fn no_verified_token_outlives_the_last_day_of_its_keys() {
    let stage = Stage::warm(&["a"]);
    let keys = stage.get(Some("a")).unwrap();
    stage.provider.answers(Answer::Fails(FetchError::NoThread));
    for _ in 0..24 * 60 - 1 {
        stage.clock.pass(Duration::from_secs(60));
        assert!(stage.accepts("a"));
    }
    assert!(stage.keys.status(stage.clock.monotonic()).is_stale);
    stage.clock.pass(Duration::from_secs(60));
    assert!(!stage.is_current(&keys));
    assert!(!stage.accepts("a"));
    assert!(!stage.is_current(&keys));
    stage.provider.publishes(&["a"]);
    stage.clock.pass(Duration::from_secs(36));
    assert!(stage.accepts("a"));
}

#[test]
fn a_fetch_that_fails_leaves_the_old_keys() {
    for (answer, code) in [
        (Answer::Fails(FetchError::NoThread), "no_thread"),
        (
            Answer::Fails(FetchError::KeySet(KeySetError::NoKeyList)),
            "key_set",
        ),
        (Answer::Panics, "source_panicked"),
    ] {
        let stage = Stage::warm(&["a"]);
        keeps_its_keys(&stage, answer, code);
    }
}

fn keeps_its_keys(stage: &Stage, answer: Answer, code: &str) {
    let keys = stage.get(Some("a")).unwrap();
    stage.provider.answers(answer);
    let kept = stage.get(Some("b")).unwrap();
    assert!(Arc::ptr_eq(&keys, &kept) && stage.is_current(&keys));
    assert_eq!(stage.next_event(), format!("ci: {code} 1"));
    let status = stage.keys.status(stage.clock.monotonic());
    assert_eq!((status.usable, status.failures), (1, 1));
    assert_eq!(status.error.unwrap().code(), code);
}

/// Withdrawn keys stay out of use, whatever is published, until there are usable ones.
fn loses_its_keys(stage: &Stage, published: Vec<Value>) {
    let keys = stage.get(Some("a")).unwrap();
    let skipped = published.len();
    stage.provider.answers(Answer::Entries(published));
    assert!(stage.get(Some("b")).is_none());
    assert!(!stage.is_current(&keys));
    assert!(matches!(stage.find(Some("a")), Find::Missing));
    let events: Vec<_> = std::iter::repeat_with(|| stage.next_event())
        .filter(|event| !event.contains("private key"))
        .take(2)
        .collect();
    assert_eq!(events, ["ci: no_usable_key 1", r#"ci: withdrawn ["a"]"#]);
    let status = stage.keys.status(stage.clock.monotonic());
    assert_eq!((status.usable, status.age, status.failures), (0, None, 1));
    assert_eq!(status.error, Some(FetchError::NoUsableKey { skipped }));
    // It is reported once.
    stage.clock.pass(Duration::from_secs(2));
    assert!(!stage.accepts("a"));
    let next = || std::iter::repeat_with(|| stage.next_event()).find(|event| !event.contains("private key"));
    assert_eq!(next().unwrap(), "ci: no_usable_key 2");

    stage.provider.publishes(&["c"]);
    stage.clock.pass(Duration::from_secs(36));
    assert!(stage.accepts("c"));
    assert_eq!(next().unwrap(), r#"ci: changed ["c"] 0 s"#);
    // The key is searched for once more, and another thread reports it.
    assert!(!stage.accepts("a"));
}

fn unusable() -> Value {
    let mut unusable = jwk("a");
    unusable["use"] = "enc".into();
    unusable
}

fn private() -> Value {
    let mut private = jwk("a");
    private["d"] = "AAAA".into();
    private
}

#[test]
fn an_issuer_that_publishes_no_keys_any_more_has_revoked_them() {
    for published in [vec![], vec![unusable()], vec![private()]] {
        loses_its_keys(&Stage::warm(&["a"]), published);
    }
}

#[test]
fn an_empty_set_can_be_taken_for_an_outage_but_a_set_of_unusable_keys_cannot() {
    let sources = || KeySources::new().empty_key_set(EmptyKeySet::KeepUntilStale);
    let stage = Stage::warm_with(&["a"], sources());
    keeps_its_keys(&stage, Answer::Entries(vec![]), "no_usable_key");
    // Even then, not for longer than any others.
    for _ in 0..24 * 60 - 1 {
        stage.clock.pass(Duration::from_secs(60));
        assert!(stage.accepts("a"));
    }
    stage.clock.pass(Duration::from_secs(60));
    assert!(!stage.accepts("a"));
    for published in [vec![unusable()], vec![private()]] {
        loses_its_keys(&Stage::warm_with(&["a"], sources()), published);
    }
}

#[test]
fn whoever_starts_while_the_provider_is_down_recovers_with_it() {
    let stage = Stage::new(&["a"]);
    stage.provider.answers(Answer::Fails(FetchError::NoThread));
    for _ in 0..600 {
        assert!(!stage.accepts("a"));
        stage.clock.pass(Duration::from_secs(1));
    }
    assert!(stage.provider.fetches() <= 22, "{}", stage.provider.fetches());
    stage.provider.publishes(&["a"]);
    stage.clock.pass(Duration::from_secs(36));
    assert!(stage.accepts("a"));
}

#[test]
fn the_calendar_has_no_say() {
    let stage = Stage::warm(&["a"]);
    let keys = stage.get(Some("a")).unwrap();
    for wall in [0, -3600, 1_800_000_000 - 3600, 1_800_000_000 + 3600, i64::MAX] {
        stage.clock.set_wall(wall);
        assert!(stage.is_current(&keys) && stage.accepts("a"));
    }
    assert_eq!(stage.provider.fetches(), 1);
}

#[test]
fn a_published_private_key_is_an_alarm_once() {
    let stage = Stage::new(&[]);
    let mut private = jwk("lost");
    private["d"] = "AAAA".into();
    stage.provider.answers(Answer::Entries(vec![jwk("a"), private]));
    assert!(stage.accepts("a"));
    assert_eq!(stage.next_event(), r#"ci: changed ["a"] 0 s"#);
    assert_eq!(stage.next_event(), r#"ci: private key Some("lost")"#);
    for _ in 0..2 {
        stage.clock.pass(Duration::from_secs(700));
        assert!(stage.accepts("a"));
        assert_eq!(stage.next_event(), r#"ci: same ["a"] 0 s"#);
    }
    let status = stage.keys.status(stage.clock.monotonic());
    assert_eq!(
        (status.usable, status.skipped, status.age),
        (1, 1, Some(Duration::ZERO))
    );
}

#[test]
fn keys_are_kept_for_the_same_issuer_and_the_same_place() {
    let stage = Stage::new(&["a"]);
    assert!(stage.keys.serves(&issuer("ci")));
    assert!(!stage.keys.serves(&issuer("renamed")));
    let mut other = issuer("ci");
    other.jwks = Some("keys.json".to_owned());
    assert!(!stage.keys.serves(&other));
    let mut other = issuer("ci");
    other.url = format!("{URL}/");
    assert!(!stage.keys.serves(&other));
}
