//! Several derivations of one claim that may apply at once are alternatives: the claim equals one of them. Whether there is a
//! token is asked once more of small tokens, by the evaluation of the engine.
//!
//! `ROLECALL_FORMULAS=100000 cargo test --release -p rolecall-analysis --test it derivations` asks about so many formulas.

use crate::support::small::{condition, prelude_with};
use crate::support::{compile, role};
use proptest::collection::vec;
use proptest::prelude::Just;
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rolecall_analysis::{Analysis, Answer, Outcome, Undecided};
use rolecall_engine::{Object, UnverifiedClaims, Value};

const ROLES: usize = 3;

/// Templates that make the same text of many tokens.
const TEMPLATES: &[&str] = &[
    "{p}",
    "{r}",
    "{e}",
    "{parent}",
    "{p|name}",
    "{p|parent}/{r}",
    "{p}[/{r}]",
    "a",
    "a/{r}",
    "{r}{e}",
];

/// Conditions that may hold together.
const WHENS: &[&str] = &[
    "",
    "when b",
    "when !b",
    "when k == \"a\"",
    "when k != \"a\"",
    "when !has r",
    "when has r",
    "when p like \"a*\"",
];

fn derivations() -> impl Strategy<Value = String> {
    let line = (select(TEMPLATES), select(WHENS));
    let line = line.prop_map(|(template, when)| format!("derive sub = \"{template}\" {when}\n"));
    vec(line, 2..5).prop_map(|lines| lines.concat())
}

fn asked() -> impl Strategy<Value = String> {
    let sub = select(vec![
        "sub == \"a\"",
        "sub == \"a/b\"",
        "sub like \"a*\"",
        "sub like \"*b\"",
        "sub != \"a\"",
        "has sub",
        "sub like \"*\"",
        "!(sub like \"?\")",
    ]);
    prop_oneof![
        2 => condition(),
        1 => sub.clone().prop_map(str::to_owned),
        1 => (sub, prop_oneof![Just("&&"), Just("||")], condition())
            .prop_map(|(sub, operator, other)| format!("({sub} {operator} {other})")),
    ]
}

/// Tokens of a few values of each claim, with each subject that any template makes of them, and one that none makes.
fn tokens() -> Vec<UnverifiedClaims> {
    let paths = [None, Some("a"), Some("a/b"), Some("b/a")];
    let refs = [None, Some("a"), Some("b"), Some("a/b")];
    let mut tokens = Vec::new();
    for p in paths {
        for r in refs {
            for e in [None, Some(""), Some("a"), Some("a/b")] {
                for (b, k) in [
                    (None, Some("a")),
                    (Some(true), Some("a")),
                    (Some(true), Some("b")),
                    (Some(false), Some("a")),
                    (Some(false), None),
                ] {
                    let mut token = Object::new();
                    token.set("iss", Value::from("https://small.example"));
                    token.set("aud", Value::from("x"));
                    for (name, value) in [
                        ("p", p),
                        ("r", r),
                        ("e", e),
                        ("k", k),
                        ("parent", p.and_then(|p| Some(p.rsplit_once('/')?.0))),
                    ] {
                        if let Some(value) = value {
                            token.set(name, Value::from(value));
                        }
                    }
                    if let Some(b) = b {
                        token.set("b", Value::Bool(b));
                    }
                    let (p, r, e) = (
                        p.unwrap_or_default(),
                        r.unwrap_or_default(),
                        e.unwrap_or_default(),
                    );
                    let name = p.rsplit('/').next().unwrap_or_default();
                    let parent = p.rsplit_once('/').map_or("", |(parent, _)| parent);
                    let mut subjects = vec![
                        p.to_owned(),
                        r.to_owned(),
                        e.to_owned(),
                        parent.to_owned(),
                        name.to_owned(),
                        format!("{parent}/{r}"),
                        format!("{p}/{r}"),
                        format!("a/{r}"),
                        format!("{r}{e}"),
                        "a".to_owned(),
                        "none".to_owned(),
                    ];
                    subjects.sort();
                    subjects.dedup();
                    for subject in subjects.into_iter().filter(|subject| !subject.is_empty()) {
                        token.set("sub", Value::from(subject.as_str()));
                        tokens.push(UnverifiedClaims::new(token.clone()));
                    }
                }
            }
        }
    }
    tokens
}

