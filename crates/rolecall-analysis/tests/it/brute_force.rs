//! What is proved of all tokens holds of each: every question is asked once more of all small tokens, by the slow and obvious
//! evaluation of the engine.
//!
//! `ROLECALL_FORMULAS=100000 cargo test --release -p rolecall-analysis --test it brute_force` asks about so many formulas; an
//! ordinary run about a few hundred.

use crate::support::small::{condition, layouts, prelude};
use crate::support::tokens::tokens;
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rolecall_analysis::{Analysis, Answer, Outcome, Undecided};
use rolecall_engine::{PolicySet, UnverifiedClaims};

/// How many roles a policy set has: each has a formula of its own, and is asked about together with each other one.
const ROLES: usize = 4;

/// How often each kind of answer came out.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) nothing: usize,
    pub(crate) token: usize,
    undecided: usize,
}

pub(crate) fn formulas() -> usize {
    let asked = std::env::var("ROLECALL_FORMULAS").ok();
    asked.map_or(600, |formulas| formulas.parse().expect("a number of formulas"))
}

pub(crate) fn policy(layout: usize, conditions: &[String]) -> String {
    let mut policy = prelude(layout);
    for (number, condition) in conditions.iter().enumerate() {
        let grant = [
            "",
            "grant p = \"x/{p}\"",
            "grant x = \"{x}\"",
            "grant r = \"{r}-{k}\"",
        ][number % 4];
        policy += &format!("role r{number} {{ allow from small when {condition} {grant} }}\n");
    }
    policy
}

/// Whether each token gets each role.
fn outcomes(set: &PolicySet, tokens: &[UnverifiedClaims]) -> Vec<[bool; ROLES]> {
    let names: Vec<String> = (0..ROLES).map(|role| format!("r{role}")).collect();
    let of_token = |claims: &UnverifiedClaims| {
        let mut outcome = [false; ROLES];
        for (role, name) in names.iter().enumerate() {
            outcome[role] = set.evaluate(claims, name).is_ok();
        }
        outcome
    };
    tokens.iter().map(of_token).collect()
}

/// Compares the answer with what all small tokens say.
pub(crate) fn check(answer: &Answer, exists: bool, counts: &mut Counts, question: &str) {
    match answer {
        Answer::Nothing => {
            counts.nothing += 1;
            assert!(!exists, "there is such a token: {question}");
        }
        Answer::NotDecided(Undecided::Equation { .. }) => counts.undecided += 1,
        Answer::NotDecided(reason) => panic!("{reason}: {question}"),
        // The engine has confirmed it; it need not be a small one.
        Answer::Token(_) => counts.token += 1,
        _ => panic!("a newer answer"),
    }
}

pub(crate) fn answer(outcome: Outcome) -> Answer {
    match outcome {
        Outcome::NotDecided(reason) => Answer::NotDecided(reason),
        Outcome::Proved => Answer::Nothing,
        Outcome::Refuted(witness) => Answer::Token(witness.expect("a token")),
        _ => panic!("a newer outcome"),
    }
}

#[test]
fn what_is_proved_holds_of_all_small_tokens() {
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let all: Vec<Vec<UnverifiedClaims>> = (0..layouts())
        .map(|layout| tokens(layout).into_iter().map(UnverifiedClaims::new).collect())
        .collect();
    let mut counts = Counts::default();
    for number in 0..formulas().div_ceil(ROLES) {
        let layout = number % layouts();
        let conditions = vec(condition(), ROLES)
            .new_tree(&mut runner)
            .expect("conditions")
            .current();
        let policy = policy(layout, &conditions);
        let set = crate::support::compile(&policy);
        let outcomes = outcomes(&set, &all[layout]);
        let mut analysis = Analysis::new(&set);
        for first in 0..ROLES {
            let exists = outcomes.iter().any(|outcome| outcome[first]);
            check(
                &analysis.satisfiable(crate::support::role(&set, first)),
                exists,
                &mut counts,
                &format!("r{first}\n{policy}"),
            );
            for second in 0..ROLES {
                if first == second {
                    continue;
                }
                let exists = outcomes.iter().any(|outcome| outcome[first] && !outcome[second]);
                let question = format!("r{first} and not r{second}\n{policy}");
                check(
                    &answer(analysis.implies(
                        crate::support::role(&set, first),
                        crate::support::role(&set, second),
                    )),
                    exists,
                    &mut counts,
                    &question,
                );
                let exists = outcomes.iter().any(|outcome| outcome[first] && outcome[second]);
                let question = format!("r{first} and r{second}\n{policy}");
                check(
                    &answer(analysis.disjoint(
                        crate::support::role(&set, first),
                        crate::support::role(&set, second),
                    )),
                    exists,
                    &mut counts,
                    &question,
                );
            }
        }
    }
    eprintln!("{counts:?}");
    assert!(counts.nothing > counts.token / 20, "{counts:?}");
    assert!(counts.undecided < counts.nothing, "{counts:?}");
}
