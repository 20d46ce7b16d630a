//! Tests of the schedule, in simulated time.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::scripted::{jwk, key_set, parse};
use super::simulation::{DAY, Simulation, uses, waits};
use super::{Advice, Outcome, Refresh};
use crate::keys::{EmptyKeySet, Fetched};

#[test]
fn the_first_request_starts_a_fetch_and_the_others_wait_for_it() {
    let mut simulation = Simulation::new(&["a"]);
    let first = simulation.ask("a");
    assert!(first.start && waits(&first));
    for kid in ["a", "b", "c"] {
        let other = simulation.ask(kid);
        assert!(!other.start && waits(&other));
    }
    simulation.end();
    let after = simulation.ask("a");
    assert!(!after.start && uses(&after));
}

#[test]
fn keys_are_read_again_in_the_background_before_they_are_old() {
    for (chance, due) in [(0, 480.0), (u32::MAX, 384.0)] {
        let mut simulation = Simulation::new(&["a"]);
        simulation.chance = chance;
        assert!(simulation.accepts("a"));
        simulation.at(due - 0.001);
        assert!(!simulation.ask("a").start);
        simulation.at(due);
        let first = simulation.ask("a");
        assert!(first.start && uses(&first));
        let other = simulation.ask("a");
        assert!(!other.start && uses(&other));
    }
}

#[test]
fn past_their_age_requests_wait_for_the_fetch_that_runs() {
    let mut simulation = Simulation::new(&["a"]);
    assert!(simulation.accepts("a"));
    simulation.at(500.0);
    assert!(simulation.ask("a").start);
    simulation.at(599.9);
    assert!(uses(&simulation.ask("a")));
    simulation.at(600.0);
    assert!(waits(&simulation.ask("a")));
    simulation.end();
    assert!(uses(&simulation.ask("a")));
}

#[test]
fn a_key_that_was_removed_while_nobody_asked_is_refused_by_the_first_request() {
    let mut simulation = Simulation::new(&["a"]);
    assert!(simulation.accepts("a"));
    simulation.published = Some(vec!["b"]);
    simulation.at(3600.0);
    assert!(!simulation.accepts("a"));
    assert_eq!(simulation.fetches, 2);
}

#[test]
fn a_source_says_how_long_its_keys_are_fresh_within_bounds() {
    let seconds = Duration::from_secs;
    for (said, due) in [
        (Some(seconds(10)), 8.0),
        (Some(Duration::ZERO), 0.8),
        (Some(Duration::MAX), DAY.as_secs_f64() * 0.8),
        (None, 480.0),
    ] {
        let mut simulation = Simulation::new(&["a"]);
        simulation.max_age = said;
        assert!(simulation.accepts("a"));
        simulation.at(due - 0.001);
        assert!(!simulation.ask("a").start, "{said:?}");
        simulation.at(due + 0.001);
        assert!(simulation.ask("a").start, "{said:?}");
    }
}

#[test]
fn keys_are_fresh_no_longer_than_they_may_be_used() {
    let mut simulation = Simulation::new(&["a"]);
    simulation.refresh = Refresh::new(Duration::from_secs(60), EmptyKeySet::default());
    assert!(simulation.accepts("a"));
    simulation.at(48.0);
    assert!(simulation.ask("a").start);
    simulation.published = None;
    simulation.end();
    simulation.at(59.9);
    assert!(simulation.accepts("a"));
    simulation.at(60.0);
    assert!(!simulation.accepts("a"));
}

#[test]
fn a_failure_is_followed_by_a_try_a_second_later_and_then_each_half_minute() {
    for (chance, tries) in [(0, [0.0, 1.0, 31.0, 61.0]), (u32::MAX, [0.0, 1.2, 37.2, 73.2])] {
        let mut simulation = Simulation::down();
        simulation.chance = chance;
        for (try_at, failures) in tries.into_iter().zip(1..) {
            if try_at > 0.0 {
                simulation.at(try_at - 0.001);
                let early = simulation.ask("a");
                assert!(!early.start && matches!(early.advice, Advice::Missing));
            }
            simulation.at(try_at + 0.001);
            assert!(simulation.ask("a").start, "{try_at}");
            simulation.at(try_at + 0.001);
            let outcome = simulation.end();
            assert!(matches!(outcome, Outcome::Failed { failures: n, .. } if n == failures));
            // The time it took does not count.
            simulation.began += Duration::from_millis(1);
        }
    }
}

#[test]
fn a_provider_that_is_down_for_an_hour_is_not_noticed() {
    let mut simulation = Simulation::new(&["a"]);
    assert!(simulation.accepts("a"));
    simulation.published = None;
    for _ in 0..7200 {
        simulation.pass(0.5);
        let answer = simulation.ask("a");
        assert!(uses(&answer), "a request waits for a provider that is down");
        if answer.start {
            // It takes its time to fail, and requests do not wait meanwhile either.
            for _ in 0..10 {
                simulation.pass(1.0);
                assert!(uses(&simulation.ask("a")));
            }
            simulation.end();
        }
    }
    assert!(simulation.fetches < 130, "{}", simulation.fetches);
    assert!(simulation.refresh.status("ci", simulation.now).is_stale);
    simulation.published = Some(vec!["a", "b"]);
    simulation.pass(40.0);
    assert!(simulation.accepts("b"));
    let status = simulation.refresh.status("ci", simulation.now);
    assert!(!status.is_stale && status.error.is_none() && status.failures == 0);
}

