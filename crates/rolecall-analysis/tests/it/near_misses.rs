//! Tokens that just do not get a role: each fails where it should, and nowhere else.

use crate::support::compile;
use crate::support::sampling::config;
use crate::support::small::{comparison, layouts, prelude};
use crate::support::tokens::tokens;
use proptest::prelude::*;
use rolecall_analysis::{Analysis, Answer, Miss};
use rolecall_engine::{PolicySet, UnverifiedClaims, Value};

/// A condition that is one condition, and not several that must all hold.
fn conjunct() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => comparison(),
        1 => (comparison(), comparison()).prop_map(|(one, other)| format!("({one} || {other})")),
        1 => (comparison(), comparison()).prop_map(|(one, other)| format!("!({one} && {other})")),
    ]
}

/// The role `r` with a clause for each row of conditions, and the last condition of the first row in a guard. One condition
/// may be left out.
fn policy(layout: usize, clauses: &[Vec<String>], without: Option<(usize, usize)>) -> String {
    let mut policy = prelude(layout) + "role r {\n tags [t]\n";
    let mut guard = None;
    for (number, clause) in clauses.iter().enumerate() {
        let conditions = clause.iter().enumerate();
        let mut kept: Vec<&str> = conditions
            .filter(|(at, _)| without != Some((number, *at)))
            .map(|(_, condition)| condition.as_str())
            .collect();
        if clauses.len() == 1 && without != Some((number, clause.len() - 1)) {
            guard = kept.pop();
        }
        policy += " allow from small";
        if !kept.is_empty() {
            policy += &format!(" when {}", kept.join(" && "));
        }
        policy += "\n";
    }
    policy += "}\n";
    if let Some(guard) = guard {
        policy += &format!("guard g for #t {{ {guard} }}\n");
    }
    policy
}

fn gets(set: &PolicySet, claims: &UnverifiedClaims) -> bool {
    set.evaluate(claims, "r").is_ok()
}

/// The claims of a test's token, sorted.
fn claims_of(set: &PolicySet, test: &str) -> Vec<(String, Value)> {
    let test = set.program().tests().iter().find(|one| one.name == test);
    let members = test.expect("the test").claims.members();
    let mut claims: Vec<(String, Value)> = members
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    claims.sort_by(|(left, _), (right, _)| left.cmp(right));
    claims
}

proptest! {
    #![proptest_config(config(150))]

    /// A near miss is denied, and granted as soon as its condition is left out, but not if another one is. Where there is
    /// none, leaving the condition out changes nothing for any small token.
    #[test]
    fn a_near_miss_fails_there_and_nowhere_else(
        layout in 0..layouts(),
        clauses in prop::collection::vec(prop::collection::vec(conjunct(), 2..4), 1..3),
    ) {
        let text = policy(layout, &clauses, None);
        let set = compile(&text);
        let mut analysis = Analysis::new(&set);
        let examples = analysis.examples(crate::support::role(&set, 0));
        for example in &examples {
            if let Answer::Token(example) = example {
                prop_assert!(gets(&set, &example.claims()));
            }
        }
        let misses = analysis.near_misses(crate::support::role(&set, 0));
        let expected: Vec<(usize, usize)> = (0..clauses.len())
            .filter(|clause| examples[*clause] != Answer::Nothing)
            .flat_map(|clause| (0..clauses[clause].len()).map(move |at| (clause, at)))
            .collect();
        prop_assert_eq!(misses.len(), expected.len());
        for (miss, (clause, at)) in misses.iter().zip(expected) {
            prop_assert_eq!(crate::support::clause(&set, miss.clause), clause);
            prop_assert_eq!(miss.guard.is_some(), clauses.len() == 1 && at == clauses[0].len() - 1);
            let written = &text[miss.location.span().start..miss.location.span().end];
            prop_assert!(clauses[clause][at].contains(written), "{} {}", clauses[clause][at], written);
            let wider = compile(&policy(layout, &clauses, Some((clause, at))));
            match &miss.outcome {
                Miss::Token(witness) => {
                    let claims = witness.claims();
                    prop_assert!(!gets(&set, &claims) && gets(&wider, &claims), "{} {:?}", clauses[clause][at], witness.token);
                    for other in (0..clauses[clause].len()).filter(|other| *other != at) {
                        let wider = compile(&policy(layout, &clauses, Some((clause, other))));
                        prop_assert!(!gets(&wider, &claims), "{} {:?}", clauses[clause][other], witness.token);
                    }
                    let whole = witness.test("kept").expect("a test");
                    let kept = compile(&format!("{text}{whole}"));
                    prop_assert!(kept.run_tests().all(|outcome| outcome.failures.is_empty()), "{whole}");
                    if let Answer::Token(example) = &examples[clause] {
                        let base = example.test("b").expect("a test");
                        let like = witness.test_like("kept", "b", example).expect("a test");
                        let kept_like = compile(&format!("{text}{base}{like}"));
                        prop_assert_eq!(claims_of(&kept_like, "kept"), claims_of(&kept, "kept"), "{}\n{}", whole, like);
                        prop_assert!(like.len() <= whole.len());
                        prop_assert!(kept_like.run_tests().all(|outcome| outcome.failures.is_empty()), "{base}{like}");
                    }
                }
                Miss::Implied | Miss::GrantedOtherwise(_) => {
                    for token in tokens(layout) {
                        let claims = UnverifiedClaims::new(token);
                        prop_assert_eq!(gets(&set, &claims), gets(&wider, &claims), "{}", clauses[clause][at]);
                    }
                    if let Miss::GrantedOtherwise(witness) = &miss.outcome {
                        prop_assert!(clauses.len() > 1 && gets(&set, &witness.claims()));
                    }
                }
                Miss::NotDecided(_) => {}
                _ => panic!("a newer miss"),
            }
        }
    }
}

