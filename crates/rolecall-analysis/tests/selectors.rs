//! Assertions about many roles: the answers are those of one question for each pair of roles, and there are not as many
//! questions. How many there are is seen by how often memory is allocated.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop where something is odd"
)]

mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rolecall_analysis::{Analysis, Outcome};
use rolecall_engine::PolicySet;
use support::small::{condition, layouts, prelude};

/// A policy set with such roles, and an assertion about them.
fn set(roles: &[String], assertion: &str) -> PolicySet {
    let mut policy = "profile p { claim a: text claim b: text claim c: text }
        issuer i { url \"https://i.example\" profile p audience \"x\" }
        issuer j { url \"https://j.example\" profile generic audience \"x\" }\n"
        .to_owned();
    for (number, role) in roles.iter().enumerate() {
        let tag = if number % 2 == 0 { "even" } else { "odd" };
        policy += &format!("role r{number} {{ tags [{tag}] {role} }}\n");
    }
    support::compile(&format!("{policy}assert \"said\" {{ {assertion} }}\n"))
}

/// The verdict of the only assertion, and the roles of its token.
fn proof(set: &PolicySet) -> (Outcome, Vec<String>) {
    let proof = Analysis::new(set).prove(set.program().assertions.first().expect("an assertion"));
    let allowed = match &proof.outcome {
        Outcome::Refuted(Some(witness)) => {
            assert!(witness.denied.is_empty(), "{witness:?}");
            witness.allowed.clone()
        }
        _ => Vec::new(),
    };
    (proof.outcome, allowed)
}

/// `disjoint` of so many roles, each alone.
fn each_alone(count: usize) -> String {
    let names: Vec<String> = (0..count).map(|number| format!("r{number}")).collect();
    format!("disjoint {}", names.join(", "))
}

fn allocations(set: &PolicySet) -> u64 {
    let counted = allocation_counter::measure(|| {
        let (outcome, _) = proof(set);
        assert!(outcome.is_proved(), "{outcome:?}");
    });
    counted.count_total
}

#[test]
fn twice_as_many_roles_are_twice_as_many_questions() {
    let value = |number: usize| format!("allow from i when a == \"{number}\" && b == \"x\"");
    let pattern = |number: usize| format!("allow from i when a like \"{number}-*\"");
    let either = |number: usize| {
        format!(
            "allow from i when a == \"{number}\" allow from i when c like \"{number}-*\" && a like \"{number}-*\""
        )
    };
    let others =
        |number: usize| format!("allow from i when a == \"{number}\" allow from j when sub == \"{number}\"");
    let kinds: [&dyn Fn(usize) -> String; 4] = [&value, &pattern, &either, &others];
    for (kind, role) in kinds.into_iter().enumerate() {
        for assertion in [None, Some("disjoint #even, #odd")] {
            let counted = [40, 80].map(|count| {
                let roles: Vec<String> = (0..count).map(role).collect();
                let assertion = assertion.map_or_else(|| each_alone(count), str::to_owned);
                allocations(&set(&roles, &assertion))
            });
            let [few, many] = counted;
            assert!(many < few * 3, "{kind} {assertion:?}: {counted:?}");
        }
        for assertion in ["#even covers r0", "equivalent #even, #even", "* covers #odd"] {
            let counted = [40, 80].map(|count| {
                let roles: Vec<String> = (0..count).map(role).collect();
                allocations(&set(&roles, assertion))
            });
            let [few, many] = counted;
            assert!(many < few * 3, "{kind} {assertion}: {counted:?}");
        }
    }
}

#[test]
fn the_token_names_the_two_roles_that_meet() {
    let mut roles: Vec<String> = (0..30)
        .map(|number| format!("allow from i when a == \"{number}\""))
        .collect();
    roles[7] = "allow from i when a like \"2?\" && c == \"7\"".to_owned();
    roles.push("allow from j when sub == \"1\"".to_owned());
    let (_, allowed) = proof(&set(&roles, &each_alone(31)));
    let [first, second] = allowed.as_slice() else {
        panic!("{allowed:?}");
    };
    assert_eq!(first.as_str(), "r7");
    assert!(second.starts_with("r2"), "{second}");
    roles[7] = "allow from j when sub like \"*1\"".to_owned();
    let (_, allowed) = proof(&set(&roles, &each_alone(31)));
    assert_eq!(allowed, ["r7", "r30"]);
    // A role of two groups meets itself.
    let (_, allowed) = proof(&set(&roles, "disjoint r1, r2, r1"));
    assert_eq!(allowed, ["r1"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    /// The same as asking about each pair.
    #[test]
    fn groups_meet_if_two_of_their_roles_do(
        layout in 0..layouts(),
        conditions in vec(prop_oneof![condition(), select(vec!["p == \"a\"", "p == \"b\" && r == \"a\"", "p == \"a\" || p == \"b\"", "sub == \"a:b\"", "k == \"a\""]).prop_map(str::to_owned)], 4..7),
    ) {
        let mut policy = prelude(layout);
        for (number, condition) in conditions.iter().enumerate() {
            policy += &format!("role r{number} {{ allow from small when {condition} }}\n");
        }
        let all: Vec<String> = (0..conditions.len()).map(|number| format!("r{number}")).collect();
        policy += &format!("assert \"apart\" {{ disjoint {} }}\n", all.join(", "));
        let set = support::compile(&policy);
        let mut analysis = Analysis::new(&set);
        let mut pairs = Vec::new();
        for first in 0..conditions.len() {
            for second in first + 1..conditions.len() {
                pairs.push(analysis.disjoint(first, second));
            }
        }
        let (outcome, allowed) = proof(&set);
        match &outcome {
            Outcome::Proved => prop_assert!(pairs.iter().all(Outcome::is_proved), "{policy}"),
            Outcome::Refuted(_) => {
                prop_assert_eq!(allowed.len(), 2, "{}", policy);
                prop_assert!(pairs.iter().any(Outcome::is_refuted), "{policy}");
            }
            Outcome::NotDecided(_) => prop_assert!(pairs.iter().any(|pair| matches!(pair, Outcome::NotDecided(_))), "{policy}"),
            _ => prop_assert!(false, "a newer outcome"),
        }
    }
}
