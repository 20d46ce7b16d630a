//! Tokens that are nearly good, judged by us and by another library: where the two differ, there is a reason.

use crate::sampling::config;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use crate::fuzz::differential::{LAXER, STRICTER, check};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestRunner;

/// Each reason has a token among the inputs of the fuzzer that is called like it, so that none is there for nothing.
#[test]
fn each_difference_that_is_explained_occurs() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/differential");
    for (code, _) in STRICTER.iter().chain(LAXER) {
        let input = std::fs::read_to_string(seeds.join(code));
        let opinions = check(&input.unwrap_or_else(|error| panic!("{code}: {error}")));
        assert_eq!(opinions.explained, Some(*code), "{:?}", opinions.ours);
    }
}

/// Names of members, each with values that somebody may accept.
const HEADERS: &str = r#"
alg "Ed25519" "ES\u003256" "none"
kid "enc" "nobody" "ES256" "other" "" null
typ "jwt" "application/jwt" "at+jwt" "" null
crit ["b64"] [] null
b64 true
cty "JWT"
zip "DEF"
jku "https://them.example" 1 null
jwk {} null
x5c ["AAAA"] "AAAA"
x {"":1,"":2} [-0,1e300] "\ude00" 01
\u0061lg "ES256"
"#;

const CLAIMS: &str = r#"
iss "https:\/\/gitlab.example" ["https://gitlab.example"] "https://gitlab.example/"
aud ["rolecall"] ["them","rolecall"] ["rolecall","rolecall"] ["other",null] "r\u006flecall" "other" "Rolecall" "rolecall\u0020"
sub "" "\ud83d\ude00" "\ud800" "e\u0301"
azp "rolecall" "other" null
exp @-30 @-30.5 @-29.5 @-29 @+3590 @+3591 @+290e0 1e300
iat @+30 @+30.9 @+31 @-60 @-4000 null "@-10"
nbf @+30 @+30.4 @+30.5 @+31 @+400 null 0 1
typ "ID" "JWT" "Bearer"
cnf {}
events []
htm null
x {"":1,"":2} [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]] 18446744073709551616 [-0,1.5e-7] "\u0000" {"a":{"a":[{}]}}
\u0065xp @+290
ISS 1
"#;

/// Values that some reader might take for others.
const VALUES: &str = r#"
null true false 0 -0 -1 0.1 1e9 1e400 01 .5 9007199254740993 9223372036854775807 9223372036854775808 18446744073709551616
"" "0" "a" "JWT" "ID" "@+290" "rolecall" "rolecall\u0020" "Rolecall" "them" "https://gitlab.example" "EdDSA" "RS256" "enc"
"HS256" "\u0000" "\ud800" "\ud83d\ude00" "a [] [null] ["rolecall"] [["rolecall"]] {} {"rolecall":1} {"a":1,"a":1} [1,] {,}
"#;

/// A value, often a time near now.
fn value() -> impl Strategy<Value = String> {
    let fraction = select(vec!["", "", ".0", ".4", ".5", ".999", "e0"]);
    let seconds = prop_oneof![2 => -31..=31_i64, 1 => -4000..=4000_i64];
    prop_oneof![
        select(VALUES.split_whitespace().collect::<Vec<_>>()).prop_map(str::to_owned),
        (seconds, fraction).prop_map(|(seconds, fraction)| format!("@{seconds}{fraction}")),
        (250..260_usize).prop_map(|length| format!("\"{}\"", "ü".repeat(length))),
    ]
}

#[derive(Clone, Copy, Debug)]
enum Action {
    /// A member is added, also where there is one of its name.
    Add,
    /// The member at a place gets another value.
    Change,
    /// The member at a place is taken out.
    Drop,
    /// The member of a name gets another value, or is added.
    Say,
}

