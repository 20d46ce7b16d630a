//! What must hold of the answers whatever the policies say: laws of logic, and no difference where nothing differs.

use crate::support::sampling::config;
use crate::support::small::{condition, layouts, prelude};
use proptest::prelude::*;
use rolecall_analysis::{Analysis, Answer, Coverage, Outcome};

/// What came out, without the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ternary {
    No,
    Undecided,
    Yes,
}

fn exists(answer: &Answer) -> Ternary {
    match answer {
        Answer::Nothing => Ternary::No,
        Answer::NotDecided(_) => Ternary::Undecided,
        Answer::Token(_) => Ternary::Yes,
        _ => panic!("a newer answer"),
    }
}

fn holds(outcome: &Outcome) -> Ternary {
    match outcome {
        Outcome::NotDecided(_) => Ternary::Undecided,
        Outcome::Proved => Ternary::Yes,
        Outcome::Refuted(_) => Ternary::No,
        _ => panic!("a newer outcome"),
    }
}

fn opposite(outcome: Ternary) -> Ternary {
    match outcome {
        Ternary::No => Ternary::Yes,
        Ternary::Undecided => Ternary::Undecided,
        Ternary::Yes => Ternary::No,
    }
}

/// Whether two outcomes can both be right.
fn agree(left: Ternary, right: Ternary) -> bool {
    left == right || left == Ternary::Undecided || right == Ternary::Undecided
}

fn policy(layout: usize, conditions: &[String]) -> String {
    let mut policy = prelude(layout);
    for (number, condition) in conditions.iter().enumerate() {
        policy += &format!("role r{number} {{ allow from small when {condition} }}\n");
    }
    policy
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn laws_of_logic(layout in 0..layouts(), a in condition(), b in condition(), c in condition()) {
        let conditions = [
            a.clone(),
            b.clone(),
            format!("({a}) && ({b})"),
            format!("({b}) && ({a})"),
            format!("!(!({a}) || !({b}))"),
            format!("({a}) || ({b})"),
            format!("({a}) && !({a})"),
            format!("(({a}) || ({b})) && ({c})"),
            format!("(({a}) && ({c})) || (({b}) && ({c}))"),
            format!("!(!({a}))"),
        ];
        let set = crate::support::compile(&policy(layout, &conditions));
        let mut analysis = Analysis::new(&set);
        let mut same = |first, second| holds(&analysis.equivalent(crate::support::role(&set, first), crate::support::role(&set, second))) != Ternary::No;
        // A role is itself; `&&` has no order; De Morgan; distribution; two negations.
        for (first, second) in [(0, 0), (2, 3), (2, 4), (7, 8), (0, 9)] {
            prop_assert!(same(first, second), "{} {}", first, second);
        }
        prop_assert!(exists(&analysis.satisfiable(crate::support::role(&set, 6))) != Ternary::Yes, "{a} and not");
        for (first, second) in [(2, 0), (2, 1), (0, 5), (1, 5)] {
            prop_assert!(holds(&analysis.implies(crate::support::role(&set, first), crate::support::role(&set, second))) != Ternary::No, "{} {}", first, second);
        }
        // "Both" and "one but not the other" are what a role is.
        let both = holds(&analysis.disjoint(crate::support::role(&set, 0), crate::support::role(&set, 1)));
        let conjunction = exists(&analysis.satisfiable(crate::support::role(&set, 2)));
        let apart = opposite(conjunction);
        prop_assert!(agree(both, apart), "{:?} {:?}", both, apart);
        let turned = holds(&analysis.disjoint(crate::support::role(&set, 1), crate::support::role(&set, 0)));
        prop_assert!(agree(both, turned), "{:?} {:?}", both, turned);
        if conjunction == Ternary::No && holds(&analysis.implies(crate::support::role(&set, 0), crate::support::role(&set, 1))) == Ternary::Yes {
            prop_assert_eq!(exists(&analysis.satisfiable(crate::support::role(&set, 0))), Ternary::No);
        }
        // Either is covered by the two together, and by nothing less than what it needs.
        match analysis.covered(crate::support::role(&set, 5), &[crate::support::role(&set, 0), crate::support::role(&set, 1)]) {
            Coverage::By(core) => for one in &core {
                let fewer: Vec<_> = core.iter().copied().filter(|other| other != one).collect();
                prop_assert!(!matches!(analysis.covered(crate::support::role(&set, 5), &fewer), Coverage::By(_)), "{:?} {:?}", core, one);
            },
            Coverage::Not(witness) => prop_assert!(false, "{witness:?}"),
            Coverage::NotDecided(_) => {}
            _ => prop_assert!(false, "a newer coverage"),
        }
    }

    /// What the layouts of `sub` and the claims are called, and in which order they stand, says nothing.
    #[test]
    fn order_and_memory_say_nothing(layout in 0..layouts(), a in condition(), b in condition()) {
        let there = crate::support::compile(&policy(layout, &[a.clone(), b.clone()]));
        let back = crate::support::compile(&policy(layout, &[b, a]));
        let mut first = Analysis::new(&there);
        let fresh = first.implies(crate::support::role(&there, 0), crate::support::role(&there, 1));
        // Asked again, and after other questions, the answer is the same, its token too.
        prop_assert_eq!(&fresh, &first.implies(crate::support::role(&there, 0), crate::support::role(&there, 1)));
        let _ = first.satisfiable(crate::support::role(&there, 0));
        let _ = first.satisfiable(crate::support::role(&there, 1));
        prop_assert_eq!(&fresh, &first.implies(crate::support::role(&there, 0), crate::support::role(&there, 1)));
        let turned = holds(&Analysis::new(&back).implies(crate::support::role(&back, 1), crate::support::role(&back, 0)));
        prop_assert!(agree(holds(&fresh), turned), "{:?} {:?}", fresh, turned);
    }

    /// The forms of assertions say what the questions say, and a test to keep passes.
    #[test]
    fn assertions_are_questions(layout in 0..layouts(), a in condition(), b in condition()) {
        let mut text = policy(layout, &[a, b.clone()]);
        text += &format!("assert \"1\" {{ r0 implies {b} }} assert \"2\" {{ r0 implies r1 }} assert \"3\" {{ r1 covers r0 }}
            assert \"4\" {{ never r0 when {b} }} assert \"5\" {{ disjoint r0, r1 }} assert \"6\" {{ possible r0 when {b} }}
            assert \"7\" {{ equivalent r0, r1 }} assert \"8\" {{ possible r0 }}\n");
        let set = crate::support::compile(&text);
        let mut analysis = Analysis::new(&set);
        let proofs: Vec<_> = set.program().assertions().iter().map(|assertion| analysis.prove(assertion)).collect();
        let outcomes: Vec<Ternary> = proofs.iter().map(|proof| holds(&proof.outcome)).collect();
        prop_assert!(agree(outcomes[0], outcomes[1]) && agree(outcomes[1], outcomes[2]), "{:?}", outcomes);
        prop_assert!(agree(outcomes[3], outcomes[4]), "{:?}", outcomes);
        let possible = opposite(outcomes[5]);
        prop_assert!(agree(outcomes[3], possible), "{:?}", outcomes);
        prop_assert!(outcomes[6] != Ternary::Yes || outcomes[2] != Ternary::No, "{:?}", outcomes);
        prop_assert!(outcomes[5] != Ternary::Yes || outcomes[7] != Ternary::No, "{:?}", outcomes);
        for (number, proof) in proofs.iter().enumerate() {
            if let Outcome::Refuted(Some(witness)) = &proof.outcome {
                let kept = format!("{text}{}", witness.test(&format!("kept {number}")).expect("a test"));
                let kept = crate::support::compile(&kept);
                for outcome in kept.run_tests() {
                    prop_assert!(outcome.failures.is_empty(), "{}\n{:?}", witness.test("kept").expect("a test"), outcome);
                }
                // The test for later fails today.
                let statement = &set.program().assertions()[number].statement;
                let later = witness.regression_test("later", statement).expect("a test");
                let kept = crate::support::compile(&format!("{text}{later}"));
                prop_assert!(kept.run_tests().all(|outcome| !outcome.failures.is_empty()), "{later}");
            }
        }
    }
}

