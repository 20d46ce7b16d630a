//! Two versions of a policy set: what is gained, what is lost, and what only looks different.

use crate::support::compile;
use crate::support::sampling::{config, full};
use crate::support::small::{condition, layouts, prelude};
use crate::support::tokens::tokens;
use proptest::prelude::*;
use rolecall_analysis::{Answer, Budget, GivenChange, RoleChange, Undecided, difference};
use rolecall_engine::UnverifiedClaims;
use std::time::Duration;

const ISSUER: &str = r#"issuer g { url "https://g.example" profile gitlab-ci audience "x" }"#;

/// What a change comes to, in a word for each version.
fn told(change: &RoleChange) -> String {
    let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "-".to_owned());
    let answer = |answer: &Answer| match answer {
        Answer::Nothing => "nothing",
        Answer::NotDecided(_) => "undecided",
        Answer::Token(_) => "token",
        _ => "newer",
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
    assert_eq!(
        changes[0].gained,
        Answer::NotDecided(Undecided::Changed { claim })
    );
}

#[test]
fn what_a_role_gives() {
    let set = |members: &str| format!("{ISSUER} role r {{ allow from g when ref == \"main\" {members} }}");
    let given = |old: &str, new: &str| {
        let changes = difference(&compile(&set(old)), &compile(&set(new)), Budget::default());
        assert_eq!(changes[0].is_unchanged(), changes[0].given.is_empty());
        assert_eq!(
            (&changes[0].gained, &changes[0].lost),
            (&Answer::Nothing, &Answer::Nothing)
        );
        let told = changes[0].given.iter().map(|change| match change {
            GivenChange::Ttl { .. } => ("ttl".to_owned(), change.is_gain(), change.is_loss()),
            GivenChange::Grant { name, .. } => (name.clone(), change.is_gain(), change.is_loss()),
            _ => panic!("{change:?}"),
        });
        told.collect::<Vec<_>>()
    };
    let one = |name: &str, gain, loss| vec![(name.to_owned(), gain, loss)];
    assert_eq!(given("ttl 15m", "ttl 900s"), []);
    assert_eq!(given("ttl 15m", "ttl 1h"), one("ttl", true, false));
    assert_eq!(given("ttl 15m", "ttl 5m"), one("ttl", false, true));
    // How long it lives if the role does not say is for others to say.
    assert_eq!(given("", "ttl 5m"), one("ttl", true, true));
    assert_eq!(given("ttl 5m", ""), one("ttl", true, true));
    assert_eq!(given("", "grant a = \"x\""), one("a", true, false));
    assert_eq!(given("grant a = \"x\"", ""), one("a", false, true));
    assert_eq!(given("grant a = \"x\"", "grant a = \"y\""), one("a", true, true));
    // An order, and another name for the same claim, change nothing.
    assert_eq!(
        given(
            "grant a = \"x/{project}\" grant b = \"y\"",
            "grant b = \"y\" grant a = \"x/{project_path}\""
        ),
        []
    );
    // A claim with another filter, or another claim, may have a value that is not safe in other tokens.
    let (old, new) = (
        set("grant a = \"x/{project}\""),
        set("grant a = \"x/{namespace_path}\""),
    );
    let changes = difference(&compile(&old), &compile(&new), Budget::default());
    assert_eq!(told(&changes[0]), "r r token token");
    assert!(matches!(&changes[0].given[..], [GivenChange::Grant { name, .. }] if name == "a"));
    // A role with another name gives what it gave.
    let old = set("ttl 15m");
    let renamed = set("ttl 1h").replace("role r", "role now");
    let changes = difference(&compile(&old), &compile(&renamed), Budget::default());
    assert_eq!(
        (changes.len(), told(&changes[0])),
        (1, "r now nothing nothing".to_owned())
    );
    assert_eq!(
        changes[0].given,
        [GivenChange::Ttl {
            old: Some(Duration::from_secs(900)),
            new: Some(Duration::from_secs(3600))
        }]
    );
}