/// What is done, where, the name, and the value.
type Change = (Action, Index, &'static str, String);

/// A few changes, most of them such that somebody may accept the token still.
fn changes(table: &'static str, most: usize) -> impl Strategy<Value = Vec<Change>> {
    let rows = table.trim().lines().map(|line| line.split_once(' ').unwrap());
    let (names, near): (Vec<_>, Vec<_>) = rows
        .map(|(name, values)| (name, values.split(' ').map(move |value| (name, value))))
        .unzip();
    let near: Vec<_> = near.into_iter().flatten().collect();
    let near = (any::<Index>(), select(near))
        .prop_map(|(place, (name, value))| (Action::Say, place, name, value.to_owned()));
    let actions = vec![Action::Add, Action::Change, Action::Drop, Action::Say];
    let far = (select(actions), any::<Index>(), select(names), value());
    prop::collection::vec(prop_oneof![4 => near, 1 => far], 0..=most)
}

/// An object of these members, changed.
fn object(members: &[(&'static str, &str)], changes: Vec<Change>) -> String {
    let own = |(name, value): &(&'static str, &str)| (*name, (*value).to_owned());
    let mut members: Vec<_> = members.iter().map(own).collect();
    for (action, place, name, value) in changes {
        let named = members.iter().position(|(own, _)| *own == name);
        let place = place.index(members.len());
        match (action, named) {
            (Action::Change, _) => members[place].1 = value,
            (Action::Drop, _) => drop(members.remove(place)),
            (Action::Say, Some(place)) => members[place].1 = value,
            (Action::Add | Action::Say, _) => members.insert(place, (name, value)),
        }
    }
    let members = members.iter();
    let members = members.map(|(name, value)| format!("\"{name}\":{value}"));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// The `alg` and the `kid` of a token, those of the fastest signatures more often.
const KEYS: &str = "EdDSA EdDSA, EdDSA EdDSA, EdDSA EdDSA, EdDSA other, Ed25519 EdDSA, \
     ES256 ES256, ES256 ES256, ES384 ES384, RS256 RS256, PS384 RS256, RS256 ES256";

/// A token that would be good but for a few changes, in the form that is judged.
fn token() -> impl Strategy<Value = String> {
    let keys = KEYS.split(", ").map(|key| key.split_once(' ').unwrap());
    let keys = select(keys.collect::<Vec<_>>());
    let edit = (any::<u16>(), 0..3_u16, "[A-Za-z0-9_=. -]{0,2}");
    let edit = edit.prop_map(|(from, length, text)| format!("{from} {} {text}", from.saturating_add(length)));
    let edit = prop_oneof![9 => Just(String::new()), 1 => edit];
    let parts = (keys, changes(HEADERS, 1), changes(CLAIMS, 2), edit);
    parts.prop_map(|((alg, kid), header, claims, edit)| {
        let [alg, kid, url] = [alg, kid, crate::support::URL].map(|text| format!("\"{text}\""));
        let header = object(&[("alg", &alg), ("kid", &kid), ("typ", "\"JWT\"")], header);
        let (audience, subject) = ("\"rolecall\"", "\"a\"");
        let (iat, nbf, exp) = ("@-40", "@-45", "@+290");
        let good = [
            ("iss", url.as_str()),
            ("aud", audience),
            ("sub", subject),
            ("iat", iat),
            ("nbf", nbf),
            ("exp", exp),
        ];
        format!("{header}\n{}\n{edit}", object(&good, claims))
    })
}

#[test]
fn tokens_that_are_nearly_good_are_judged_alike_or_there_is_a_reason() {
    let config = ProptestConfig {
        source_file: Some(file!()),
        ..config(3000)
    };
    let verdicts = RefCell::new(BTreeMap::<&str, u32>::new());
    let run = TestRunner::new(config).run(&token(), |input| {
        let opinions = check(&input);
        let verdict = match opinions.ours {
            Ok(_) => opinions.explained.unwrap_or("accepted by both"),
            Err(_) => opinions.explained.unwrap_or("refused by both"),
        };
        *verdicts.borrow_mut().entry(verdict).or_default() += 1;
        Ok(())
    });
    run.unwrap();
    // The tokens are near enough to good ones that each kind of verdict is there often.
    let verdicts = verdicts.into_inner();
    println!("{verdicts:?}");
    assert!(verdicts["accepted by both"] > 300 && verdicts["refused by both"] > 300);
    assert!(verdicts.len() > 12, "{verdicts:?}");
}
