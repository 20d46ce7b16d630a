//! Two versions of a policy set: what is gained, what is lost, and what only looks different.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop where something is odd"
)]

mod support;

use proptest::prelude::*;
use rolecall_analysis::{Answer, Budget, Reason, RoleChange, difference};
use rolecall_engine::UnverifiedClaims;
use support::compile;
use support::small::{condition, layouts, prelude};
use support::tokens::tokens;

const ISSUER: &str = r#"issuer g { url "https://g.example" profile gitlab-ci audience "x" }"#;

/// What a change comes to, in a word for each version.
fn told(change: &RoleChange) -> String {
    let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "-".to_owned());
    let answer = |answer: &Answer| match answer {
        Answer::Nothing => "nothing",
        Answer::NotDecided(_) => "undecided",
        Answer::Token(_) => "token",
    };
    let (gained, lost) = (answer(&change.gained), answer(&change.lost));
    format!("{} {} {gained} {lost}", name(&change.old), name(&change.new))
}

fn told_of(old: &str, new: &str) -> Vec<String> {
    let changes = difference(&compile(old), &compile(new), Budget::default());
    changes.iter().map(told).collect()
}

#[test]
fn roles_that_are_new_gone_renamed_wider_narrower_the_same() {
    let old = format!(
        "{ISSUER}
        role same {{ allow from g when project == \"acme/shop\" && ref_protected }}
        role rewritten {{ allow from g when !(project != \"acme/shop\" || !ref_protected) }}
        role wider {{ allow from g when project glob \"acme/*\" }}
        role narrower {{ allow from g when project like \"acme*\" }}
        role gone {{ allow from g when environment == \"production\" }}
        role before {{ allow from g when ref in [\"main\", \"master\"] }}
        role dead {{ allow from g when ref == \"main\" && ref == \"master\" }}"
    );
    let new = format!(
        "{ISSUER}
        role same {{ allow from g when project == \"acme/shop\" && ref_protected }}
        role rewritten {{ allow from g when ref_protected && project in [\"acme/shop\"] }}
        role wider {{ allow from g when project glob \"acme/**\" }}
        role narrower {{ allow from g when project under \"acme\" }}
        role now {{ allow from g when ref == \"master\" || ref == \"main\" }}
        role dead {{ allow from g when project_id == \"1\" && project_id == \"2\" }}
        role fresh {{ allow from g when namespace_id == \"7\" }}"
    );
    assert_eq!(
        told_of(&old, &new),
        [
            "dead dead nothing nothing",
            "narrower narrower nothing token",
            "rewritten rewritten nothing nothing",
            "same same nothing nothing",
            "wider wider token nothing",
            "- fresh token nothing",
            "before now nothing nothing",
            "gone - nothing token",
        ]
    );
    // One that is wider is not the one that is gone, even if that got its token, too.
    let one = format!("{ISSUER} role before {{ allow from g when ref == \"main\" }}");
    let more = format!("{ISSUER} role now {{ allow from g when ref == \"main\" || ref == \"master\" }}");
    assert_eq!(
        told_of(&one, &more),
        ["- now token nothing", "before - nothing token"]
    );
    // Back again, what was gained is lost.
    assert_eq!(told_of(&new, &old)[4], "wider wider nothing token");
}

#[test]
fn audiences_issuers_and_guards_count() {
    let role = "role r { tags [t] allow from g when ref == \"main\" }";
    let guard = "guard s for #t { ref_protected }";
    let issuer = |url: &str, audience: &str| {
        format!("issuer g {{ url \"{url}\" profile gitlab-ci audience {audience} }}")
    };
    let here = issuer("https://g.example", "\"x\"");
    let old = format!("{here} {role}");
    let cases = [
        (format!("{here} {role} {guard}"), "r r nothing token"),
        (
            format!("{} {role}", issuer("https://g.example", "[\"x\", \"y\"]")),
            "r r token nothing",
        ),
        (
            format!("{} {role}", issuer("https://h.example", "\"x\"")),
            "r r token token",
        ),
        // What an issuer is called is nothing that a token says.
        (
            format!("{here} {role}").replace(" g ", " h "),
            "r r nothing nothing",
        ),
    ];
    for (new, expected) in cases {
        assert_eq!(told_of(&old, &new), [expected], "{new}");
    }
}

#[test]
fn profiles_that_changed() {
    let set = |claims: &str, condition: &str| {
        format!(
            "profile p {{ {claims} }} issuer i {{ url \"https://i.example\" profile p audience \"x\" }}
             role r {{ allow from i when {condition} }}"
        )
    };
    let old = set(
        "claim a: text claim b: text derive sub = \"{a}:{b}\"",
        "a == \"1\" && b == \"2\"",
    );
    // Claims that stand elsewhere are the same ones.
    let moved = set(
        "claim c: int claim b: text claim a: text derive sub = \"{a}:{b}\"",
        "b == \"2\" && a == \"1\"",
    );
    assert_eq!(told_of(&old, &moved), ["r r nothing nothing"]);
    // Another layout matters only to those who read it.
    let remade = "claim a: text claim b: text derive sub = \"{b}:{a}\"";
    assert_eq!(
        told_of(&old, &set(remade, "b == \"2\" && a == \"1\"")),
        ["r r nothing nothing"]
    );
    assert_eq!(
        told_of(&old, &set(remade, "sub == \"2:1\"")),
        ["r r undecided undecided"]
    );
    assert_eq!(
        told_of(&old, &set(remade, "b == sub")),
        ["r r undecided undecided"]
    );
    let typed = set("claim a: int claim b: text", "a == 1");
    let changes = difference(&compile(&old), &compile(&typed), Budget::default());
    let claim = "a".to_owned();
    assert_eq!(changes[0].gained, Answer::NotDecided(Reason::Changed { claim }));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is said to be unchanged is unchanged for all small tokens; what is gained one way is lost the other way.
    #[test]
    fn small_tokens_agree(layout in 0..layouts(), conditions in prop::collection::vec(condition(), 4), also in condition()) {
        let text = |conditions: &[String]| {
            let roles = conditions.iter().enumerate();
            let roles = roles.map(|(number, condition)| format!("role r{number} {{ allow from small when {condition} }}\n"));
            prelude(layout) + &roles.collect::<String>()
        };
        let changed = vec![
            conditions[1].clone(),
            format!("({}) && ({also})", conditions[1]),
            format!("({}) || ({also})", conditions[2]),
            format!("({}) && (({also}) || ({}))", conditions[3], conditions[3]),
        ];
        let (old, new) = (compile(&text(&conditions)), compile(&text(&changed)));
        let there = difference(&old, &new, Budget::default());
        let back = difference(&new, &old, Budget::default());
        let tokens: Vec<UnverifiedClaims> = tokens(layout).into_iter().map(UnverifiedClaims::new).collect();
        for (one, other) in there.iter().zip(&back) {
            prop_assert_eq!(matches!(one.gained, Answer::Nothing), matches!(other.lost, Answer::Nothing));
            prop_assert_eq!(matches!(one.lost, Answer::Nothing), matches!(other.gained, Answer::Nothing));
            let name = one.new.as_deref().expect("a name");
            for claims in &tokens {
                let (before, now) = (old.evaluate(claims, name).is_ok(), new.evaluate(claims, name).is_ok());
                prop_assert!(before == now || !matches!(if now { &one.gained } else { &one.lost }, Answer::Nothing), "{}", name);
            }
        }
        // Narrowing gains nothing, widening loses nothing, and what is absorbed changes nothing.
        prop_assert!(!matches!(there[3].gained, Answer::Token(_)) && !matches!(there[3].lost, Answer::Token(_)));
        prop_assert!(!matches!(there[2].lost, Answer::Token(_)));
    }
}
