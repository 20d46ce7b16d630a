//! Random policies, each with four random tokens: the reference evaluator and the one over our tree agree.

use super::{reference, tree};
use proptest::prelude::*;
use proptest::sample::select;
use rolecall_interop::NoticeKind;
use rolecall_interop::document::yaml;
use rolecall_interop::octo_sts::{Anchors, read};
use serde_json::{Value as Json, json};
use std::cell::Cell;

/// Returns a pattern over the characters of `value`.
fn pattern() -> impl Strategy<Value = String> {
    let atom = select(vec![
        "a", "b", "ab", ".", r"\.", "[ab]", "[^a]", r"[\d.]", r"[^\w]", r"\d", r"\s", r"\W", "", "/", "^",
        "$", r"\A", "x{2}", "(?i)", "a?", "b*", "true",
    ])
    .prop_map(str::to_owned);
    let node = atom.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            4 => prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            2 => prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| parts.join("|")),
            2 => inner.clone().prop_map(|inner| format!("({inner})")),
            1 => (inner, select(vec!["*", "+", "?", "*?", "{0,2}"])).prop_map(|(inner, operator)| format!("(?:{inner}){operator}")),
        ]
    });
    // Most real patterns have anchors at neither end or at both.
    let open = select(vec![".*", "a.*", "[a-z/]+", "a|.*", ""]).prop_map(str::to_owned);
    prop_oneof![3 => node.clone(), 1 => node.prop_map(|node| format!("^{node}$")), 3 => open]
}

fn value() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "a", "b", "A", ".", "/", "1", "x", "xx", "\n", "é", "true", "ſ",
    ]);
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// Returns a claim of any kind.
fn claim() -> impl Strategy<Value = Option<Json>> {
    prop_oneof![
        8 => value().prop_map(|text| Some(json!(text))),
        1 => any::<bool>().prop_map(|value| Some(json!(value))),
        1 => Just(None),
        1 => select(vec![Json::Null, json!(1), json!(["a"]), json!({"a": "b"}), json!([])]).prop_map(Some),
    ]
}

fn issuer() -> impl Strategy<Value = String> {
    select(vec![
        "https://a",
        "https://a.b",
        "https://axb",
        "http://a",
        "https://a.b/x",
    ])
    .prop_map(str::to_owned)
}

/// Returns a subject that octo-sts takes from a token.
fn subject() -> impl Strategy<Value = String> {
    select(vec!["a", "b", "ab", "1", "a/b", "axx", "é.a"]).prop_map(str::to_owned)
}

/// Returns the exact member, the pattern, both or neither, the last one so many times of 20.
fn pair(
    neither: u32,
    exact: impl Strategy<Value = String>,
    regex: impl Strategy<Value = String>,
) -> impl Strategy<Value = [Json; 2]> {
    (exact, regex, 0..20_u32).prop_map(move |(exact, regex, choice)| match choice {
        19 => [json!(exact), json!(regex)],
        choice if choice < neither => [Json::Null, Json::Null],
        choice if choice % 2 == 0 => [json!(exact), Json::Null],
        _ => [Json::Null, json!(regex)],
    })
}

pub(crate) fn policy() -> impl Strategy<Value = Json> {
    let issuer_pattern = select(vec![
        "https://a(.b)?",
        "https://a|https://a.b",
        r"https://a\.b",
        "^https://.*$",
        "x",
    ]);
    let audience = pair(12, value(), pattern());
    let claims = prop::collection::btree_map(select(vec!["p", "q"]), pattern(), 0..3);
    (
        pair(1, issuer(), issuer_pattern.prop_map(str::to_owned)),
        pair(1, subject(), pattern()),
        audience,
        claims,
    )
        .prop_map(|([issuer, issuer_pattern], [subject, subject_pattern], [audience, audience_pattern], claims)| {
            let mut policy = json!({
                "issuer": issuer, "issuer_pattern": issuer_pattern, "subject": subject, "subject_pattern": subject_pattern,
                "audience": audience, "audience_pattern": audience_pattern, "claim_pattern": claims,
            });
            policy.as_object_mut().unwrap().retain(|_, value| !value.is_null());
            policy
        })
}

