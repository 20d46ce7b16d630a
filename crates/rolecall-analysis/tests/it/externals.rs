//! External conditions: proofs hold for both values of each, and tokens name the values that they need.
//!
//! `ROLECALL_FORMULAS=100000 cargo test --release -p rolecall-analysis --test it externals` asks about so many formulas.

use crate::brute_force::{Counts, answer, check, formulas, policy};
use crate::support::small::{condition, layouts};
use crate::support::tokens::tokens;
use crate::support::{compile, role};
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rolecall_analysis::{Analysis, Answer, Budget, Outcome, Undecided, Witness, difference};
use rolecall_engine::ir::{External, Formula};
use rolecall_engine::{PolicySet, Truth, UnverifiedClaims};
use std::sync::Arc;

const ROLES: usize = 3;
/// The claims whose comparisons become external conditions.
const REPLACED: [&str; 2] = ["b", "k"];

/// The set with external conditions instead of the comparisons of some claims, equal ones for equal comparisons.
fn with_externals(set: &PolicySet) -> PolicySet {
    let program = set.program();
    set.with_conditions(|clause, condition| {
        let profile = &program[clause.issuer].profile;
        let replaced = REPLACED.map(|claim| profile.claim_by_path(&[claim.to_owned()]));
        condition.replace(&|formula| match formula {
            Formula::Atom(atom, _) if replaced.contains(&Some(atom.claim)) => {
                Some(Formula::external(format!("{:?} {:?}", atom.claim, atom.question)))
            }
            _ => None,
        })
    })
}

/// For each token and each value of the external conditions, whether it gets each role.
fn outcomes(set: &PolicySet, tokens: &[UnverifiedClaims]) -> Vec<Vec<[bool; ROLES]>> {
    let mut externals: Vec<Arc<External>> = Vec::new();
    let roles = set.program().roles();
    roles
        .ids()
        .for_each(|role| externals.extend(set.program().externals(role)));
    externals.sort();
    externals.dedup();
    let assignments = 0..1_u32 << externals.len();
    let of_token = |claims: &UnverifiedClaims| {
        let of_assignment = |assignment: u32| {
            let value = |external: &External| {
                let index = externals.iter().position(|known| **known == *external);
                Truth::from(assignment & (1 << index.expect("an external condition")) != 0)
            };
            std::array::from_fn(|role| set.evaluate_if(claims, &format!("r{role}"), &value).is_ok())
        };
        assignments.clone().map(of_assignment).collect()
    };
    tokens.iter().map(of_token).collect()
}

