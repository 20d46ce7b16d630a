//! Tests of a gate whose policies are replaced, or whose keys are being fetched.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use rolecall_engine::{PolicySet, Source};
use serde_json::json;

use super::Gate;
use super::policies::Waited;
use super::verification::Step;
use crate::keys::{FOREVER, HandClock, KeySources, NOW, Provider, token};

fn policies(role: &str) -> PolicySet {
    policies_of("ci", role)
}

fn policies_of(issuer: &str, role: &str) -> PolicySet {
    let text = format!(
        r#"issuer {issuer} {{ url "https://ci.example" profile gitlab-ci audience "rolecall" }}
           role {role} {{ allow from {issuer} when project == "group/project" }}"#
    );
    PolicySet::compile([Source::new("test.policy", text)]).unwrap()
}

fn gate(provider: &Arc<Provider>) -> Gate {
    let sources = KeySources::new().otherwise(Arc::clone(provider));
    let clock = Arc::into_inner(HandClock::new()).unwrap();
    Gate::builder(policies("before"), sources)
        .clock(clock)
        .build()
        .unwrap()
}

/// An accepted token, a different one for each number.
fn good(number: u32) -> String {
    signed("a", number)
}

/// A token that names this key and is signed by it.
fn signed(kid: &str, number: u32) -> String {
    let claims = json!({
        "iss": "https://ci.example", "aud": "rolecall", "sub": format!("{number}"),
        "iat": NOW, "exp": NOW + 300, "project_path": "group/project",
    });
    token(kid, &claims)
}

#[test]
fn a_call_that_waits_keeps_no_old_policies_and_is_decided_by_the_new_ones() {
    let provider = Provider::new(&["a"]);
    let gate = gate(&provider);
    let old = Arc::downgrade(&gate.shared.policies());
    let token = good(0);

    provider.holds(true);
    let Ok(Step::Wait(pending)) = gate.step(&token, None) else {
        panic!("it does not wait");
    };
    gate.replace_policies(policies("after")).unwrap();
    // Another thread drops them, while the call waits.
    while old.strong_count() > 0 {
        thread::yield_now();
    }
    let waited = Waited {
        keys: Arc::clone(pending.keys()),
        found: {
            provider.holds(false);
            pending.wait()
        },
    };
    let Ok(Step::Verified(known)) = gate.step(&token, Some(waited)) else {
        panic!("it is not verified");
    };
    assert!(known.recall(known.decide("after")).is_allowed());
    assert_eq!(provider.fetches(), 1);
}

/// The issuer of the new policies has other keys, so the call waits once more.
#[test]
fn a_call_that_waits_for_an_issuer_that_is_replaced_uses_the_keys_of_the_new_one() {
    let provider = Provider::new(&["a"]);
    let gate = gate(&provider);
    provider.holds(true);
    thread::scope(|scope| {
        let call = scope.spawn(|| gate.authorize(&good(0), "after").is_ok());
        while provider.fetches() == 0 {
            thread::yield_now();
        }
        gate.replace_policies(policies_of("renamed", "after")).unwrap();
        provider.holds(false);
        assert!(call.join().unwrap());
    });
    assert_eq!(provider.fetches(), 2);
}

#[test]
fn cached_tokens_keep_no_old_policies() {
    let gate = gate(&Provider::new(&["a"]));
    for number in 0..100 {
        assert!(gate.authorize(&good(number), "before").is_ok());
    }
    let old = Arc::downgrade(&gate.shared.policies());
    gate.replace_policies(policies("after")).unwrap();
    // Another thread drops the cached tokens.
    while old.strong_count() > 0 {
        thread::yield_now();
    }
}

/// Of the calls of all threads, each is decided by policies at least as new as those of all calls that ended
/// before it began. Cached and other tokens take turns.
#[test]
fn no_call_is_decided_by_older_policies_than_one_before() {
    const VERSIONS: usize = 300;
    let gate = gate(&Provider::new(&["a"]));
    let version = |number: usize| policies(&format!("v{number}"));
    gate.replace_policies(version(0)).unwrap();
    // Nothing is verified while the policies are replaced, so that each version sees many calls.
    let sets: Vec<PolicySet> = (1..=VERSIONS).map(version).collect();
    let (done, newest) = (AtomicBool::new(false), AtomicUsize::new(0));
    let decided_by = |token: &str| {
        let roles = gate.roles(token).unwrap();
        let role = roles.iter().next().unwrap().role().unwrap();
        role.name.strip_prefix('v').unwrap().parse::<usize>().unwrap()
    };
    thread::scope(|scope| {
        let callers: Vec<_> = (0..3)
            .map(|caller| {
                let (done, newest, decided_by) = (&done, &newest, &decided_by);
                let fresh: Vec<String> = (0..300).map(|n| good(caller * 10_000 + n)).collect();
                scope.spawn(move || {
                    let (cached, mut late, mut turn) = (good(u32::MAX), 0, 0);
                    while !done.load(Ordering::Acquire) {
                        for token in [&cached, &fresh[turn % fresh.len()], &cached] {
                            let before = newest.load(Ordering::Acquire);
                            let decided = decided_by(token);
                            late += usize::from(decided < before);
                            newest.fetch_max(decided, Ordering::AcqRel);
                        }
                        turn += 1;
                    }
                    (late, turn)
                })
            })
            .collect();
        for set in sets {
            gate.replace_policies(set).unwrap();
            thread::yield_now();
        }
        done.store(true, Ordering::Release);
        for caller in callers {
            let (late, turns) = caller.join().unwrap();
            assert_eq!(late, 0, "of {turns} turns");
        }
    });
}

#[test]
fn invented_kids_make_few_threads_wait() {
    let provider = Provider::new(&["a"]);
    let gate = gate(&provider);
    assert!(gate.authorize(&good(0), "before").is_ok());
    provider.holds(true);
    let (sender, codes) = mpsc::channel();
    thread::scope(|scope| {
        for number in 0..64 {
            let (gate, sender) = (&gate, sender.clone());
            scope.spawn(move || {
                let invented = signed(&format!("invented {number}"), number);
                let denial = gate.authorize(&invented, "before").unwrap_err();
                sender.send((denial.code(), denial.to_string())).unwrap();
            });
        }
        // No thread is left waiting if an assertion fails.
        let refused: Vec<_> = (0..56).map_while(|_| codes.recv_timeout(FOREVER).ok()).collect();
        let honest = (1..10).all(|number| gate.authorize(&good(number), "before").is_ok());
        let waiting = codes.try_recv().is_err();
        provider.holds(false);
        let message = "8 requests are waiting for the keys of issuer `ci`, and no more may".to_owned();
        assert_eq!(refused, vec![("keys_unavailable", message); 56]);
        assert!(honest && waiting);
        let waited = (0..8).map_while(|_| codes.recv_timeout(FOREVER).ok());
        let waited: Vec<_> = waited.map(|(code, _)| code).collect();
        assert_eq!(waited, ["unknown_key"; 8]);
    });
    assert_eq!(provider.fetches(), 2);
}