fn token() -> impl Strategy<Value = Json> {
    let audience = prop_oneof![
        4 => Just(Some(json!("octo-sts.dev"))),
        2 => claim(),
        2 => prop::collection::vec(value(), 0..3).prop_map(|values| Some(json!(values))),
    ];
    let subject = prop_oneof![9 => subject().prop_map(|subject| Some(json!(subject))), 1 => claim()];
    let issuer = prop_oneof![9 => issuer().prop_map(|url| Some(json!(url))), 1 => claim()];
    (issuer, subject, audience, claim(), claim()).prop_map(|(iss, sub, aud, p, q)| {
        let claims = [("iss", iss), ("sub", sub), ("aud", aud), ("p", p), ("q", q)];
        let present = claims
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Json::Object(present.collect())
    })
}

/// Returns four tokens. Two differ from the first one in one claim.
pub(crate) fn tokens() -> impl Strategy<Value = [Json; 4]> {
    let claim = || select(vec!["iss", "sub", "aud", "p", "q"]);
    (token(), token(), claim(), claim()).prop_map(|(first, other, left, right)| {
        let near = |claim: &str| {
            let mut token = first.clone();
            match other.get(claim) {
                Some(value) => token[claim] = value.clone(),
                None => drop(token.as_object_mut().unwrap().remove(claim)),
            }
            token
        };
        [near(left), near(right), first, other]
    })
}

/// Makes the exact members of a policy those of a token, so that more tokens get in.
pub(crate) fn fitting(mut policy: Json, token: &Json) -> Json {
    for (member, claim) in [("issuer", "iss"), ("subject", "sub"), ("audience", "aud")] {
        if policy[member].is_string() && token[claim].is_string() {
            policy[member] = token[claim].clone();
        }
    }
    policy
}

#[test]
fn random_policies_decide_as_the_reference() {
    let full = std::env::var_os("ROLECALL_FULL").is_some_and(|value| value == "1");
    let config = ProptestConfig {
        cases: if full { 250_000 } else { 5_000 },
        failure_persistence: None,
        max_global_rejects: u32::MAX,
        ..ProptestConfig::default()
    };
    let counts: [Cell<u32>; 4] = Default::default();
    let count = |index: usize| counts[index].set(counts[index].get() + 1);
    proptest!(config, |(policy in policy(), tokens in tokens(), fits in 0..5)| {
        let policy = if fits > 0 { fitting(policy, &tokens[2]) } else { policy };
        let reading = read(&yaml(&policy.to_string()).unwrap());
        for token in &tokens {
            for (anchors, has_group) in [(Anchors::WithoutGroup, false), (Anchors::Group, true)] {
                let reference = reference::allows(&policy, token, has_group);
                match (&reading.tree, reference) {
                    (Some(tree), Some(expected)) => {
                        count(usize::from(expected));
                        prop_assert_eq!(tree::allows(tree, token, anchors), expected, "{:?}", anchors);
                    }
                    (None, None) => count(2),
                    (Some(_), None) => prop_assert!(false, "octo-sts refuses the policy"),
                    // A pattern that only Go reads is refused for a reason.
                    (None, Some(_)) => {
                        let refused: Vec<_> = reading.notices.iter().filter(|notice| notice.kind == NoticeKind::Refused).collect();
                        prop_assert!(refused.iter().all(|notice| notice.code == "pattern-not-read"), "{:?}", refused);
                        count(3);
                    }
                }
            }
        }
    });
    let [denied, allowed, refused, only_ours] = counts.map(Cell::into_inner);
    println!(
        "octo-sts: {allowed} allowed, {denied} denied, {refused} refused by both, {only_ours} by us alone"
    );
    assert!(allowed * 40 > denied, "few tokens get in");
    assert!(
        only_ours * 4 < allowed + denied,
        "many policies are refused by us alone"
    );
}
