//! Tests of fetches for unknown `kid`s, in simulated time.

#![allow(clippy::arithmetic_side_effects, reason = "tests may end early")]

use super::super::scripted::{jwk, parse};
use super::simulation::{Simulation, uses, waits};
use crate::keys::Fetched;

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
