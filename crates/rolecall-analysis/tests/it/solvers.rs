//! Questions for solvers: random policies, what we answer, and the same questions in SMT-LIB. `check.py` asks z3 and cvc5.
//!
//! The formulas are written from the description of the language, not from our automata: both come from the same random
//! trees. Nothing here is part of an ordinary run. The first command says in which folder the questions are:
//!
//! ```sh
//! ROLECALL_QUERIES=300 cargo test --release -p rolecall-analysis --test it solvers -- --ignored --nocapture
//! python3 -m venv target/solvers && target/solvers/bin/pip install z3-solver cvc5
//! target/solvers/bin/python crates/rolecall-analysis/tests/it/solvers/check.py FOLDER
//! ```

mod condition;
mod formula;
mod policy;

use condition::{Condition, condition, layouts};
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rolecall_analysis::{Analysis, Answer, Outcome};
use rolecall_engine::ir::Formula;
use rolecall_engine::{PolicySet, Source};
use std::fs;
use std::path::Path;

/// A role with two clauses and a guard, and one with a clause.
fn roles(conditions: &[Condition]) -> (String, [String; 2]) {
    let [first, second, guard, other] = conditions else {
        panic!("four conditions")
    };
    let written = |condition| policy::condition(condition);
    let text = format!(
        "role r0 {{ tags [t] allow from small when {} allow from small when {} }}\n\
         guard g for #t {{ {} }}\nrole r1 {{ allow from small when {} grant g = \"{{p}}/{{e}}\" }}\n",
        written(first),
        written(second),
        written(guard),
        written(other)
    );
    let is_true = |condition| formula::truth(condition).0;
    let clauses = formula::any(&[is_true(first), is_true(second)]);
    let filled = [formula::fits("p", true), formula::fits("e", false)];
    let other = formula::all(&[is_true(other), formula::all(&filled)]);
    (text, [formula::all(&[clauses, is_true(guard)]), other])
}

/// The set with conditions on the request instead of the comparisons that stand for them.
fn with_externals(set: &PolicySet) -> PolicySet {
    let program = set.program();
    set.with_conditions(|clause, condition| {
        let stand_in = program[clause.issuer].profile.claim_by_name("external");
        condition.replace(&|part| match part {
            Formula::Atom(atom, _) if Some(atom.claim) == stand_in => {
                Some(Formula::external(format!("{:?}", atom.question)))
            }
            _ => None,
        })
    })
}

/// Whether there is a token: `sat` or `unsat`, as solvers say it.
fn word(outcome: &Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::NotDecided(_) => None,
        Outcome::Proved => Some("unsat"),
        Outcome::Refuted(_) => Some("sat"),
        _ => panic!("a newer outcome"),
    }
}

#[test]
#[ignore = "writes files for solvers"]
fn questions_for_solvers() {
    let asked = std::env::var("ROLECALL_QUERIES").ok();
    let asked: usize = asked.map_or(300, |asked| asked.parse().expect("a number of questions"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("queries");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[13; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let layouts = layouts();
    let (mut number, mut undecided, mut refused) = (0, 0, 0);
    for round in 0.. {
        if number >= asked {
            break;
        }
        let layout = &layouts[round % layouts.len()];
        let conditions = vec(condition(), 4)
            .new_tree(&mut runner)
            .expect("conditions")
            .current();
        let (roles, granted) = roles(&conditions);
        let text = policy::prelude(layout) + &roles;
        // What can never be fulfilled need not compile.
        let Ok(set) = PolicySet::compile([Source::new("solvers.policy", text.as_str())]) else {
            refused += 1;
            continue;
        };
        let set = with_externals(&set);
        let mut roles = set.program().roles().ids();
        let (first, second) = (roles.next().expect("a role"), roles.next().expect("another role"));
        let mut analysis = Analysis::new(&set);
        let alone = match analysis.satisfiable(second) {
            Answer::Nothing => Outcome::Proved,
            Answer::NotDecided(reason) => Outcome::NotDecided(reason),
            Answer::Token(token) => Outcome::Refuted(Some(token)),
            _ => panic!("a newer answer"),
        };
        let [r0, r1] = granted;
        let not = |formula: &String| format!("(not {formula})");
        for (question, outcome, formula) in [
            ("r1", alone, r1.clone()),
            (
                "r0 and r1",
                analysis.disjoint(first, second),
                formula::all(&[r0.clone(), r1.clone()]),
            ),
            (
                "r0 and not r1",
                analysis.implies(first, second),
                formula::all(&[r0.clone(), not(&r1)]),
            ),
            (
                "r1 and not r0",
                analysis.implies(second, first),
                formula::all(&[r1.clone(), not(&r0)]),
            ),
        ] {
            let Some(word) = word(&outcome) else {
                undecided += 1;
                continue;
            };
            let commented: String = text.lines().map(|line| format!("; {line}\n")).collect();
            let prelude = formula::prelude(layout);
            let query =
                format!("; {word}: {question}\n{commented}{prelude}(assert {formula})\n(check-sat)\n");
            fs::write(folder.join(format!("{number:05}.smt2")), query).expect("a file");
            number += 1;
        }
    }
    eprintln!(
        "{number} questions in {}; {undecided} not decided, {refused} policies refused",
        folder.display()
    );
}