#[test]
fn what_claims_of_a_grant_are_counts() {
    let set = |claims: &str| {
        format!(
            "profile p {{ {claims} }} issuer i {{ url \"https://i.example\" profile p audience \"x\" }}
             role r {{ allow from i when b == \"2\" grant g = \"{{a}}\" grant s = \"{{sub}}\" grant b = \"{{b}}\" }}"
        )
    };
    let old = set("claim a: text claim b: text derive sub = \"{a}:{b}\"");
    let given = |claims: &str, decided: bool| {
        let changes = difference(&compile(&old), &compile(&set(claims)), Budget::default());
        // Tokens that a claim is derived otherwise of get the role otherwise: the grants belong to the decision.
        let expected = if decided {
            "r r nothing nothing"
        } else {
            "r r undecided undecided"
        };
        assert_eq!(told(&changes[0]), expected, "{claims}");
        let names = changes[0].given.iter().map(|change| match change {
            GivenChange::Grant { name, old, new } => {
                assert!(old == new && change.is_gain() && change.is_loss(), "{change:?}");
                name.clone()
            }
            _ => panic!("{change:?}"),
        });
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        given("claim b: text claim a: text derive sub = \"{a}:{b}\"", true),
        ""
    );
    assert_eq!(
        given("claim b: text claim a: path derive sub = \"{a}:{b}\"", false),
        "g s"
    );
    assert_eq!(
        given("claim b: text claim a: text derive sub = \"{b}:{a}\"", false),
        "s"
    );
    assert_eq!(
        given(
            "claim b: text claim a: text derive sub = \"{a}:{b}\" derive a = \"{b}\"",
            false
        ),
        "g s"
    );
}

#[test]
fn claims_that_are_declared_otherwise() {
    let told = |old: &str, new: &str, before: &str, now: &str| {
        let set = |claims: &str, rest: &str| {
            compile(&format!(
                "profile p {{ {claims} }} issuer i {{ url \"https://i.example\" profile p audience \"x\" }}
                 role r {{ tags [t] {rest} }}"
            ))
        };
        let changes = difference(&set(old, before), &set(new, now), Budget::default());
        match (&changes[0].gained, &changes[0].lost) {
            (Answer::NotDecided(Undecided::Changed { claim }), Answer::NotDecided(_)) => {
                format!("changed {claim}")
            }
            _ => told(&changes[0]),
        }
    };
    let on = |condition: &str| format!("allow from i when {condition}");
    let (a, e) = (on("a == \"1\""), on("e == \"1\""));
    // Another value of an enum: `!=` lets in more.
    let (two, three) = (
        "claim e: enum [\"1\", \"2\"]",
        "claim e: enum [\"1\", \"2\", \"3\"]",
    );
    let other = on("e != \"1\"");
    assert_eq!(told(two, three, &other, &other), "changed e");
    // From text to digits: `01` was another value than `1`.
    assert_eq!(told("claim a: text", "claim a: id", &a, &a), "changed a");
    assert_eq!(
        told("claim a: text", "claim a: [text]", &a, &on("a contains \"1\"")),
        "changed a"
    );
    // What nobody asks for does not matter, and neither do trust and whether a claim may be absent.
    let both = "claim a: text claim e: enum [\"1\", \"2\"]";
    assert_eq!(
        told(both, "claim a: text claim e: int", &a, &a),
        "r r nothing nothing"
    );
    assert_eq!(
        told("claim a: text", "claim a: text author optional", &a, &a),
        "r r nothing nothing"
    );
    // Asked for only now, a claim of another type is what it is now.
    assert_eq!(
        told(
            both,
            "claim a: text claim e: int",
            &a,
            &on("a == \"1\" && e == 1")
        ),
        "r r nothing token"
    );
    // A claim that is gone was asked for; one that is new is asked for.
    assert_eq!(
        told("claim a: text claim e: text", "claim a: text", &e, &a),
        "changed e"
    );
    assert_eq!(
        told("claim a: text", "claim a: text claim e: text", &a, &e),
        "r r token token"
    );
    // What is made of a claim of another type, made on another condition, or not made any more.
    let made = "claim a: text claim e: text derive sub = \"x:{a}\" when e == \"1\"";
    let sub = on("sub == \"x:1\"");
    for remade in [
        "claim a: path claim e: text derive sub = \"x:{a}\" when e == \"1\"",
        "claim a: text claim e: text derive sub = \"x:{a}\" when e == \"2\"",
        "claim a: text claim e: id derive sub = \"x:{a}\" when e == \"1\"",
        "claim a: text claim e: text derive sub = \"x:{a}\"",
        "claim a: text claim e: text",
        "claim a: text claim e: text derive a = \"{e}\" derive sub = \"x:{a}\" when e == \"1\"",
    ] {
        let said = told(made, remade, &sub, &sub);
        assert!(said == "changed sub" || said == "changed a", "{remade}: {said}");
        // Asked for only now, it is not known what it would have been.
        let said = told(made, remade, &on("e == \"9\""), &sub);
        assert!(said.starts_with("changed"), "{remade}: {said}");
    }
    // A guard asks, too.
    let guarded = |claims: &str| format!("{claims} }} guard g for #t {{ e != \"1\" ");
    assert_eq!(
        told(
            two,
            three,
            &guarded(&on("e == \"2\"")),
            &guarded(&on("e == \"2\""))
        ),
        "changed e"
    );
}

proptest! {
    #![proptest_config(config(20))]

    /// Where `sub` is made in another way, nothing is proved of it that does not hold for all small tokens of either way.
    #[test]
    fn other_layouts_prove_nothing_wrong(
        before in 0..layouts(),
        now in 0..layouts(),
        conditions in prop::collection::vec(condition(), 3),
        also in condition(),
    ) {
        let text = |layout: usize, conditions: &[String]| {
            let roles = conditions.iter().enumerate();
            let roles = roles.map(|(number, condition)| format!("role r{number} {{ allow from small when {condition} }}\n"));
            prelude(layout) + &roles.collect::<String>()
        };
        let changed = [conditions[0].clone(), format!("({}) || ({also})", conditions[1]), format!("({}) && ({also})", conditions[2])];
        let (old, new) = (compile(&text(before, &conditions)), compile(&text(now, &changed)));
        let changes = difference(&old, &new, Budget::default());
        for token in tokens(before).into_iter().chain(tokens(now)) {
            let claims = UnverifiedClaims::new(token);
            for change in &changes {
                let name = change.new.as_deref().expect("a name");
                let (before, now) = (old.evaluate(&claims, name).is_ok(), new.evaluate(&claims, name).is_ok());
                prop_assert!(before == now || !matches!(if now { &change.gained } else { &change.lost }, Answer::Nothing), "{}", name);
            }
        }
    }
}

proptest! {
    #![proptest_config(config(if full() { 60 } else { 20 }))]

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