const ISSUER: &str = r#"issuer g { url "https://g.example" profile gitlab-ci audience "x" }"#;

#[test]
fn only_what_must_change_changes() {
    let set = compile(&format!(
        r#"{ISSUER}
        role r {{
          tags [t]
          allow from g when project == "acme/shop" && ref like "release/*" && ref_type == "branch" && ref_protected
          && groups_direct contains "acme/ops" && environment in ["production", "staging"] && has job_id
          allow from g when namespace_id == "7" && user_login == "root"
        }}
        guard g for #t {{ pipeline_source != "merge_request_event" }}"#
    ));
    let mut analysis = Analysis::new(&set);
    let examples = analysis.examples(crate::support::role(&set, 0));
    let misses = analysis.near_misses(crate::support::role(&set, 0));
    assert_eq!(misses.len(), 8 + 3);
    for miss in misses {
        let (Answer::Token(example), Miss::Token(witness)) = (
            &examples[crate::support::clause(&set, miss.clause)],
            &miss.outcome,
        ) else {
            panic!("{miss:?}");
        };
        let names = example
            .token
            .iter()
            .chain(witness.token.iter())
            .map(|(name, _)| name);
        let mut changed: Vec<&str> = names
            .filter(|name| example.token.get(name) != witness.token.get(name))
            .collect();
        changed.dedup();
        assert_eq!(changed.len(), 1, "{miss:?}\n{example:?}");
    }
}

#[test]
fn conditions_that_add_nothing() {
    let set = compile(&format!(
        r#"{ISSUER}
        role r {{
          allow from g when project == "acme/shop" && project under "acme"
          allow from g when project under "acme" && ref == "main" && ref_protected
          allow from g when project under "acme" && ref == "main"
          allow from g when ref == "main" && ref == "master"
        }}"#
    ));
    let told = |miss: &rolecall_analysis::NearMiss| match miss.outcome {
        Miss::Token(_) => (crate::support::clause(&set, miss.clause), "token"),
        Miss::Implied => (crate::support::clause(&set, miss.clause), "implied"),
        Miss::GrantedOtherwise(_) => (crate::support::clause(&set, miss.clause), "otherwise"),
        _ => (crate::support::clause(&set, miss.clause), "undecided"),
    };
    let misses = Analysis::new(&set).near_misses(crate::support::role(&set, 0));
    assert_eq!(
        misses.iter().map(told).collect::<Vec<_>>(),
        [
            (0, "token"),
            (0, "implied"),
            (1, "token"),
            (1, "token"),
            (1, "otherwise"),
            (2, "token"),
            (2, "token"),
        ]
    );
}