#[test]
fn proofs_hold_for_all_values() {
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[8; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let all: Vec<Vec<UnverifiedClaims>> = (0..layouts())
        .map(|layout| tokens(layout).into_iter().map(UnverifiedClaims::new).collect())
        .collect();
    let (mut counts, mut dependent) = (Counts::default(), 0);
    for number in 0..formulas().div_ceil(ROLES * 2) {
        let layout = number % layouts();
        let conditions = vec(condition(), ROLES)
            .new_tree(&mut runner)
            .expect("conditions")
            .current();
        let mut text = policy(layout, &conditions);
        for role in 0..ROLES {
            text += &format!("assert \"{role}\" {{ possible r{role} }}\n");
        }
        let set = with_externals(&compile(&text));
        let outcomes = outcomes(&set, &all[layout]);
        let exists = |holds: &dyn Fn(&[bool; ROLES]) -> bool| outcomes.iter().flatten().any(holds);
        let mut analysis = Analysis::new(&set);
        for first in 0..ROLES {
            let one = role(&set, first);
            check(
                &analysis.satisfiable(one),
                exists(&|gets| gets[first]),
                &mut counts,
                &text,
            );
            let certain = outcomes
                .iter()
                .any(|outcomes| outcomes.iter().all(|gets| gets[first]));
            match analysis.prove(&set.program().assertions()[first]).outcome {
                Outcome::Proved => {}
                Outcome::Refuted(_) => assert!(!exists(&|gets| gets[first]), "r{first}\n{text}"),
                Outcome::NotDecided(Undecided::External { .. }) => {
                    assert!(!certain, "r{first}\n{text}");
                    dependent += 1;
                }
                Outcome::NotDecided(Undecided::Equation { .. }) => {}
                other => panic!("{other:?}: r{first}\n{text}"),
            }
            for second in (0..ROLES).filter(|second| *second != first) {
                let other = role(&set, second);
                let only = exists(&|gets| gets[first] && !gets[second]);
                check(&answer(analysis.implies(one, other)), only, &mut counts, &text);
                let both = exists(&|gets| gets[first] && gets[second]);
                check(&answer(analysis.disjoint(one, other)), both, &mut counts, &text);
            }
        }
    }
    eprintln!("{counts:?}, {dependent} possible only with some values");
    assert!(counts.nothing > counts.token / 20, "{counts:?}");
    assert!(dependent > 0);
}

const POLICY: &str = r#"
issuer i { url "https://i.example" profile generic audience "x" }
role a { allow from i when sub == "a" }
role b { allow from i when sub like "*" }
assert "possible" { possible a }
assert "covered" { b covers a }
assert "impossible" { possible a when sub == "b" }
"#;

/// The policy with these conditions of `a` and `b`, which get the conditions that they are written with.
fn with(conditions: [&dyn Fn(Formula) -> Formula; 2]) -> PolicySet {
    let mut conditions = conditions.into_iter();
    compile(POLICY).with_conditions(|_, condition| conditions.next().expect("a role")(condition.clone()))
}

fn and(condition: Formula, other: Formula) -> Formula {
    Formula::All([condition, other].into())
}

fn not(formula: Formula) -> Formula {
    Formula::Not(Arc::new(formula))
}

fn address() -> Formula {
    Formula::external("aws:SourceIp is 192.0.2.0/24")
}

/// The values of external conditions that a token needs.
fn needs(witness: &Witness) -> Vec<(&str, bool)> {
    let needed = witness.externals.iter();
    needed
        .map(|(external, value)| (external.text.as_str(), *value))
        .collect()
}

#[test]
fn a_token_names_the_values_that_it_needs() {
    let set = with([&|a| and(a, address()), &|b| and(b, not(address()))]);
    let mut analysis = Analysis::new(&set);
    for (number, value) in [(0, true), (1, false)] {
        let Answer::Token(witness) = analysis.satisfiable(role(&set, number)) else {
            panic!("a token");
        };
        assert_eq!(needs(&witness), [("aws:SourceIp is 192.0.2.0/24", value)]);
        assert_eq!(witness.test("kept"), None, "a test has no values for it");
        assert_eq!(witness.allowed, [["a", "b"][number]]);
    }
    assert!(analysis.disjoint(role(&set, 0), role(&set, 1)).is_proved());
    assert!(analysis.implies(role(&set, 0), role(&set, 1)).is_refuted());
}

#[test]
fn equal_conditions_are_one_and_others_are_independent() {
    let same = with([&|a| and(a, address()), &|b| and(b, address())]);
    let [a, b] = [0, 1].map(|number| role(&same, number));
    assert!(Analysis::new(&same).implies(a, b).is_proved());
    assert_eq!(Analysis::new(&same).implied(a), Ok(vec![b]));
    let other = with([&|a| and(a, address()), &|b| {
        and(b, Formula::external("aws:SourceVpc"))
    }]);
    let [a, b] = [0, 1].map(|number| role(&other, number));
    assert!(Analysis::new(&other).implies(a, b).is_refuted());
}

#[test]
fn what_depends_on_one_is_not_decided() {
    let outcomes = |set: &PolicySet| {
        let mut analysis = Analysis::new(set);
        let assertions = set.program().assertions().iter();
        let outcomes = assertions.map(|assertion| match analysis.prove(assertion).outcome {
            Outcome::Proved => "proved".to_owned(),
            Outcome::NotDecided(reason) => reason.to_string(),
            _ => "refuted".to_owned(),
        });
        outcomes.collect::<Vec<String>>()
    };
    let depends = "it depends on `aws:SourceIp is 192.0.2.0/24`, which no token decides";
    assert_eq!(
        outcomes(&with([&|a| and(a, address()), &|b| b])),
        [depends, "proved", "refuted"]
    );
    assert_eq!(
        outcomes(&with([&|a| a, &|b| and(b, address())])),
        ["proved", "refuted", "refuted"]
    );
    // Whatever the value is, one of the two parts holds.
    let either = |a: Formula| Formula::Any([and(a.clone(), address()), and(a, not(address()))].into());
    assert_eq!(
        outcomes(&with([&either, &|b| b])),
        ["proved", "proved", "refuted"]
    );
}

#[test]
fn roles_cover_one_together_for_both_values() {
    let policy = r#"
        issuer i { url "https://i.example" profile generic audience "x" }
        role r0 { allow from i when sub == "a" }
        role pair-1 { allow from i when sub like "*" }
        role pair-2 { allow from i when sub like "?" }
        assert "covered" { pair-* covers r0 }
    "#;
    let mut limits = [Formula::always(), address(), not(address())].into_iter();
    let set = compile(policy)
        .with_conditions(|_, condition| and(condition.clone(), limits.next().expect("a role")));
    let proof = Analysis::new(&set).prove(&set.program().assertions()[0]);
    assert!(proof.outcome.is_proved(), "{proof:?}");
}

#[test]
fn removing_one_is_a_gain() {
    let [plain, limited] = [with([&|a| a, &|b| b]), with([&|a| and(a, address()), &|b| b])];
    let changes = |old, new| difference(old, new, Budget::default()).remove(0);
    let gained = changes(&limited, &plain);
    let Answer::Token(witness) = &gained.gained else {
        panic!("{gained:?}");
    };
    assert_eq!(needs(witness), [("aws:SourceIp is 192.0.2.0/24", false)]);
    assert_eq!(gained.lost, Answer::Nothing);
    let lost = changes(&plain, &limited);
    assert_eq!(lost.gained, Answer::Nothing);
    assert!(matches!(lost.lost, Answer::Token(_)));
    assert!(changes(&limited, &limited).is_unchanged());
    let moved = with([
        &|a| and(a, Formula::external("aws:SourceIp is 198.51.100.0/24")),
        &|b| b,
    ]);
    let change = changes(&limited, &moved);
    assert!(matches!(
        (change.gained, change.lost),
        (Answer::Token(_), Answer::Token(_))
    ));
}
