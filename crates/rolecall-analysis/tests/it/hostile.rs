//! Policies that were made to take for ever end soon: decided, or not decided for a reason, and always with the same answer.

use rolecall_analysis::{Analysis, Answer, Budget, Outcome, Undecided};
use rolecall_engine::PolicySet;
use std::time::Instant;

fn set(claims: &str, roles: &[&str]) -> PolicySet {
    let mut policy = format!(
        "profile p {{ {claims} }}
         issuer i {{ url \"https://i.example\" profile p audience \"x\" }}\n"
    );
    for (number, role) in roles.iter().enumerate() {
        policy += &format!("role r{number} {{ allow from i when {role} }}\n");
    }
    crate::support::compile(&policy)
}

/// Asks twice, and says how long that took.
fn timed<T: PartialEq + std::fmt::Debug>(
    name: &str,
    set: &PolicySet,
    ask: impl Fn(&mut Analysis<'_>) -> T,
) -> T {
    let start = Instant::now();
    let answer = ask(&mut Analysis::new(set));
    eprintln!("{name}: {:?} {answer:.200?}", start.elapsed());
    assert_eq!(answer, ask(&mut Analysis::new(set)), "{name}");
    answer
}

#[test]
fn a_regex_with_very_many_states() {
    let set = set(
        "claim a: text claim b: text",
        &[
            "a matches /(a|b)*a(a|b){16}/",
            "a matches /(a|b)*a(a|b){16}/ && a == \"c\"",
            "a matches /(a|b)*a(a|b){16}/ && b == \"c\" && b == \"d\"",
            "a matches /(a|b)*/",
        ],
    );
    let first = timed("satisfiable", &set, |analysis| {
        analysis.satisfiable(crate::support::role(&set, 0))
    });
    // What the regex means is left open; a token that fulfils it is only given if one happens to be at hand.
    assert!(
        matches!(
            first,
            Answer::NotDecided(Undecided::Automaton { .. }) | Answer::Token(_)
        ),
        "{first:?}"
    );
    // Whatever it means, this can't be.
    let dead = timed("a contradiction beside it", &set, |analysis| {
        analysis.satisfiable(crate::support::role(&set, 2))
    });
    assert_eq!(dead, Answer::Nothing);
    for (first, second) in [(0, 3), (1, 0), (3, 0)] {
        let outcome = timed("implies", &set, |analysis| {
            analysis.implies(
                crate::support::role(&set, first),
                crate::support::role(&set, second),
            )
        });
        assert!(
            !outcome.is_proved() || (first, second) == (1, 0),
            "{first} {second}"
        );
    }
}

#[test]
fn twelve_patterns_on_one_claim() {
    let patterns: Vec<String> = (0..12).map(|n| format!("a like \"*{n:02}x{n:02}*\"")).collect();
    let all = patterns.join(" && ");
    let none = format!("a like \"*x*\" && !({})", patterns.join(" || "));
    let short = format!("{all} && a matches /.{{1,20}}/");
    let set = set("claim a: text", &[&all, &none, &short]);
    let all = timed("all", &set, |analysis| {
        analysis.satisfiable(crate::support::role(&set, 0))
    });
    assert!(!matches!(all, Answer::Nothing), "there are such tokens");
    let none = timed("none", &set, |analysis| {
        analysis.satisfiable(crate::support::role(&set, 1))
    });
    assert!(matches!(none, Answer::Token(_)), "{none:?}");
    let short = timed("short", &set, |analysis| {
        analysis.satisfiable(crate::support::role(&set, 2))
    });
    assert!(!matches!(short, Answer::Token(_)), "there is no such token");
}

#[test]
fn sixty_layouts() {
    let mut claims = String::from("claim a: text claim b: path claim c: ref claim d: text optional\n");
    for n in 0..60 {
        claims += &format!("derive sub = \"{n}:{{a}}:{{b}}:{{c}}[:{{d}}]:{{a}}\" when a != \"n{n}\"\n");
    }
    let set = set(
        &claims,
        &[
            "sub like \"*:x:*\"",
            "sub like \"59:*:acme/*:main:*\"",
            "sub like \"60:*\"",
            "a like \"*x*\" || sub like \"*x*\"",
            "sub matches /[0-9]+:(x|y)*:.*:(x|z)*/",
            "b == \"acme/shop\" && !(sub like \"*acme*\")",
        ],
    );
    let nobody = timed("the layout that is none", &set, |analysis| {
        analysis.satisfiable(crate::support::role(&set, 2))
    });
    assert_eq!(nobody, Answer::Nothing);
    for role in [0, 1, 3, 4] {
        let answer = timed("layouts", &set, |analysis| {
            analysis.satisfiable(crate::support::role(&set, role))
        });
        assert!(matches!(answer, Answer::Token(_)), "{role}: {answer:?}");
    }
    let never = timed("contradiction", &set, |analysis| {
        analysis.satisfiable(crate::support::role(&set, 5))
    });
    assert_eq!(never, Answer::Nothing);
    let outcome = timed("implies", &set, |analysis| {
        analysis.implies(crate::support::role(&set, 0), crate::support::role(&set, 3))
    });
    assert!(outcome.is_proved(), "{outcome:?}");
    for (first, second) in [(3, 0), (4, 0), (1, 4)] {
        let outcome = timed("implies", &set, |analysis| {
            analysis.implies(
                crate::support::role(&set, first),
                crate::support::role(&set, second),
            )
        });
        assert!(outcome.is_refuted(), "{first} {second} {outcome:?}");
    }
}

#[test]
fn many_claims_that_depend_on_one_another() {
    let claims: String = (0..40).map(|n| format!("claim c{n}: text\n")).collect();
    let chain: Vec<String> = (0..39)
        .map(|n| format!("(c{n} == \"a\" || c{} == \"b\")", n + 1))
        .collect();
    let chain = format!("{} && c0 != \"a\" && c39 != \"b\"", chain.join(" && "));
    let equal: Vec<String> = (0..11).map(|n| format!("c{n} == c{}", n + 1)).collect();
    let equal = format!("{} && c0 == \"a\" && c11 == \"b\"", equal.join(" && "));
    let differ: Vec<String> = (0..7)
        .flat_map(|n| (n + 1..7).map(move |m| format!("c{n} != c{m}")))
        .collect();
    let few: Vec<String> = (0..7)
        .map(|n| format!("c{n} in [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\"]"))
        .collect();
    let pigeons = format!("{} && {}", differ.join(" && "), few.join(" && "));
    let set = set(&claims, &[&chain, &equal, &pigeons]);
    assert!(matches!(
        timed("chain", &set, |analysis| analysis
            .satisfiable(crate::support::role(&set, 0))),
        Answer::Token(_) | Answer::Nothing
    ));
    assert_eq!(
        timed("equal", &set, |analysis| analysis
            .satisfiable(crate::support::role(&set, 1))),
        Answer::Nothing
    );
    let pigeons = timed("seven of six", &set, |analysis| {
        analysis.satisfiable(crate::support::role(&set, 2))
    });
    assert!(!matches!(pigeons, Answer::Token(_)), "{pigeons:?}");
}

#[test]
fn equal_claims_of_different_types() {
    // The shortest words of the first are no values of the second.
    let set = set(
        "claim text: text claim ref: ref claim path: path claim other: text",
        &[
            "text == ref && text like \"*.lock*\"",
            "text == ref && ref like \".*\"",
            "text == path && text == other && other like \"*:*\"",
            "text == path && text != other && text matches /a?/ && other matches /a?/",
            "text == path && path == other && text != other",
            "text == ref && text matches /[pq]*\\.lock[pq]*/",
            "text == path && text matches /:*p/ && other == text",
            "text != other && text matches /p*/ && other matches /p?/ && text matches /p?/",
            "text != other && text matches /p/ && other matches /p/",
        ],
    );
    for (role, is_possible) in [
        (0, true),
        (1, false),
        (2, false),
        (3, true),
        (4, false),
        (5, true),
        (6, true),
        (7, true),
        (8, false),
    ] {
        let answer = timed("equal", &set, |analysis| {
            analysis.satisfiable(crate::support::role(&set, role))
        });
        assert_eq!(
            matches!(answer, Answer::Token(_)),
            is_possible,
            "{role}: {answer:?}"
        );
        assert!(!matches!(answer, Answer::NotDecided(_)), "{role}: {answer:?}");
    }
}

#[test]
fn hundreds_of_claims() {
    for (count, is_decided) in [(290, true), (310, false)] {
        let claims: String = (0..count).map(|n| format!("claim c{n}: text\n")).collect();
        let all: Vec<String> = (0..count).map(|n| format!("c{n} != \"a\"")).collect();
        let set = set(&claims, &[&all.join(" && ")]);
        let answer = timed("claims", &set, |analysis| {
            analysis.satisfiable(crate::support::role(&set, 0))
        });
        assert_eq!(matches!(answer, Answer::Token(_)), is_decided, "{answer:.100?}");
        assert_eq!(
            matches!(answer, Answer::NotDecided(Undecided::Claims { .. })),
            !is_decided
        );
    }
}

#[test]
fn templates_as_long_and_as_deep_as_can_be() {
    // Eight derivations that build on one another, each of many parts.
    let mut claims = String::from("claim c0: text\n");
    for n in 1..8 {
        let parts = "{c0}-".repeat(30);
        claims += &format!("claim c{n}: text derive c{n} = \"{parts}{{c{}}}\"\n", n - 1);
    }
    let set = set(&claims, &["c7 like \"a*b\"", "c7 like \"a*\" && c0 == \"b\""]);
    let answer = timed("deep", &set, |analysis| {
        analysis.satisfiable(crate::support::role(&set, 0))
    });
    assert!(!matches!(answer, Answer::Nothing), "{answer:?}");
    let answer = timed("deep", &set, |analysis| {
        analysis.satisfiable(crate::support::role(&set, 1))
    });
    assert!(!matches!(answer, Answer::Token(_)), "{answer:?}");
}

#[test]
fn a_small_budget_is_a_reason() {
    let set = set(
        "claim a: text",
        &["a like \"*abcdef*\" && a matches /[^z]*a[^y]*/"],
    );
    let budget = |states| Budget {
        states,
        ..Budget::default()
    };
    for states in 0..200 {
        let answer = Analysis::with_budget(&set, budget(states)).satisfiable(crate::support::role(&set, 0));
        let limit = states;
        assert!(
            matches!(answer, Answer::Token(_)) || answer == Answer::NotDecided(Undecided::States { limit }),
            "{states}: {answer:?}"
        );
    }
    let budget = Budget {
        automaton_states: 3,
        ..Budget::default()
    };
    let outcome = Analysis::with_budget(&set, budget)
        .implies(crate::support::role(&set, 0), crate::support::role(&set, 0));
    assert!(!matches!(outcome, Outcome::Refuted(_)), "{outcome:?}");
}
