//! A token that comes again costs no memory.

use std::thread;
use std::time::Duration;

use crate::stage::{POLICY, Stage, policies, stage, token};
use rolecall::{FileKeys, Gate, KeySources, PolicySet};

#[test]
fn a_repeated_decision_allocates_nothing() {
    let Stage { gate, .. } = stage();
    let good = token(|_| ());
    // The first time, each of them is decided and remembered.
    gate.authorize(&good, "deploy").unwrap();
    gate.authorize(&good, "admin").unwrap_err();
    assert_eq!(gate.roles(&good).unwrap().iter().count(), 2);
    let counted = allocation_counter::measure(|| {
        for _ in 0..100 {
            assert!(gate.authorize(&good, "deploy").is_ok());
            assert!(gate.authorize(&good, "admin").is_err());
            assert_eq!(gate.roles(&good).unwrap().iter().count(), 2);
        }
    });
    assert_eq!((counted.count_total, counted.bytes_total), (0, 0));
}

fn policies_with(roles: usize) -> PolicySet {
    let roles =
        (0..roles).map(|n| format!("role r{n} {{ allow from gitlab when project == \"group/p{n}\" }}\n"));
    policies(&format!("{POLICY} {}", roles.collect::<String>()))
}

#[test]
fn the_last_decision_on_old_policies_does_not_free_them() {
    let Stage { gate, .. } = stage();
    gate.replace_policies(policies_with(2_000)).unwrap();
    let last = gate.authorize(&token(|_| ()), "deploy").unwrap();
    let counted = allocation_counter::measure(|| gate.replace_policies(policies(POLICY)).unwrap());
    assert!(counted.count_current > -1_000, "{}", counted.count_current);
    // The cache also has the token until another thread has dropped it.
    thread::sleep(Duration::from_millis(200));
    let counted = allocation_counter::measure(|| drop(last));
    assert!(counted.count_current > -1_000, "{}", counted.count_current);
}

/// Counted in allocations, which a comparison with each old issuer used to make.
#[test]
fn replacing_policies_is_linear_in_the_number_of_issuers() {
    let cost = |issuers: usize| {
        let text = (0..issuers).map(|n| {
            format!(
                "issuer i{n} {{ url \"https://i{n}.example\" profile gitlab-ci audience \"rolecall\" }}\n"
            )
        });
        let text: String = text.collect();
        let sources = KeySources::new().otherwise(FileKeys::new("no file"));
        let gate = Gate::builder(policies(&text), sources).build().unwrap();
        let set = policies(&text);
        let counted = allocation_counter::measure(|| gate.replace_policies(set).unwrap());
        counted.count_total / u64::try_from(issuers).unwrap()
    };
    let (few, many) = (cost(100), cost(1_000));
    assert!(
        many <= 2 * few,
        "{few} allocations of 100 issuers each, {many} of 1,000"
    );
}
