//! The schedule in simulated time: a source answers at once, or when a test says so.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::scripted::{jwk, key_set, kids, parse};
use super::{Advice, Answer, Outcome, Refresh};
use crate::key_set::KeySet;
use crate::keys::{FetchError, Fetched, KeySources};

const DAY: Duration = KeySources::LONGEST_STALE;

/// One issuer, its requests and its provider.
struct Simulation {
    refresh: Refresh,
    began: Instant,
    now: Instant,
    /// What the provider publishes, or nothing while it is down.
    published: Option<Vec<&'static str>>,
    max_age: Option<Duration>,
    chance: u32,
    fetches: usize,
}

impl Simulation {
    fn new(published: &[&'static str]) -> Self {
        let now = Instant::now();
        Self {
            refresh: Refresh::new(DAY),
            began: now,
            now,
            published: Some(published.to_vec()),
            max_age: None,
            chance: 0,
            fetches: 0,
        }
    }

    fn down() -> Self {
        let mut simulation = Self::new(&[]);
        simulation.published = None;
        simulation
    }

    fn pass(&mut self, seconds: f64) {
        self.now += Duration::from_secs_f64(seconds);
    }

    /// The second that the simulation is at.
    fn at(&mut self, seconds: f64) {
        let then = self.began + Duration::from_secs_f64(seconds);
        assert!(then >= self.now, "time never goes back");
        self.now = then;
    }

    fn ask(&mut self, kid: &str) -> Answer {
        self.refresh.ask(|keys| keys.names(kid), self.now)
    }

    fn end(&mut self) -> Outcome {
        self.fetches += 1;
        let result = match &self.published {
            Some(kids) => Ok(Fetched {
                keys: key_set(kids),
                max_age: self.max_age,
            }),
            None => Err(FetchError::NoUsableKey { skipped: 0 }),
        };
        self.refresh.end(result, self.now, self.chance)
    }

    /// What a request gets from a provider that answers at once: the keys, if there are any.
    fn request(&mut self, kid: &str) -> Option<Arc<KeySet>> {
        let answer = self.ask(kid);
        if answer.start {
            self.end();
        }
        match answer.advice {
            Advice::Use(keys) => Some(keys),
            Advice::Wait => self.refresh.in_use(self.now),
            Advice::Missing => None,
        }
    }

    /// Whether a token with this key would be verified.
    fn accepts(&mut self, kid: &str) -> bool {
        self.request(kid).is_some_and(|keys| kids(&keys).contains(&kid))
    }
}

fn uses(answer: &Answer) -> bool {
    matches!(answer.advice, Advice::Use(_))
}

fn waits(answer: &Answer) -> bool {
    matches!(answer.advice, Advice::Wait)
}

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
    simulation.refresh = Refresh::new(Duration::from_secs(60));
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
fn a_new_key_is_accepted_in_the_same_request() {
    let mut simulation = Simulation::new(&["old"]);
    assert!(simulation.accepts("old"));
    simulation.published = Some(vec!["old", "new"]);
    simulation.pass(1.0);
    assert!(simulation.accepts("new"));
    assert!(simulation.accepts("old"));
    assert_eq!(simulation.fetches, 2);
    simulation.published = Some(vec!["new"]);
    simulation.pass(480.0);
    simulation.request("old");
    assert!(!simulation.accepts("old"), "the key was removed");
    assert!(simulation.accepts("new"));
}

#[test]
fn who_lacks_a_key_waits_for_whatever_fetch_runs() {
    let mut simulation = Simulation::new(&["a"]);
    assert!(simulation.accepts("a"));
    simulation.at(480.0);
    assert!(simulation.ask("a").start);
    let lacking = simulation.ask("b");
    assert!(!lacking.start && waits(&lacking));
    assert!(uses(&simulation.ask("a")));
}

#[test]
fn a_flood_of_unknown_kids_makes_two_fetches_at_most() {
    let flood = |simulation: &mut Simulation| {
        let before = simulation.fetches;
        for kid in 0..10_000 {
            assert!(!simulation.accepts(&format!("{kid}")));
            simulation.pass(0.001);
        }
        simulation.fetches - before
    };
    // There are no keys yet.
    assert_eq!(flood(&mut Simulation::new(&["a"])), 2);
    // There are never any keys.
    assert_eq!(flood(&mut Simulation::down()), 2);
    // There are keys, and the provider works.
    let mut simulation = Simulation::new(&["a"]);
    assert!(simulation.accepts("a"));
    assert_eq!(flood(&mut simulation), 1);
    // There are keys, and the provider does not work.
    let mut simulation = Simulation::new(&["a"]);
    assert!(simulation.accepts("a"));
    simulation.published = None;
    assert_eq!(flood(&mut simulation), 2);
    assert!(simulation.accepts("a"));
}

#[test]
fn in_a_flood_a_new_key_is_found_within_half_a_minute() {
    for rotation in [1_u32, 299, 300, 301, 2000, 4790, 4800, 4810] {
        let mut simulation = Simulation::new(&["old"]);
        for tenth in 0..rotation + 301 {
            if tenth == rotation {
                simulation.published = Some(vec!["new"]);
            }
            simulation.request(&format!("{tenth}"));
            simulation.pass(0.1);
        }
        assert!(simulation.accepts("new"), "{rotation}");
    }
}

#[test]
fn searches_and_the_schedule_do_not_use_up_one_anothers_fetches() {
    let mut simulation = Simulation::new(&["a"]);
    assert!(simulation.accepts("a"));
    // The first fetch was no search, so there is one at once.
    simulation.pass(0.1);
    assert!(!simulation.accepts("x"));
    assert_eq!(simulation.fetches, 2);
    // A search just before the schedule is due, which fails: the schedule still has its fetch.
    simulation.published = None;
    simulation.at(479.9);
    assert!(!simulation.accepts("x"));
    assert_eq!(simulation.fetches, 3);
    simulation.at(480.1);
    assert!(simulation.accepts("a"));
    assert_eq!(simulation.fetches, 4);
}

#[test]
fn searches_that_fail_do_not_put_off_the_schedule() {
    let mut simulation = Simulation::new(&["a"]);
    simulation.chance = u32::MAX;
    assert!(simulation.accepts("a"));
    simulation.published = None;
    for (second, fetches) in [(340.0, 2), (341.3, 3), (372.0, 4), (384.0, 5)] {
        simulation.at(second);
        simulation.request("x");
        assert_eq!(simulation.fetches, fetches, "{second}");
    }
}

#[test]
fn a_search_that_failed_is_repeated_a_second_later() {
    let mut simulation = Simulation::new(&["old"]);
    assert!(simulation.accepts("old"));
    simulation.published = None;
    simulation.pass(1.0);
    assert!(!simulation.accepts("new"));
    simulation.published = Some(vec!["old", "new"]);
    simulation.pass(1.0);
    assert!(simulation.accepts("new"));
}

#[test]
fn the_kid_of_an_unusable_key_is_not_searched_for() {
    let mut simulation = Simulation::new(&["a"]);
    let mut unusable = jwk("bad");
    unusable["use"] = "enc".into();
    assert!(simulation.ask("a").start);
    let fetched = Fetched {
        keys: parse(&[jwk("a"), unusable]),
        max_age: None,
    };
    simulation.refresh.end(Ok(fetched), simulation.now, 0);
    assert!(!simulation.ask("bad").start);
    assert!(simulation.ask("worse").start);
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
fn replicas_that_disagree_refuse_a_new_key_for_half_a_minute_at_most() {
    let mut simulation = Simulation::new(&["old"]);
    let (mut refused, mut longest) = (0, 0);
    for second in 0..3600 {
        simulation.at(f64::from(second));
        for kid in ["old", "new"] {
            // Of three replicas, one has the new key already.
            let knows = simulation.fetches % 3 == 2;
            simulation.published = Some(if knows { vec!["old", "new"] } else { vec!["old"] });
            let accepted = simulation.accepts(kid);
            assert!(accepted || kid == "new");
            if kid == "new" {
                refused = if accepted { 0 } else { refused + 1 };
                longest = longest.max(refused);
            }
        }
    }
    assert!((1..=30).contains(&longest), "{longest}");
    assert!(simulation.fetches < 30, "{}", simulation.fetches);
}

#[test]
fn a_thousand_issuers_that_begin_together_do_not_read_together() {
    let now = Instant::now();
    let mut due: Vec<_> = (0..1000_u32)
        .map(|issuer| {
            let mut refresh = Refresh::new(DAY);
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
