//! Claims of another type than the policy's: from the token's bytes to the decision, nothing becomes something else.

use crate::support::Attempt;
use rolecall::Algorithm;
use rolecall_engine::{PolicySet, Source};

/// JSON values of all types, and those that other languages take for one another.
const VALUES: &str = r#"
    "5" "true" "null" "" "[]" "{}" "0" "5.0" "05" "\u00205" "TRUE" true false null
    5 0 -5 -0 5.0 5e0 0.5e1 5.0000000000000001 1e-999 9007199254740992 9007199254740993 9007199254740992.0
    9007199254740993.0 9223372036854775807 -9223372036854775808 9223372036854775808 18446744073709551616
    18446744073709551617 100000000000000000000
    [] [""] ["5"] ["5","5"] ["a","5"] [5] ["5",5] [true] [null] [[]] [["5"]] ["5",null] ["5",["5"]]
    {} {"5":true} {"inner":"5"} {"inner":5} {"inner":["5"]} {"inner":null} {"inner":{"inner":"5"}} [{"inner":"5"}]
"#;

const OTHER_TEXTS: &str = r#""true" "null" "" "[]" "{}" "0" "5.0" "05" "\u00205" "TRUE""#;

const LISTS_WITHOUT_5: &str = r#""true" "null" "" "[]" "{}" "0" "5.0" "05" "\u00205" "TRUE" [] [""]"#;

const LISTS_WITH_5: &str = r#""5" ["5"] ["5","5"] ["a","5"]"#;

/// A condition on a claim, and the values that make it true and false. Every other value makes it neither, so that it
/// grants nothing, and its negation nothing either.
#[rustfmt::skip]
const CONDITIONS: &[(&str, &str, &str)] = &[
    (r#"text == "5""#, r#""5""#, OTHER_TEXTS),
    (r#"text != "a""#, r#""5" "true" "null" "" "[]" "{}" "0" "5.0" "05" "\u00205" "TRUE""#, ""),
    (r#"text in ["5", "6"]"#, r#""5""#, OTHER_TEXTS),
    (r#"text like "5""#, r#""5""#, OTHER_TEXTS),
    ("text matches /5/", r#""5""#, OTHER_TEXTS),
    (r#"id == "5""#, r#""5" 5"#, r#""0" "05" 0 9007199254740992 9007199254740993 9223372036854775807"#),
    (r#"id == "9007199254740993""#, "9007199254740993", r#""5" 5 "0" "05" 0 9007199254740992 9223372036854775807"#),
    (r#"id == "18446744073709551616""#, "", r#""5" 5 "0" "05" 0 9007199254740992 9007199254740993 9223372036854775807"#),
    ("int == 5", "5", "0 -5 9007199254740992 9007199254740993 9223372036854775807 -9223372036854775808"),
    ("int >= 0", "0 5 9007199254740992 9007199254740993 9223372036854775807", "-5 -9223372036854775808"),
    ("int == 9007199254740993", "9007199254740993", "5 0 -5 9007199254740992 9223372036854775807 -9223372036854775808"),
    ("bool", r#"true "true""#, "false"),
    ("bool == true", r#"true "true""#, "false"),
    ("bool != true", "false", r#"true "true""#),
    (r#"closed == "true""#, r#""true""#, r#""null""#),
    (r#"texts contains "5""#, LISTS_WITH_5, LISTS_WITHOUT_5),
    (r#"texts contains all ["5"]"#, LISTS_WITH_5, LISTS_WITHOUT_5),
    (r#"texts contains any ["5", "6"]"#, LISTS_WITH_5, LISTS_WITHOUT_5),
    (r#"object.inner == "5""#, r#"{"inner":"5"}"#, ""),
];

const PROFILE: &str = r#"
issuer here { url "https://gitlab.example" profile every-type audience "rolecall" }
profile every-type {
  claim text: text optional
  claim id: id optional
  claim int: int optional
  claim bool: bool optional
  claim closed: enum ["true", "null"] optional
  claim texts: [text] optional
  claim object.inner: text optional
}
"#;

/// Whether the condition grants on a claim of this value, or on none; and whether its negation does.
fn truth(set: &PolicySet, claim: &str, value: Option<&str>) -> Option<bool> {
    let mut attempt = Attempt::new(Algorithm::EdDSA);
    if let Some(value) = value {
        let claims = attempt.claims.to_string();
        let claims = format!("{},\"{claim}\":{value}}}", claims.trim_end_matches('}'));
        attempt.payload_bytes = Some(claims.into_bytes());
    }
    let token = attempt.run().unwrap();
    let allows = |role| set.decide(token.claims(), role).is_allowed();
    match (allows("yes"), allows("no")) {
        (true, true) => panic!("{claim} {value:?} is both"),
        (true, false) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    }
}

#[test]
fn a_claim_of_another_type_decides_nothing() {
    let mut wrong = Vec::new();
    for (condition, holds, fails) in CONDITIONS {
        let policy = format!(
            "{PROFILE}role yes {{ allow from here when {condition} }}\nrole no {{ allow from here when !({condition}) }}\n"
        );
        let set = PolicySet::compile([Source::new("matrix.policy", policy)]).unwrap();
        let claim = condition.split([' ', '.']).next().unwrap();
        let has = |list: &str, value: &str| list.split_whitespace().any(|listed| listed == value);
        for value in VALUES.split_whitespace() {
            let expected = if has(holds, value) {
                Some(true)
            } else {
                has(fails, value).then_some(false)
            };
            let found = truth(&set, claim, Some(value));
            if found != expected {
                wrong.push(format!("{condition} on {value}: {found:?}, not {expected:?}"));
            }
        }
        assert_eq!(truth(&set, claim, None), None, "{condition} without the claim");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A list must have something in it for each thing that is asked of it, and an absent one has nothing.
#[test]
fn an_empty_list_grants_nothing() {
    let policy = format!(
        "{PROFILE}role yes {{ allow from here when texts contains all [\"a\", \"5\"] }}\nrole no {{ allow from here when texts contains any [\"a\", \"5\"] }}\n"
    );
    let set = PolicySet::compile([Source::new("lists.policy", policy)]).unwrap();
    for (value, expected) in [
        (None, None),
        (Some("[]"), None),
        (Some("null"), None),
        (Some("[\"b\"]"), None),
        (Some("[\"5\"]"), Some(false)),
        (Some("[\"a\"]"), Some(false)),
    ] {
        assert_eq!(truth(&set, "texts", value), expected, "{value:?}");
    }
}