#[test]
fn a_role_of_two_groups_is_in_both() {
    let set = crate::support::compile(
        "issuer g { url \"https://g.example\" profile generic audience \"x\" }
         role a { allow from g when sub == \"a\" } role b { allow from g when sub == \"b\" }
         assert \"apart\" { disjoint a, b } assert \"not apart\" { disjoint a, * } assert \"nobody\" { equivalent a, b }",
    );
    let mut analysis = Analysis::new(&set);
    let proofs: Vec<bool> = set
        .program()
        .assertions()
        .iter()
        .map(|assertion| analysis.prove(assertion).outcome.is_proved())
        .collect();
    assert_eq!(proofs, [true, false, false]);
}

/// Each kind of statement, and what the test of the token that refutes it expects.
#[test]
fn a_test_for_later_denies_what_must_not_be_granted() {
    let roles = "issuer g { url \"https://g.example\" profile generic audience \"x\" }
         role a { allow from g when sub == \"a\" } role b { allow from g when sub == \"a\" || sub == \"b\" }";
    let both =
        "  // Keep the line of the role that this token should not get.\n  expect deny a\n  expect deny b\n";
    let or = "  expect deny b\n  // Or, if it should get both roles: expect allow a\n";
    for (statement, expected) in [
        ("b implies sub == \"a\"", "  expect deny b\n"),
        ("never b when sub == \"b\"", "  expect deny b\n"),
        ("b implies a", or),
        ("a covers b", or),
        ("equivalent a, b", or),
        ("disjoint a, b", both),
        ("disjoint a, a", "  expect deny a\n"),
    ] {
        let set = crate::support::compile(&format!("{roles} assert \"said\" {{ {statement} }}"));
        let assertion = &set.program().assertions()[0];
        let Outcome::Refuted(Some(witness)) = Analysis::new(&set).prove(assertion).outcome else {
            panic!("{statement}");
        };
        let test = witness
            .regression_test("said", &assertion.statement)
            .expect("a test");
        assert!(
            test.ends_with(&format!("}}\n{expected}}}\n")),
            "{statement}: {test}"
        );
        let kept = crate::support::compile(&format!("{roles} {test}"));
        assert!(
            kept.run_tests().all(|outcome| !outcome.failures.is_empty()),
            "{test}"
        );
    }
}
