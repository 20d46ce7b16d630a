//! Removals of clauses: by proofs, and by a slow and obvious count over all small tokens.

use crate::brute_force::formulas;
use crate::support::small::{condition, layouts, prelude};
use crate::support::tokens::tokens;
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rolecall_analysis::{Analysis, Removal, Undecided};
use rolecall_engine::{ClauseId, PolicySet, Truth, UnverifiedClaims};

/// The number of clauses of the role. The last ones are narrower than the others, so that some removals lose nothing.
const CLAUSES: usize = 4;

/// Returns a role `all` with all clauses, and a role for each clause.
fn policy(layout: usize, conditions: &[String]) -> String {
    let [first, second, third] = conditions else {
        panic!("three conditions");
    };
    let conditions: [String; CLAUSES] = [
        first.clone(),
        second.clone(),
        format!("({first} || {second}) && {third}"),
        format!("{third} && {first} && !({first})"),
    ];
    let grant = ["", "grant p = \"x/{p}\""][layout % 2];
    let mut policy = prelude(layout);
    let allow = |condition: &String| format!("allow from small when {condition} ");
    let all: String = conditions.iter().map(allow).collect();
    policy += &format!("role all {{ {all}{grant} }}\n");
    for (number, condition) in conditions.iter().enumerate() {
        policy += &format!("role r{number} {{ {}{grant} }}\n", allow(condition));
    }
    policy
}

/// Returns whether each clause holds for a token, by the role that has only this clause.
fn holding(set: &PolicySet, claims: &UnverifiedClaims) -> [bool; CLAUSES] {
    std::array::from_fn(|number| set.evaluate(claims, &format!("r{number}")).is_ok())
}

#[test]
fn what_a_removal_loses_is_what_a_slow_count_finds() {
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let all: Vec<Vec<UnverifiedClaims>> = (0..layouts())
        .map(|layout| tokens(layout).into_iter().map(UnverifiedClaims::new).collect())
        .collect();
    let (mut loses, mut none, mut nothing, mut undecided) = (0, 0, 0, 0);
    for number in 0..formulas() / 6 {
        let layout = number % layouts();
        let conditions = vec(condition(), 3)
            .new_tree(&mut runner)
            .expect("conditions")
            .current();
        let policy = policy(layout, &conditions);
        let set = crate::support::compile(&policy);
        let role = set.program().role("all").expect("the role");
        let clauses: Vec<ClauseId> = set.program().clause_ids(role).collect();
        let held: Vec<[bool; CLAUSES]> = all[layout].iter().map(|claims| holding(&set, claims)).collect();
        for (claims, held) in all[layout].iter().zip(&held) {
            let by_clause = clauses.iter().map(|clause| {
                let unknown = |_: &_| Truth::Unknown;
                set.evaluate_clause(claims, *clause, &unknown).is_ok()
            });
            assert_eq!(by_clause.collect::<Vec<_>>(), held, "{claims:?}\n{policy}");
        }
        let mut analysis = Analysis::new(&set);
        // Each clause alone, and two of them together.
        for removed in [&[0][..], &[1], &[2], &[3], &[0, 2], &[1, 3]] {
            let ids: Vec<ClauseId> = removed.iter().map(|number| clauses[*number]).collect();
            let by_removed = |held: &[bool; CLAUSES]| removed.iter().any(|number| held[*number]);
            let is_kept = |held: &[bool; CLAUSES]| {
                let mut numbers = (0..CLAUSES).filter(|number| !removed.contains(number));
                numbers.any(|number| held[number])
            };
            let question = format!("{removed:?}\n{policy}");
            match analysis.removal(role, &ids) {
                Removal::Loses(witness) => {
                    let held = holding(&set, &witness.claims());
                    assert!(by_removed(&held) && !is_kept(&held), "{question}");
                    loses += 1;
                }
                Removal::NoToken => {
                    assert!(!held.iter().any(by_removed), "{question}");
                    none += 1;
                }
                Removal::Nothing => {
                    let lost = |held: &[bool; CLAUSES]| by_removed(held) && !is_kept(held);
                    assert!(!held.iter().any(lost), "{question}");
                    nothing += 1;
                }
                Removal::NotDecided(Undecided::Equation { .. }) => undecided += 1,
                other => panic!("{other:?}: {question}"),
            }
        }
    }
    eprintln!("{loses} lose tokens, {none} have none, {nothing} lose nothing, {undecided} are not decided");
    assert!(
        loses > 50 && none > 50 && nothing > 50,
        "{loses} {none} {nothing}"
    );
    assert!(undecided < nothing, "{undecided}");
}

#[test]
fn two_clauses_that_replace_each_other_are_both_needed() {
    let set = crate::support::compile(
        r#"
        issuer i { url "https://i.example" audience "a" profile generic }
        role r { allow from i when sub == "x" allow from i when sub in ["x"] }
        "#,
    );
    let role = set.program().role("r").expect("the role");
    let clauses: Vec<ClauseId> = set.program().clause_ids(role).collect();
    let mut analysis = Analysis::new(&set);
    assert_eq!(analysis.removal(role, &clauses[..1]), Removal::Nothing);
    assert_eq!(analysis.removal(role, &clauses[1..]), Removal::Nothing);
    let Removal::Loses(witness) = analysis.removal(role, &clauses) else {
        panic!("they have a token");
    };
    assert_eq!(witness.allowed, ["r"]);
    assert_eq!(analysis.removal(role, &[]), Removal::NoToken);
}
