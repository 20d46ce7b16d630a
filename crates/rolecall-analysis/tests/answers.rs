//! What comes with an answer: tokens that say only what matters, parts that contradict one another and no others.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test may stop where something is odd"
)]

mod support;

use rolecall_analysis::{Analysis, Answer, Budget, ConflictPart, Coverage, Reason, Verdict};

const PRELUDE: &str = "profile p { claim a: text claim b: text claim c: text }
    issuer i { url \"https://i.example\" profile p audience \"x\" }\n";

#[test]
fn a_token_says_only_what_matters() {
    for (condition, names) in [
        // Of `a` and `b` much is chosen before it shows that it leads nowhere.
        (
            "(a == \"1\" && b == \"2\" && b == \"3\") || c == \"4\"",
            ["c", "iss", "aud"].as_slice(),
        ),
        ("a != \"1\" && !has b", &["a", "iss", "aud"]),
        (
            "(a == \"1\" && b == \"2\" && b == \"3\") || (b == c && has c)",
            &["b", "c", "iss", "aud"],
        ),
        (
            "(a == \"1\" || b == \"2\") && (a == \"3\" || b == \"2\")",
            &["b", "iss", "aud"],
        ),
    ] {
        let set = support::compile(&format!("{PRELUDE}role r {{ allow from i when {condition} }}"));
        let Answer::Token(witness) = Analysis::new(&set).satisfiable(0) else {
            panic!("{condition}");
        };
        let mut said: Vec<&str> = witness.token.iter().map(|(name, _)| name).collect();
        let mut names = names.to_vec();
        said.sort_unstable();
        names.sort_unstable();
        assert_eq!(said, names, "{condition}");
    }
}

/// The parts of the only clause of the role `r` that contradict one another, as they are written.
fn conflict(roles: &str) -> Vec<String> {
    let text = format!("{PRELUDE}{roles}");
    let set = support::compile(&text);
    let role = set.program().find_role("r").unwrap_or(usize::MAX);
    let conflicts = Analysis::new(&set).conflicts(role);
    assert!(conflicts.len() <= 1, "{conflicts:?}");
    let parts = conflicts.iter().flat_map(|conflict| &conflict.parts);
    let written = |part: &ConflictPart| match part {
        ConflictPart::Condition(place) => text[place.span.start..place.span.end].to_owned(),
        ConflictPart::Guard(guard) => format!("guard {guard}"),
        ConflictPart::Issuer => "the issuer".to_owned(),
    };
    parts.map(written).collect()
}

#[test]
fn a_conflict_is_as_small_as_it_can_be() {
    let role = |condition: &str| format!("role r {{ tags [t] allow from i when {condition} }}\n");
    for (condition, parts) in [
        ("a == \"1\" && b == \"2\"", vec![]),
        (
            "a == \"1\" && b == \"2\" && a == \"3\" && c == \"4\"",
            vec!["a == \"1\"", "a == \"3\""],
        ),
        (
            "a == \"1\" && c == \"4\" && (a == \"2\" || a == \"3\")",
            vec!["a == \"1\"", "a == \"2\" || a == \"3\""],
        ),
        (
            "c == \"4\" && iss == \"https://j.example\"",
            vec!["iss == \"https://j.example\"", "the issuer"],
        ),
    ] {
        assert_eq!(conflict(&role(condition)), parts, "{condition}");
    }
    // A condition with a name may stand before the clause, or behind it; a part is where the clause has it.
    for (before, behind) in [
        ("condition neither = b == \"1\" || b == \"2\"\n", ""),
        ("", "condition neither = b == \"1\" || b == \"2\"\n"),
    ] {
        let text = format!("{before}{}{behind}", role("a == \"1\" && b == \"3\" && neither"));
        let parts = conflict(&text);
        assert_eq!(parts[0], "b == \"3\"", "{parts:?}");
        assert_eq!(parts.len(), 2, "{parts:?}");
    }
    // Of a part that is partly written elsewhere, what stands in the clause.
    let named = "condition neither = b == \"1\" || b == \"2\"\n".to_owned();
    let parts = conflict(&(named + &role("b == \"3\" && (b == \"4\" || neither)")));
    assert_eq!(parts, ["b == \"3\"", "b == \"4\""]);
    let guards =
        "guard g for #t { a == \"1\" } guard h for #t { b == \"2\" } guard k for #t { c == \"3\" }\n";
    assert_eq!(
        conflict(&(role("c == \"4\" && a == \"1\"") + guards)),
        ["c == \"4\"", "guard 2"]
    );
}

#[test]
fn a_token_names_the_roles_that_it_gets() {
    let set = support::compile(&format!(
        "{PRELUDE}role r {{ allow from i when a == \"1\" }} role s {{ allow from i when b == \"2\" }}"
    ));
    let Verdict::Refuted(Some(witness)) = Analysis::new(&set).implies(0, 1) else {
        panic!("nobody asks for `b`");
    };
    assert_eq!(
        (witness.allowed, witness.denied),
        (vec!["r".to_owned()], vec!["s".to_owned()])
    );
}

/// A claim that is made of one claim, or of text, is compared as that is: only of more it is an equation.
#[test]
fn comparisons_with_simple_derived_claims_are_decided() {
    let policy = |template: &str| {
        format!(
            "profile p {{ claim a: text claim b: text derive sub = \"{template}\" }}
             issuer i {{ url \"https://i.example\" profile p audience \"x\" }}
             role r {{ allow from i when sub == b && a == \"1\" }}
             role s {{ allow from i when b == \"1\" }}
             role t {{ allow from i when sub != b && a == \"1\" }}\n"
        )
    };
    for template in ["{a}", "1"] {
        let set = support::compile(&policy(template));
        let mut analysis = Analysis::new(&set);
        assert!(analysis.implies(0, 1).is_proved(), "{template}");
        assert!(analysis.disjoint(2, 1).is_proved(), "{template}");
        assert!(matches!(analysis.satisfiable(2), Answer::Token(_)), "{template}");
    }
    // Of an equation there may be a token all the same; its test says all that the token says, once.
    let text = policy("{a}:{a}");
    let set = support::compile(&text);
    let Answer::Token(witness) = Analysis::new(&set).satisfiable(2) else {
        panic!("most tokens");
    };
    let kept = support::compile(&(text + &witness.test("kept")));
    for outcome in kept.run_tests() {
        assert!(outcome.failures.is_empty(), "{outcome:?}");
    }
}

/// Of a list, each element is of the type: others make the list odd, and are in no token that shows something.
#[test]
fn lists_of_every_type() {
    for (claim_type, one, other) in [
        ("path", "\"a\"", "\"a/b\""),
        ("ref", "\"a\"", "\"b\""),
        ("id", "\"1\"", "\"2\""),
        ("int", "1", "-2"),
        ("enum [a, b]", "\"a\"", "\"b\""),
    ] {
        let set = support::compile(&format!(
            "profile p {{ claim l: [{claim_type}] }} issuer i {{ url \"https://i.example\" profile p audience \"x\" }}
             role one {{ allow from i when l contains {one} }}
             role neither {{ allow from i when !(l contains any [{one}, {other}]) }}
             role both {{ allow from i when l contains all [{one}, {other}] }}
             role only-one {{ allow from i when l contains {one} && !(l contains {other}) }}"
        ));
        let mut analysis = Analysis::new(&set);
        for role in 0..4 {
            let answer = analysis.satisfiable(role);
            assert!(
                matches!(answer, Answer::Token(_)),
                "{claim_type}: {role}: {answer:?}"
            );
        }
        assert!(
            analysis.implies(2, 0).is_proved() && analysis.implies(3, 0).is_proved(),
            "{claim_type}"
        );
        assert!(
            analysis.disjoint(0, 1).is_proved() && analysis.disjoint(2, 3).is_proved(),
            "{claim_type}"
        );
    }
}

/// What one claim must be is also what another one must be that is equal to it, however many stand between them.
#[test]
fn equal_claims_share_what_is_asked_of_them() {
    for (condition, exists) in [
        ("a == b && a matches /[xyz]*/ && b like \"?x?y\"", true),
        ("a == b && b == c && a matches /[xyz]*/ && c like \"?x?y\"", true),
        ("a == b && b == c && a matches /[xyz]*/ && c like \"?w?y\"", false),
        (
            "a != b && b == c && a matches /x|y/ && b matches /x|y/ && c like \"y\"",
            true,
        ),
        (
            "a != b && b != c && a != c && a matches /x|y/ && b matches /x|y/ && c matches /x|y/",
            false,
        ),
        (
            "a != b && b != c && a != c && a matches /x|y/ && b matches /x|y/ && c matches /x|y|z/",
            true,
        ),
    ] {
        let set = support::compile(&format!("{PRELUDE}role r {{ allow from i when {condition} }}"));
        let answer = Analysis::new(&set).satisfiable(0);
        assert_eq!(
            matches!(answer, Answer::Token(_)),
            exists,
            "{condition}: {answer:?}"
        );
        assert_eq!(answer == Answer::Nothing, !exists, "{condition}: {answer:?}");
    }
}

/// A question that was too much for the budget is no burden on the next one, which may be about a part of it.
#[test]
fn the_budget_is_of_each_question() {
    let long = |claim: &str, end: &str| format!("{claim} like \"{}{end}\"", "?".repeat(200));
    let (first, second) = (long("a", "x"), long("b", "y"));
    let set = support::compile(&format!(
        "{PRELUDE}role both {{ allow from i when {first} && {second} }} role second {{ allow from i when {second} }}"
    ));
    let with = |states| {
        Analysis::with_budget(
            &set,
            Budget {
                states,
                ..Budget::default()
            },
        )
    };
    let enough = (0..)
        .map(|n| n * 200)
        .find(|states| matches!(with(*states).satisfiable(1), Answer::Token(_)));
    let mut analysis = with(enough.unwrap_or_default());
    let both = analysis.satisfiable(0);
    assert!(
        matches!(both, Answer::NotDecided(Reason::States { .. })),
        "{both:?}"
    );
    let second = analysis.satisfiable(1);
    assert!(matches!(second, Answer::Token(_)), "{second:?}");
}

/// A role that was needed before others came to cover more is left out.
#[test]
fn a_role_is_covered_by_as_few_as_it_can_be() {
    let set = support::compile(&format!(
        "{PRELUDE}role r {{ allow from i when a in [\"1\", \"2\"] }} role s {{ allow from i when a == \"1\" }}
         role t {{ allow from i when a == \"2\" || a == \"1\" }}"
    ));
    assert_eq!(Analysis::new(&set).covered(0, &[1, 2]), Coverage::By(vec![2]));
}

#[test]
fn a_template_may_have_so_many_parts() {
    for (parts, decided) in [(64, true), (66, false), (128, false)] {
        let template = "{a}-".repeat(parts / 2);
        let set = support::compile(&format!(
            "profile p {{ claim a: text derive sub = \"{template}\" }}
             issuer i {{ url \"https://i.example\" profile p audience \"x\" }}
             role r {{ allow from i when sub == \"{}\" }}",
            "-".repeat(parts / 2)
        ));
        let answer = Analysis::new(&set).satisfiable(0);
        assert_eq!(matches!(answer, Answer::Token(_)), decided, "{answer:?}");
        assert_eq!(
            matches!(answer, Answer::NotDecided(Reason::Template { .. })),
            !decided,
            "{answer:?}"
        );
    }
}
