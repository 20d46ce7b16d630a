//! Questions that must be decided, and how: about equal claims, derived ones, lists of every type, and limits.

use rolecall_analysis::{Analysis, Answer, Coverage, Outcome, Undecided};

const PRELUDE: &str = "profile p { claim a: text claim b: text claim c: text }
    issuer i { url \"https://i.example\" profile p audience \"x\" }\n";

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
        let set = crate::support::compile(&policy(template));
        let mut analysis = Analysis::new(&set);
        assert!(
            analysis
                .implies(crate::support::role(&set, 0), crate::support::role(&set, 1))
                .is_proved(),
            "{template}"
        );
        assert!(
            analysis
                .disjoint(crate::support::role(&set, 2), crate::support::role(&set, 1))
                .is_proved(),
            "{template}"
        );
        assert!(
            matches!(
                analysis.satisfiable(crate::support::role(&set, 2)),
                Answer::Token(_)
            ),
            "{template}"
        );
    }
    // Of an equation there may be a token all the same; its test says all that the token says, once.
    let text = policy("{a}:{a}");
    let set = crate::support::compile(&text);
    let Answer::Token(witness) = Analysis::new(&set).satisfiable(crate::support::role(&set, 2)) else {
        panic!("most tokens");
    };
    let kept = crate::support::compile(&(text + &witness.test("kept").expect("a test")));
    for outcome in kept.run_tests() {
        assert!(outcome.failures.is_empty(), "{outcome:?}");
    }
}