/// Compares the answer with what all small tokens say, and counts the decided ones.
fn check(answer: Answer, exists: bool, question: &str) -> usize {
    match answer {
        Answer::Nothing => assert!(!exists, "there is such a token: {question}"),
        Answer::NotDecided(Undecided::Equation { .. }) => return 0,
        Answer::NotDecided(reason) => panic!("{reason}: {question}"),
        Answer::Token(_) => {}
        _ => panic!("a newer answer"),
    }
    1
}

fn answer(outcome: Outcome) -> Answer {
    match outcome {
        Outcome::NotDecided(reason) => Answer::NotDecided(reason),
        Outcome::Proved => Answer::Nothing,
        Outcome::Refuted(witness) => Answer::Token(witness.expect("a token")),
        _ => panic!("a newer outcome"),
    }
}

/// A token of which one derivation applies may say what another one makes, which does not apply.
#[test]
fn a_derivation_that_does_not_apply_makes_nothing() {
    let set = crate::support::compile(
        "profile p { claim a: text claim b: text claim x: bool claim y: bool
           derive sub = \"{a}\" when x
           derive sub = \"{b}\" when y }
         issuer i { url \"https://i.example\" profile p audience \"x\" }
         role same { allow from i when a == \"1\" && b == \"1\" }
         role x { allow from i when a == \"1\" && b == \"1\" && x && !y }
         role subject { allow from i when sub == \"1\" }
         role first { allow from i when x && a == \"1\" }
         role either { allow from i when (x && a == \"1\") || (y && b == \"1\") }",
    );
    let role = |name: &str| set.program().role(name).expect("a role");
    let mut analysis = Analysis::new(&set);
    for (first, second, proved) in [
        ("same", "subject", false),
        // A subject that is none of its derivations.
        ("x", "subject", false),
        ("subject", "first", false),
        ("subject", "either", true),
    ] {
        let outcome = analysis.implies(role(first), role(second));
        assert!(
            !matches!(outcome, Outcome::NotDecided(_)),
            "{first} {second}: {outcome:?}"
        );
        assert_eq!(outcome.is_proved(), proved, "{first} {second}: {outcome:?}");
    }
}

#[test]
fn derivations_that_overlap_are_alternatives() {
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[19; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let tokens = tokens();
    let asked_for = std::env::var("ROLECALL_FORMULAS").ok();
    let formulas: usize = asked_for.map_or(300, |formulas| formulas.parse().expect("a number of formulas"));
    let (mut decided, mut questions) = (0, 0);
    for _ in 0..formulas.div_ceil(ROLES) {
        let (derivations, conditions) = (derivations(), vec(asked(), ROLES))
            .new_tree(&mut runner)
            .expect("a policy")
            .current();
        let mut policy = prelude_with(&derivations);
        for (number, condition) in conditions.iter().enumerate() {
            policy += &format!("role r{number} {{ allow from small when {condition} }}\n");
        }
        let set = crate::support::compile(&policy);
        let gets = |claims: &UnverifiedClaims| {
            [0, 1, 2].map(|role| set.evaluate(claims, &format!("r{role}")).is_ok())
        };
        let outcomes: Vec<[bool; ROLES]> = tokens.iter().map(gets).collect();
        let mut analysis = Analysis::new(&set);
        for first in 0..ROLES {
            let exists = outcomes.iter().any(|outcome| outcome[first]);
            decided += check(
                analysis.satisfiable(crate::support::role(&set, first)),
                exists,
                &format!("r{first}\n{policy}"),
            );
            questions += 1;
            for second in (0..ROLES).filter(|second| *second != first) {
                let exists = outcomes.iter().any(|outcome| outcome[first] && !outcome[second]);
                let question = format!("r{first} and not r{second}\n{policy}");
                decided += check(
                    answer(analysis.implies(
                        crate::support::role(&set, first),
                        crate::support::role(&set, second),
                    )),
                    exists,
                    &question,
                );
                questions += 1;
            }
        }
    }
    eprintln!("{decided} of {questions} decided");
    assert!(decided > questions / 2, "{decided} of {questions}");
}

/// The lines that a profile takes over are about its narrower claims, whatever they ask.
#[test]
fn inherited_derivations_of_narrower_claims() {
    let set = crate::support::compile(
        r#"
        profile wide {
            claim p: path claim e: text optional claim k: enum [a, b, ...] claim n: text claim q: text
            derive sub = "{p}:{e|colon-encoded}" when e like "s*" && k != "b"
            derive sub = "{p}:{n}" when !has e && (k == "c" || n glob "4*") && n != q
        }
        profile narrow extends wide {
            claim e: enum [staging, "s:x", other] optional claim k: enum [a, b] claim n: id string
            claim p: gitlab_path claim q: path
        }
        issuer i { url "https://i.example" profile narrow audience "x" }
        role any { allow from i when sub like "*" }
        role staging { allow from i when sub like "*:staging" }
        role encoded { allow from i when sub like "*:s%3Ax" }
        role number { allow from i when sub like "*:4*" }
        assert "values" { any implies sub like "*/*:staging" || sub like "*/*:s%3Ax" || sub like "*/*:4*" }
        assert "kinds" { staging implies k == "a" }
        assert "no other" { never any when e == "other" }
        assert "not a word" { never number when sub like "*:4*x*" }
        assert "encoded" { possible encoded when p == "acme/shop" }
        assert "both kinds" { number implies k == "a" }
        assert "equal" { never number when q == "42" && n == "42" }
        "#,
    );
    let mut analysis = Analysis::new(&set);
    let mut outcomes = Vec::new();
    for assertion in set.program().assertions() {
        let outcome = match analysis.prove(assertion).outcome {
            Outcome::Proved => "proved",
            Outcome::Refuted { .. } => "refuted",
            _ => "not decided",
        };
        outcomes.push(format!("{}: {outcome}", assertion.name));
    }
    assert_eq!(
        outcomes,
        [
            "values: proved",
            "kinds: proved",
            "no other: proved",
            "not a word: proved",
            "encoded: proved",
            "both kinds: refuted",
            "equal: proved",
        ]
    );
}

/// A claim in a template is compared with another claim if a derived claim is.
#[test]
fn a_part_of_a_compared_claim_is_in_no_equation() {
    let policy = |condition: &str| {
        compile(&format!(
            r#"profile small {{ claim p: text optional claim r: text optional claim x: text optional derive sub = "{{r}}" }}
            issuer small {{ url "https://small.example" profile small audience "x" }}
            role r {{ allow from small when {condition} }}"#
        ))
    };
    for (condition, is_possible) in [
        (r#"sub == p && r == "{x}""#, true),
        (r#"sub != p && r == "{x}""#, true),
        (r#"sub == p && r == "{x}" && p == "a" && x == "b""#, false),
        (r#"sub != p && r == "{x}" && p == "a" && x == "a""#, false),
    ] {
        let set = policy(condition);
        let answer = Analysis::new(&set).satisfiable(role(&set, 0));
        match &answer {
            Answer::Token(token) => assert!(
                is_possible && set.evaluate(&token.claims(), "r").is_ok(),
                "{condition}"
            ),
            Answer::Nothing => assert!(!is_possible, "{condition}"),
            Answer::NotDecided(_) => {}
            _ => panic!("a newer answer"),
        }
    }
}
