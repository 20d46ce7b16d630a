//! A proof takes no more memory than its budget says, and neither does what is kept between proofs.
//!
//! `cargo test -p rolecall-analysis --test memory -- --nocapture` says how much each takes.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may stop where something is odd"
)]

mod support;

use rolecall_analysis::{Analysis, Answer, Budget, Outcome, Undecided};
use rolecall_engine::PolicySet;
use std::fmt::Write;

const MIB: usize = 1024 * 1024;

/// What an analysis takes besides: the question itself, and the token that is made.
const BASE: usize = MIB / 4;

fn set(claims: &str, roles: &[String]) -> PolicySet {
    let mut policy = format!(
        "profile p {{ {claims} }}
         issuer i {{ url \"https://i.example\" profile p audience \"x\" }}\n"
    );
    for (number, role) in roles.iter().enumerate() {
        writeln!(policy, "role r{number} {{ allow from i when {role} }}").expect("a text");
    }
    let all: Vec<String> = (0..roles.len()).map(|number| format!("r{number}")).collect();
    writeln!(policy, "assert \"apart\" {{ disjoint {} }}", all.join(", ")).expect("a text");
    support::compile(&policy)
}

/// Something of each number, put together.
fn each(count: usize, between: &str, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<String>>().join(between)
}

/// Policies that were made to take very much memory, each in another way.
fn hostile() -> Vec<(&'static str, PolicySet)> {
    let regex = |states: usize| format!("a matches /(a|b)*a(a|b){{{states}}}/");
    let long = |c: char| format!("a like \"*{}*\"", c.to_string().repeat(2_000));
    let texts = "claim a: text claim b: text claim c: text";
    let claims = each(40, " ", |n| format!("claim c{n}: text"));
    let layouts = each(40, "\n", |n| {
        format!("derive sub = \"{n}:{{a}}:{{b}}[:{{c}}]:{{a}}\" when a != \"n{n}\"")
    });
    let words = each(4_000, ", ", |n| format!("\"word-{n}-{}\"", n * 7919 % 4_001));
    let differ = each(8, " && ", |n| {
        each(n, " && ", |m| format!("c{n} != c{m}")).replace("()", "")
    });
    let differ = differ.trim_start_matches(" && ").to_owned();
    let few = each(8, " && ", |n| {
        format!("c{n} in [{}]", each(7, ", ", |m| format!("\"{m}\"")))
    });
    vec![
        (
            "large automata",
            set(
                texts,
                &[
                    regex(10),
                    regex(12),
                    regex(13),
                    format!("{} && {}", regex(11), long('a')),
                ],
            ),
        ),
        (
            "long patterns",
            set(
                texts,
                &[long('a'), long('?'), format!("{} && !({})", long('?'), long('b'))],
            ),
        ),
        (
            "automata side by side",
            set(
                texts,
                &[
                    each(12, " && ", |n| format!("a like \"*{n:02}x{n:02}*\"")),
                    format!(
                        "a like \"*x*\" && {}",
                        each(14, " && ", |n| format!(
                            "(a like \"*{n:02}y*\" || b like \"{n}*\")"
                        ))
                    ),
                ],
            ),
        ),
        (
            "templates",
            set(
                &format!("{texts}\n{layouts}"),
                &[
                    "sub like \"*x*y*z*\"".to_owned(),
                    "sub matches /[0-9]+:(x|y)*:.*:(x|z)*:.*/".to_owned(),
                    "!(sub like \"*x*y*\") && a like \"*x*\"".to_owned(),
                ],
            ),
        ),
        (
            "lists",
            set(
                "claim l: [text]",
                &[
                    each(16, " && ", |n| format!("l contains \"{n}\"")),
                    format!(
                        "({}) && !has l",
                        each(18, " || ", |n| format!("l contains \"{n}\""))
                    ),
                ],
            ),
        ),
        (
            "many words",
            set(
                texts,
                &[
                    format!("a in [{words}]"),
                    format!("a in [{words}] && b in [{words}] && a == b && a like \"*x*\""),
                ],
            ),
        ),
        (
            "equations",
            set(
                &claims,
                &[
                    format!("{differ} && {few}"),
                    each(39, " && ", |n| {
                        format!("(c{n} == \"a\" || c{} == \"b\" || c{n} like \"*{n}*\")", n + 1)
                    }),
                ],
            ),
        ),
        // For each set of the first claims, something else is left of the formula.
        (
            "formulas",
            set(
                &claims,
                &[
                    format!(
                        "{} && c38 == c39 && c38 == \"1\" && c39 == \"2\"",
                        each(19, " && ", |n| format!("(c{n} == \"a\" || c{} == \"b\")", n + 19))
                    ),
                    "c0 == \"a\"".to_owned(),
                ],
            ),
        ),
    ]
}

/// Asks about each role and about all pairs of neighbours, one after the other, and says whether memory ran out.
fn ask(set: &PolicySet, budget: Budget) -> bool {
    let mut analysis = Analysis::with_budget(set, budget);
    let mut ran_out = false;
    let mut note = |reason: Option<&Undecided>| ran_out |= matches!(reason, Some(Undecided::Bytes { .. }));
    for role in 0..set.program().roles.len() {
        if let Answer::NotDecided(reason) = analysis.satisfiable(role) {
            note(Some(&reason));
        }
        if let Outcome::NotDecided(reason) = analysis.implies(role, role.saturating_sub(1)) {
            note(Some(&reason));
        }
    }
    let assertion = set.program().assertions.first().expect("an assertion");
    if let Outcome::NotDecided(reason) = analysis.prove(assertion).outcome {
        note(Some(&reason));
    }
    ran_out
}

/// Asks all there is to ask with so many bytes, checks what that takes, and says whether they were enough.
fn check(name: &str, set: &PolicySet, bytes: usize) -> bool {
    let budget = Budget {
        bytes,
        ..Budget::default()
    };
    let mut ran_out = false;
    let counted = allocation_counter::measure(|| ran_out = ask(set, budget));
    let taken = usize::try_from(counted.bytes_max).expect("a number of bytes");
    eprintln!(
        "{name}: {} KiB allowed, {} KiB taken{}",
        bytes / 1024,
        taken / 1024,
        if ran_out { ", and not enough" } else { "" }
    );
    assert!(
        taken <= bytes + bytes / 5 + BASE,
        "{name}: {taken} bytes with a budget of {bytes}"
    );
    // What is paid for is taken, but for what a table needs to grow.
    assert!(!ran_out || taken >= bytes / 6, "{name}: {taken} of {bytes}");
    !ran_out
}

#[test]
fn a_proof_stays_within_its_budget() {
    let mut ran_out = 0;
    for (name, set) in hostile() {
        for size in [1, 8] {
            ran_out += usize::from(!check(name, &set, size * MIB));
        }
    }
    assert!(ran_out > 8, "{ran_out}");
}

#[test]
fn a_proof_stays_within_the_usual_budget() {
    for (name, set) in hostile().into_iter().take(3) {
        check(name, &set, Budget::default().bytes);
    }
}

/// Many small questions about one policy set are no more than one of them, however much could be remembered of them.
#[test]
fn what_is_kept_between_proofs_is_bounded() {
    let role = |n: usize| format!("a like \"*{n}-{}*\" && b == \"{n}\"", "x".repeat(60));
    let set = set(
        "claim a: text claim b: text",
        &(0..1_200).map(role).collect::<Vec<String>>(),
    );
    let mut analysis = Analysis::with_budget(&set, Budget::default());
    let all = allocation_counter::measure(|| {
        (0..1_200).for_each(|role| drop(analysis.satisfiable(role)));
    });
    assert!(
        all.bytes_current > 2 * 1024 * 1024,
        "what they need is remembered: {all:?}"
    );
    assert!(check("many roles", &set, MIB), "each takes little");
}
