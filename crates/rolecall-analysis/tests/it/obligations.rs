//! The comparisons that decide: by the engine, by proofs, and by a slow and obvious count over all small tokens.

use crate::brute_force::{Counts, check, formulas};
use crate::support::small::{condition, layouts, prelude};
use crate::support::tokens::tokens;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rolecall_analysis::{Analysis, decided, written_roles};
use rolecall_engine::ir::Formula;
use rolecall_engine::{Location, PolicySet, Truth, UnverifiedClaims};

/// Puts a value in the place of a comparison. `holds` gets whether the comparison is behind an odd number of `!`.
fn put(formula: &Formula, at: Location, negated: bool, holds: &dyn Fn(bool) -> bool) -> Formula {
    let parts = |parts: &[Formula]| parts.iter().map(|part| put(part, at, negated, holds)).collect();
    match formula {
        Formula::All(all) => Formula::All(parts(all)),
        Formula::Any(any) => Formula::Any(parts(any)),
        Formula::Not(part) => Formula::Not(put(part, at, !negated, holds).into()),
        Formula::Atom(_, location) if *location == at => match holds(negated) {
            true => Formula::always(),
            false => Formula::never(),
        },
        other => other.clone(),
    }
}

/// The policy set with each value in the place of a comparison.
struct Changed {
    always: PolicySet,
    never: PolicySet,
    /// What is UNKNOWN holds instead.
    known: PolicySet,
}

impl Changed {
    fn new(set: &PolicySet, at: Location) -> Self {
        let with = |holds: &dyn Fn(bool) -> bool| {
            set.with_conditions(|_, condition| put(condition, at, false, holds))
        };
        Self {
            always: with(&|_| true),
            never: with(&|_| false),
            known: with(&|negated| !negated),
        }
    }

    /// Returns whether a token gets the role with the opposite of the comparison in its place.
    fn gets(&self, claims: &UnverifiedClaims, truth: Truth) -> bool {
        let set = match truth {
            Truth::True => &self.never,
            Truth::False => &self.always,
            Truth::Unknown => &self.known,
        };
        set.evaluate(claims, "r").is_ok()
    }
}

#[test]
fn comparisons_that_decide_are_those_of_a_slow_count() {
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[8; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let all: Vec<Vec<UnverifiedClaims>> = (0..layouts())
        .map(|layout| tokens(layout).into_iter().map(UnverifiedClaims::new).collect())
        .collect();
    let mut counts = Counts::default();
    for number in 0..formulas() / 4 {
        let layout = number % layouts();
        let condition = condition().new_tree(&mut runner).expect("a condition").current();
        let policy = format!(
            "{}role r {{ allow from small when {condition} }}",
            prelude(layout)
        );
        let set = crate::support::compile(&policy);
        let role = set.program().role("r").expect("the role");
        let clause = &set.program().clauses(role)[0];
        let mut analysis = Analysis::new(&set);
        for at in &written_roles(&set)[0].comparisons {
            let mut atom = None;
            clause.condition.each_atom(&mut |one, location| {
                if location == *at {
                    atom = Some(Formula::compare(one.claim, one.question.clone()));
                }
            });
            let atom = atom.expect("the comparison");
            let changed = Changed::new(&set, *at);
            let mut exists = [false; 2];
            for claims in &all[layout] {
                let gets = set.evaluate(claims, "r").is_ok();
                // What denies besides the condition cannot be changed by a comparison.
                let truth = set.truth(claims, clause.issuer, &atom);
                let decides = changed.gets(claims, truth) != gets;
                let found = set.decisive(claims, role);
                assert_eq!(found.is_allowed, gets, "{policy}");
                assert_eq!(
                    found.comparisons.contains(at),
                    decides,
                    "{at:?} {claims:?}\n{policy}"
                );
                exists[usize::from(gets)] |= decides;
            }
            for is_allowed in [false, true] {
                let question = format!("{at:?} {is_allowed}\n{policy}");
                let answer = analysis.decided_by(role, *at, is_allowed);
                check(&answer, exists[usize::from(is_allowed)], &mut counts, &question);
            }
        }
    }
    eprintln!("{counts:?}");
    assert!(counts.nothing > 0 && counts.token > counts.nothing, "{counts:?}");
}

#[test]
fn the_roles_of_a_family_are_written_once() {
    let set = crate::support::compile(
        r#"
        issuer i { url "https://i.example" audience "a" profile p }
        profile p { claim a : text claim b : text }
        condition is-b(v) = b == v
        role r-{v} for v in ["x", "y"] { allow from i when a == v && is-b("1") }
        role s { allow from i when is-b("2") || is-b("3") }
        guard g for * { a != "z" }
        test "x" { token i { a = "x", b = "1" } expect only r-x }
        test "not x" { token i { a = "x", b = "1" } expect deny r-x }
        "#,
    );
    let written = written_roles(&set);
    let sizes: Vec<_> = written
        .iter()
        .map(|one| (one.roles.len(), one.comparisons.len()))
        .collect();
    // The condition and the guard have one comparison each, and the family has another one.
    assert_eq!(sizes, [(2, 3), (1, 2)]);

    let tests = set.program().tests();
    let allowed: Vec<bool> = decided(&set, &tests[0])
        .map(|(_, found)| found.is_allowed)
        .collect();
    assert_eq!(allowed, [true, false, false]);
    assert_eq!(
        decided(&set, &tests[1]).count(),
        0,
        "a decision that is not expected covers nothing"
    );
}