/// `== "{claim}"` is `== claim`, also if the claims are derived from several parts.
#[test]
fn a_claim_in_quotes_and_braces_is_the_claim() {
    for kind in ["text", "path", "id string"] {
        let policy = format!(
            "profile p {{ claim a: {kind} claim b: {kind} claim c: text claim d: text derive sub = \"{{c}}:{{d}}\" }}
             issuer i {{ url \"https://i.example\" profile p audience \"x\" }}
             role r {{ allow from i when a == \"{{b}}\" }}
             role s {{ allow from i when b == a }}
             role t {{ allow from i when !(a == \"{{b}}\") }}\n"
        );
        let set = crate::support::compile(&policy);
        let mut analysis = Analysis::new(&set);
        let [r, s, t] = [0, 1, 2].map(|number| crate::support::role(&set, number));
        assert!(analysis.implies(r, s).is_proved(), "{kind}");
        assert!(analysis.implies(s, r).is_proved(), "{kind}");
        assert!(analysis.disjoint(t, s).is_proved(), "{kind}");
        assert!(matches!(analysis.satisfiable(t), Answer::Token(_)), "{kind}");
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
        let set = crate::support::compile(&format!(
            "profile p {{ claim l: [{claim_type}] }} issuer i {{ url \"https://i.example\" profile p audience \"x\" }}
             role one {{ allow from i when l contains {one} }}
             role neither {{ allow from i when !(l contains any [{one}, {other}]) }}
             role both {{ allow from i when l contains all [{one}, {other}] }}
             role only-one {{ allow from i when l contains {one} && !(l contains {other}) }}"
        ));
        let mut analysis = Analysis::new(&set);
        for role in 0..4 {
            let answer = analysis.satisfiable(crate::support::role(&set, role));
            assert!(
                matches!(answer, Answer::Token(_)),
                "{claim_type}: {role}: {answer:?}"
            );
        }
        assert!(
            analysis
                .implies(crate::support::role(&set, 2), crate::support::role(&set, 0))
                .is_proved()
                && analysis
                    .implies(crate::support::role(&set, 3), crate::support::role(&set, 0))
                    .is_proved(),
            "{claim_type}"
        );
        assert!(
            analysis
                .disjoint(crate::support::role(&set, 0), crate::support::role(&set, 1))
                .is_proved()
                && analysis
                    .disjoint(crate::support::role(&set, 2), crate::support::role(&set, 3))
                    .is_proved(),
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
        let set = crate::support::compile(&format!("{PRELUDE}role r {{ allow from i when {condition} }}"));
        let answer = Analysis::new(&set).satisfiable(crate::support::role(&set, 0));
        assert_eq!(
            matches!(answer, Answer::Token(_)),
            exists,
            "{condition}: {answer:?}"
        );
        assert_eq!(answer == Answer::Nothing, !exists, "{condition}: {answer:?}");
    }
}

#[test]
fn a_template_may_have_so_many_parts() {
    for (parts, decided) in [(64, true), (66, false), (128, false)] {
        let template = "{a}-".repeat(parts / 2);
        let set = crate::support::compile(&format!(
            "profile p {{ claim a: text derive sub = \"{template}\" }}
             issuer i {{ url \"https://i.example\" profile p audience \"x\" }}
             role r {{ allow from i when sub == \"{}\" }}",
            "-".repeat(parts / 2)
        ));
        let answer = Analysis::new(&set).satisfiable(crate::support::role(&set, 0));
        assert_eq!(matches!(answer, Answer::Token(_)), decided, "{answer:?}");
        assert_eq!(
            matches!(answer, Answer::NotDecided(Undecided::Template { .. })),
            !decided,
            "{answer:?}"
        );
    }
}

/// Whatever `iss` is made of, it is the issuer's.
#[test]
fn an_issuer_that_is_derived_is_the_issuer() {
    let set = crate::support::compile(
        "profile p { claim a: text derive iss = \"https://{a}.example\" }
         issuer i { url \"https://i.example\" profile p audience \"x\" }
         role i { allow from i when iss like \"https:*\" && a == \"i\" }
         role j { allow from i when iss like \"https:*\" && a == \"j\" }",
    );
    let mut analysis = Analysis::new(&set);
    let role = |name: &str| set.program().role(name).expect("a role");
    assert!(matches!(analysis.satisfiable(role("i")), Answer::Token(_)));
    assert_eq!(analysis.satisfiable(role("j")), Answer::Nothing);
}

/// Tokens that verification refuses refute nothing; a claim that every token has is a condition that says nothing.
#[test]
fn verified_tokens_have_their_registered_claims() {
    let profile = "profile p { claim a: text derive sub = \"{a}\" }
        issuer plain { url \"https://plain.example\" profile generic audience [\"x\", \"y\"] }
        issuer made { url \"https://made.example\" profile p audience \"x\" }\n";
    for issuer in ["plain", "made"] {
        for condition in [
            "!has sub",
            "sub == \"\"",
            "!has exp",
            "!has iat",
            "!has iss",
            "!has aud",
            "!(exp >= 0 || exp < 0)",
            "aud contains all [\"x\", \"y\"]",
        ] {
            let role = format!("role r {{ allow from {issuer} when {condition} }}");
            let set = crate::support::compile(&(profile.to_owned() + &role));
            assert_eq!(
                Analysis::new(&set).satisfiable(crate::support::role(&set, 0)),
                Answer::Nothing,
                "{issuer} {condition}"
            );
        }
    }
    // A subject need not be what it should be made of; one that is left out may be anything.
    let roles = "role made { allow from made when has sub && a == \"1\" } role subject { allow from made when sub == \"1\" }
         role optional { allow from plain when !has nbf && !has jti }\n";
    let text = profile.to_owned() + roles;
    let set = crate::support::compile(&text);
    let mut analysis = Analysis::new(&set);
    let Outcome::Refuted(Some(witness)) =
        analysis.implies(crate::support::role(&set, 0), crate::support::role(&set, 1))
    else {
        panic!("another subject");
    };
    let subject = witness.token.get("sub").and_then(|sub| sub.as_text());
    assert!(
        subject.is_some_and(|subject| !subject.is_empty() && subject != "1"),
        "{witness:?}"
    );
    let kept = crate::support::compile(&(text.clone() + &witness.test("kept").expect("a test")));
    assert!(
        kept.run_tests().all(|outcome| outcome.failures.is_empty()),
        "{}",
        witness.test("kept").expect("a test")
    );
    let Answer::Token(witness) = analysis.satisfiable(crate::support::role(&set, 2)) else {
        panic!("most tokens");
    };
    let names: Vec<&str> = witness.token.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["iss", "aud"], "claims that do not matter are left out");
}

/// A claim that every verified token has is there for each question, even where a token does not name it.
#[test]
fn what_every_token_has_is_asked_of_each() {
    let set = crate::support::compile(
        "profile p { claim a: text derive sub = \"{a}\" }
         issuer plain { url \"https://plain.example\" profile generic audience \"x\" }
         issuer made { url \"https://made.example\" profile p audience \"x\" }
         role narrow { allow from plain when jti == \"1\" allow from made when a == \"1\" }
         role wide { allow from plain when has sub && has exp allow from made when has sub && has iat }
         assert \"covers\" { wide covers narrow }",
    );
    let mut analysis = Analysis::new(&set);
    let proof = analysis.prove(&set.program().assertions()[0]);
    assert!(proof.outcome.is_proved(), "{proof:?}");
    assert_eq!(
        analysis.covered(crate::support::role(&set, 0), &[crate::support::role(&set, 1)]),
        Coverage::By(vec![crate::support::role(&set, 1)])
    );
    assert_eq!(
        analysis.implied(crate::support::role(&set, 0)),
        Ok(vec![crate::support::role(&set, 1)])
    );
}