#[test]
fn what_is_not_decided_is_said() {
    let set = compile(
        r#"profile p { claim a: text claim b: text claim c: text derive sub = "{a}{b}" }
        issuer i { url "https://i.example" profile p audience "x" }
        role r { allow from i when sub == c && a == "x" && b like "y*" && !(c like "xy*") }"#,
    );
    let mut analysis = Analysis::new(&set);
    assert!(matches!(
        analysis.examples(crate::support::role(&set, 0))[..],
        [Answer::NotDecided(_)]
    ));
    let misses = analysis.near_misses(crate::support::role(&set, 0));
    assert_eq!(misses.len(), 4);
    assert!(
        misses
            .iter()
            .any(|miss| matches!(miss.outcome, Miss::NotDecided(_)))
    );
    for miss in misses {
        // An example that is not known is no reason to know nothing.
        match miss.outcome {
            Miss::Token(witness) => assert!(!gets(&set, &witness.claims())),
            Miss::NotDecided(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// The examples of the role's clauses and the tests of its near misses, each compiled with the test of its example.
fn tests(policy: &str) -> Vec<String> {
    let set = compile(policy);
    let mut analysis = Analysis::new(&set);
    let role = crate::support::role(&set, 0);
    let examples = analysis.examples(role);
    let mut tests = Vec::new();
    for miss in analysis.near_misses(role) {
        let (Answer::Token(example), Miss::Token(witness)) = (
            &examples[crate::support::clause(&set, miss.clause)],
            &miss.outcome,
        ) else {
            continue;
        };
        let base = example.test("the example").expect("a test");
        let like = witness.test_like("kept", "the example", example);
        let [like, whole] = [like, witness.test("kept")].map(|test| test.expect("a test"));
        let sets = [&like, &whole].map(|test| compile(&format!("{policy}{base}{test}")));
        for kept in &sets {
            assert!(
                kept.run_tests().all(|outcome| outcome.failures.is_empty()),
                "{base}{like}{whole}"
            );
        }
        let [one, other] = sets.map(|kept| claims_of(&kept, "kept"));
        assert_eq!(one, other, "{base}{like}{whole}");
        tests.push(like);
    }
    tests
}

#[test]
fn a_near_miss_is_like_its_example() {
    let tests = tests(&format!(
        r#"{ISSUER}
        role r {{
          allow from g when project == "acme/shop" && ref == "main" && ref_type == "branch" && has environment
        }}"#
    ));
    let expected = |claim: &str, because: &str| {
        format!(
            "test \"kept\" {{\n  token g like \"the example\" {{\n    {claim},\n  }}\n  expect deny r because {because}\n}}\n"
        )
    };
    assert_eq!(
        tests,
        [
            expected("project_path = \"acme-evil/shop\"", "project_path"),
            expected("ref = \"main-x\"", "ref"),
            expected("ref_type = \"tag\"", "ref_type"),
            expected("environment = absent", "environment"),
        ]
    );
}

#[test]
fn a_token_that_no_changes_make_is_written_in_whole() {
    // `x` is filled in unless a test writes it, and `absent` would prevent that.
    let issuer = r#"
        profile p { claim a: text optional claim b: text optional claim o.x: text optional alias x
          claim o.y: text optional
          derive sub = "{a}:{b}" derive o.x = "{b}" }
        issuer g { url "https://g.example" profile p audience ["first", "second"] }"#;
    for (condition, expected) in [
        ("sub like \"a-long*\"", &[true, true, true][..]),
        ("aud == \"second\"", &[true, true, true]),
        ("!has x", &[true, true, true]),
        // An object with a member that has no name is written in whole.
        (
            "!has x && claims[\"o\"][\"y\"] == \"1\"",
            &[true, true, false, true],
        ),
        ("has x", &[true, true, true]),
    ] {
        let tests = tests(&format!(
            "{issuer} role r {{ allow from g when a == \"a-long-text\" && b like \"a-long-text*\" && {condition} }}"
        ));
        let is_like = tests.iter().map(|test| test.contains("like \"the example\""));
        assert_eq!(
            is_like.collect::<Vec<bool>>(),
            expected,
            "{condition}: {tests:#?}"
        );
    }
}

#[test]
fn a_claim_with_the_name_of_an_alias_is_written_in_quotes() {
    let tests = tests(
        r#"profile p { claim o.x: text claim b: text alias o claim c: text }
        issuer g { url "https://g.example" profile p audience "x" }
        role r { allow from g when claims["o"]["x"] == "one" && b == "two" && c == "three" }"#,
    );
    assert!(!tests.is_empty());
}
