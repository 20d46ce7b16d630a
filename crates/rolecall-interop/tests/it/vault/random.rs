//! Random roles, each with four random tokens: the reference evaluator and the one over our tree agree.

use super::{reference, tree};
use proptest::prelude::*;
use proptest::sample::select;
use rolecall_interop::document::json as read_json;
use rolecall_interop::vault::role as read_role;
use serde_json::{Value as Json, json};
use std::cell::Cell;

const CLAIMS: [&str; 6] = ["iss", "sub", "aud", "p", "q", "/p/a"];

fn text() -> impl Strategy<Value = String> {
    let piece = select(vec!["a", "b", "aa", "*", "/", "?", "é", "1", "true", "\n"]);
    prop::collection::vec(piece, 0..3).prop_map(|pieces| pieces.concat())
}

fn number() -> impl Strategy<Value = Json> {
    select(vec![
        json!(1),
        json!(-1),
        json!(1.0),
        json!(1.9),
        json!(-0.5),
        json!(0),
        json!(1e3),
        json!(1000),
        json!(9_007_199_254_740_993_i64),
    ])
}

fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![6 => text().prop_map(Json::from), 1 => any::<bool>().prop_map(Json::from), 2 => number()]
}

/// Returns the value of a claim of a token, of any kind.
fn value() -> impl Strategy<Value = Json> {
    let object =
        || (select(vec!["a", "b", "0", ""]), scalar()).prop_map(|(name, value)| json!({name: value}));
    let element = prop_oneof![8 => scalar(), 1 => Just(Json::Null), 1 => object()];
    prop_oneof![
        5 => scalar(),
        3 => prop::collection::vec(element, 0..3).prop_map(Json::from),
        2 => object(),
        1 => Just(Json::Null),
        1 => Just(json!({"a": {"b": ["x", "a"]}})),
    ]
}

fn token() -> impl Strategy<Value = Json> {
    let audience = prop_oneof![
        4 => Just(Some(json!("v"))),
        1 => Just(None),
        2 => select(vec![json!(["v", "w"]), json!([]), json!(""), json!([""]), json!("w")]).prop_map(Some),
        1 => value().prop_map(Some),
    ];
    let name = || select(vec!["a", "b"]).prop_map(|text| Some(json!(text)));
    let registered = || prop_oneof![8 => name(), 1 => Just(None), 1 => value().prop_map(Some)];
    let other = || prop::option::weighted(0.85, value());
    (registered(), registered(), audience, other(), other()).prop_map(|(iss, sub, aud, p, q)| {
        let claims = [
            ("iss", iss),
            ("sub", sub),
            ("aud", aud),
            ("p", p),
            ("q", q),
            ("/p/a", Some(json!("a"))),
        ];
        let present = claims
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Json::Object(present.collect())
    })
}

/// Returns four tokens. Two differ from the first one in one claim.
pub(crate) fn tokens() -> impl Strategy<Value = [Json; 4]> {
    let claim = || select(CLAIMS[..5].to_vec());
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

fn pointer() -> impl Strategy<Value = &'static str> {
    select(vec![
        "p", "p", "q", "q", "sub", "/p/a", "/p/0", "/q/1", "/p/a/b/1", "/p", "/", "/p/", "a", "/aud",
    ])
}

pub(crate) fn role() -> impl Strategy<Value = Json> {
    let expected =
        prop_oneof![3 => scalar(), 2 => prop::collection::vec(scalar(), 0..3).prop_map(Json::from)];
    let globs = select(vec!["*", "a*", "*a", "a*a", "", "a", "*/*", "b*?", "1*"]).prop_map(Json::from);
    let globs = prop_oneof![2 => globs.clone(), 1 => prop::collection::vec(globs, 1..3).prop_map(Json::from)];
    let strings =
        prop::collection::btree_map(pointer(), expected, 0..3).prop_map(|claims| ("string", json!(claims)));
    let globs =
        prop::collection::btree_map(pointer(), globs, 0..3).prop_map(|claims| ("glob", json!(claims)));
    let audiences = select(vec![
        json!(["v"]),
        json!(["v", "w"]),
        json!(["v"]),
        json!([]),
        Json::Null,
    ]);
    let subject = select(vec![json!(""), json!(""), json!("a"), Json::Null]);
    let user = (select(vec!["sub", "sub", "sub", "p", "/p/a", "q"]), any::<bool>());
    let groups = select(vec![
        json!(""),
        json!(""),
        json!(""),
        json!("p"),
        json!("/p/a"),
        Json::Null,
    ]);
    let mappings = prop::collection::btree_map(pointer(), select(vec!["k", "l"]), 0..2);
    let claims = prop_oneof![strings, globs];
    (claims, audiences, subject, user, groups, mappings).prop_map(
        |((kind, claims), audiences, subject, (user, is_pointer), groups, mappings)| {
            json!({"data": {
                "role_type": "jwt", "bound_claims_type": kind, "bound_claims": claims, "bound_audiences": audiences,
                "bound_subject": subject, "user_claim": user, "user_claim_json_pointer": is_pointer, "groups_claim": groups,
                "claim_mappings": mappings, "token_bound_cidrs": [], "clock_skew_leeway": 0, "token_policies": ["p"],
            }})
        },
    )
}

/// Makes the expected values of names those of a token, so that more tokens get in.
pub(crate) fn fitting(mut role: Json, token: &Json) -> Json {
    if let Some(claims) = role["data"]["bound_claims"].as_object_mut() {
        for (claim, expected) in claims {
            let found = if claim.starts_with('/') {
                token.pointer(claim)
            } else {
                token.get(claim)
            };
            if let Some(found @ (Json::String(_) | Json::Bool(_))) = found
                && expected.is_string()
            {
                *expected = json!([expected.clone(), found.clone()]);
            }
        }
    }
    role
}

#[test]
fn random_roles_decide_as_the_reference() {
    let full = std::env::var_os("ROLECALL_FULL").is_some_and(|value| value == "1");
    let config = ProptestConfig {
        cases: if full { 250_000 } else { 10_000 },
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let counts: [Cell<u32>; 4] = Default::default();
    let count = |index: usize| counts[index].set(counts[index].get() + 1);
    proptest!(config, |(role in role(), tokens in tokens(), fits in any::<bool>())| {
        let role = if fits { fitting(role, &tokens[2]) } else { role };
        let reading = read_role(&read_json(&role.to_string()).unwrap());
        for token in &tokens {
            match (&reading.tree, reference::allows(&role, token)) {
                (Some(tree), Some(expected)) => {
                    count(usize::from(expected));
                    prop_assert_eq!(tree::allows(tree, token), expected);
                }
                (None, None) => count(2),
                (Some(_), None) => prop_assert!(false, "Vault refuses the role"),
                (None, Some(_)) => count(3),
            }
        }
    });
    let [denied, allowed, refused, only_ours] = counts.map(Cell::into_inner);
    println!("vault: {allowed} allowed, {denied} denied, {refused} refused by both, {only_ours} by us alone");
    assert!(allowed * 40 > denied, "few tokens get in");
    assert!(
        only_ours * 4 < allowed + denied,
        "many roles are refused by us alone"
    );
}