#[test]
fn a_day_after_the_last_good_fetch_nothing_is_accepted_until_the_provider_is_back() {
    let mut simulation = Simulation::new(&["a"]);
    assert!(simulation.accepts("a"));
    simulation.published = None;
    for minute in 1..1440 {
        simulation.at(f64::from(minute) * 60.0);
        assert!(simulation.accepts("a"), "minute {minute}");
    }
    simulation.at(86_399.9);
    assert!(simulation.accepts("a"));
    for seconds in [86_400.0, 86_401.0, 86_500.0, 200_000.0] {
        simulation.at(seconds);
        assert!(simulation.request("a").is_none());
    }
    simulation.published = Some(vec!["a"]);
    simulation.at(200_040.0);
    assert!(simulation.accepts("a"));
}

#[test]
fn keys_too_old_to_use_are_not_used_by_who_comes_after_a_long_time() {
    let mut simulation = Simulation::new(&["a"]);
    assert!(simulation.accepts("a"));
    simulation.at(86_400.0);
    assert!(simulation.refresh.in_use(simulation.now).is_none());
    let first = simulation.ask("a");
    assert!(first.start && waits(&first));
    assert_eq!(simulation.refresh.status("ci", simulation.now).usable, 0);
}

#[test]
fn whoever_starts_while_the_provider_is_down_recovers_with_it() {
    let mut simulation = Simulation::down();
    for second in 0..300 {
        simulation.at(f64::from(second));
        assert!(simulation.request("a").is_none());
    }
    assert!(simulation.fetches <= 12, "{}", simulation.fetches);
    simulation.published = Some(vec!["a"]);
    simulation.pass(36.0);
    assert!(simulation.accepts("a"));
}

#[test]
fn an_equal_set_stays_the_very_same() {
    let mut simulation = Simulation::new(&["a"]);
    let first = simulation.request("a").unwrap();
    simulation.at(700.0);
    let second = simulation.request("a").unwrap();
    assert!(Arc::ptr_eq(&first, &second));
    assert_eq!(simulation.fetches, 2);
    simulation.published = Some(vec!["a", "b"]);
    simulation.at(1400.0);
    let third = simulation.request("a").unwrap();
    assert!(!Arc::ptr_eq(&first, &third));
}

#[test]
fn a_key_of_the_same_kid_that_is_another_is_a_change() {
    let entry = |kid: &str, key: &str| {
        let mut entry = jwk(key);
        entry["kid"] = kid.into();
        entry
    };
    let base = || vec![jwk("a"), jwk("b")];
    let with = |change: &dyn Fn(&mut Vec<serde_json::Value>)| {
        let mut entries = base();
        change(&mut entries);
        parse(&entries)
    };
    assert_eq!(parse(&base()), parse(&base()));
    assert_ne!(parse(&base()), with(&|entries| entries[0] = entry("a", "other")));
    assert_ne!(parse(&base()), with(&|entries| entries[0] = entry("other", "a")));
    assert_ne!(parse(&base()), with(&|entries| entries[0]["use"] = "enc".into()));
    assert_ne!(parse(&base()), with(&|entries| entries.truncate(1)));
    assert_ne!(parse(&base()), with(&|entries| entries.push(jwk("c"))));
}

#[test]
fn a_thousand_issuers_that_begin_together_do_not_read_together() {
    let now = Instant::now();
    let mut due: Vec<_> = (0..1000_u32)
        .map(|issuer| {
            let mut refresh = Refresh::new(DAY, EmptyKeySet::default());
            assert!(refresh.ask(|_| true, now).start);
            let fetched = Fetched {
                keys: key_set(&["a"]),
                max_age: None,
            };
            // Numbers without a pattern (Knuth's multiplicative hash).
            refresh.end(Ok(fetched), now, issuer.wrapping_mul(2_654_435_761));
            refresh.current().unwrap().until.duration_since(now).as_secs()
        })
        .collect();
    due.sort_unstable();
    assert!(due[0] < 390 && due[999] > 475);
    let most = due.chunk_by(|a, b| a == b).map(<[u64]>::len).max().unwrap();
    assert!(most < 20, "{most} in one second");
}

#[test]
fn a_request_that_was_late_with_its_time_does_no_harm() {
    let mut simulation = Simulation::new(&["a"]);
    let before = simulation.now;
    simulation.pass(100.0);
    assert!(simulation.accepts("a"));
    assert!(!simulation.accepts("b"));
    simulation.now = before;
    assert!(uses(&simulation.ask("a")));
    assert!(uses(&simulation.ask("c")));
    let status = simulation.refresh.status("ci", simulation.now);
    assert_eq!(status.age, Some(Duration::ZERO));
}
