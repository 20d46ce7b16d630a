//! Strict JSON: every rule, the limits to the last one, and what nobody of this project wrote.

use crate::sampling::{config, sampled};
use std::collections::BTreeSet;
use std::path::Path;

use crate::outside::vectors;
use crate::support::{NOW, issuer, key_set, signer};
use proptest::prelude::*;
use rolecall::{Algorithm, Document, JsonError, JsonFault, JsonLimits, UnixTime, Verifier};
use rolecall_engine::{Decimal, Object, Value};

fn parse(bytes: &[u8]) -> Result<Object, JsonError> {
    let document = Document::parse(bytes.to_vec(), &JsonLimits::CLAIMS)?;
    Ok(Object::from(document.members()))
}

fn fault(text: impl AsRef<[u8]>) -> JsonFault {
    parse(text.as_ref()).unwrap_err().fault
}

/// The value of the one member `a`.
fn value(text: &str) -> Value {
    let object =
        parse(format!(r#"{{"a":{text}}}"#).as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
    object.get("a").unwrap().clone()
}

#[test]
fn values_are_what_they_say() {
    assert_eq!(value("true"), Value::Bool(true));
    assert_eq!(value("false"), Value::Bool(false));
    assert_eq!(value("null"), Value::Null);
    assert_eq!(value("[ ]"), Value::List(vec![]));
    assert_eq!(value("{ }"), Value::Object(Object::new()));
    assert_eq!(
        value("[1,\n[\t2]]"),
        Value::List(vec![Value::Int(1), Value::List(vec![Value::Int(2)])])
    );
    assert_eq!(
        value(r#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00é😀""#),
        Value::from("\"\\/\u{8}\u{c}\n\r\tAé😀é😀")
    );
}

#[test]
fn the_first_and_the_last_pair_of_escapes_are_characters() {
    assert_eq!(
        value(r#""\ud800\udc00\udbff\udfff""#),
        Value::from("\u{10000}\u{10ffff}")
    );
}

#[test]
fn only_integers_of_64_bits_are_integers() {
    for (text, number) in [
        ("0", 0),
        ("-1", -1),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
    ] {
        assert_eq!(value(text), Value::Int(number));
    }
    for text in ["-0", "1.0", "1e2", "-2.5E-1", "9223372036854775808", "1e-999"] {
        let decimal = Decimal::new(text).unwrap();
        assert_eq!(value(text), Value::Decimal(decimal), "{text}");
        assert_eq!(value(text).to_string(), text);
    }
    for text in ["1e400", "-1e400", "1e99999999999999999999"] {
        assert_eq!(fault(format!(r#"{{"a":{text}}}"#)), JsonFault::NumberOutOfRange);
    }
    assert_eq!(
        fault(format!(r#"{{"a":{}}}"#, "9".repeat(400))),
        JsonFault::NumberOutOfRange
    );
}

#[test]
fn each_rule_is_named() {
    for (text, expected) in [
        ("\u{feff}{}", JsonFault::ByteOrderMark),
        (r#"{"a":1,"a":1}"#, JsonFault::DuplicateMember),
        (r#"{"iss":1,"\u0069ss":1}"#, JsonFault::DuplicateMember),
        (r#"{"x":[{"":1,"":2}]}"#, JsonFault::DuplicateMember),
        (r#"{"a":"\ud800"}"#, JsonFault::LoneSurrogate),
        (r#"{"a":"\udc00"}"#, JsonFault::LoneSurrogate),
        (r#"{"a":"\ud800\ud800"}"#, JsonFault::LoneSurrogate),
        (r#"{"a":"\ud800\n"}"#, JsonFault::LoneSurrogate),
        (r#"{"\udfff\ud800":1}"#, JsonFault::LoneSurrogate),
        ("[]", JsonFault::NotAnObject),
        ("\"x\"", JsonFault::NotAnObject),
        ("7", JsonFault::NotAnObject),
        ("null", JsonFault::NotAnObject),
        ("", JsonFault::Syntax),
        (" ", JsonFault::Syntax),
        ("{", JsonFault::Syntax),
        ("{a:1}", JsonFault::Syntax),
        ("{'a':1}", JsonFault::Syntax),
        (r#"{"a":1,}"#, JsonFault::Syntax),
        (r#"{"a":[1,]}"#, JsonFault::Syntax),
        (r#"{"a" 1}"#, JsonFault::Syntax),
        (r#"{"a":01}"#, JsonFault::Syntax),
        (r#"{"a":+1}"#, JsonFault::Syntax),
        (r#"{"a":1.}"#, JsonFault::Syntax),
        (r#"{"a":.5}"#, JsonFault::Syntax),
        (r#"{"a":1e}"#, JsonFault::Syntax),
        (r#"{"a":-}"#, JsonFault::Syntax),
        (r#"{"a":NaN}"#, JsonFault::Syntax),
        (r#"{"a":0x1}"#, JsonFault::Syntax),
        (r#"{"a":tru}"#, JsonFault::Syntax),
        (r#"{"a":"\u+041"}"#, JsonFault::Syntax),
        (r#"{"a":"\u00é1"}"#, JsonFault::Syntax),
        (r#"{"a":"\x41"}"#, JsonFault::Syntax),
        ("{\"a\":\"\n\"}", JsonFault::Syntax),
        ("{\"a\":\"\0\"}", JsonFault::Syntax),
        ("{/**/}", JsonFault::Syntax),
        ("\u{a0}{}", JsonFault::Syntax),
        ("{}{}", JsonFault::TrailingBytes),
        ("{} x", JsonFault::TrailingBytes),
        ("{}\0", JsonFault::TrailingBytes),
    ] {
        assert_eq!(fault(text), expected, "{text}");
    }
    assert_eq!(fault(b"{\"a\":\"\xff\"}"), JsonFault::NotUtf8);
    assert_eq!(fault(b"{\"a\":\"\xc0\xaf\"}"), JsonFault::NotUtf8);
    assert_eq!(fault(b"{\"a\":\"\xed\xa0\x80\"}"), JsonFault::NotUtf8);
}

#[test]
fn an_error_says_where() {
    let error = parse(br#"{"a":1,"b":2,"a":3}"#).unwrap_err();
    assert_eq!(error.offset, 13);
    assert_eq!(error.to_string(), "duplicate member at byte 13");
}

#[test]
fn each_limit_is_exact() {
    let depth = |n: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(n - 1), "]".repeat(n - 1));
    let objects = |n: usize| format!("{}1{}", r#"{"a":"#.repeat(n), "}".repeat(n));
    for nested in [depth, objects] {
        assert!(parse(nested(16).as_bytes()).is_ok());
        for n in [17, 128, 10_000, 100_000] {
            assert_eq!(fault(nested(n)), JsonFault::TooDeep { levels: n, limit: 16 });
        }
    }

    let flat = |n: usize| {
        (0..n)
            .map(|n| format!(r#""m{n}":0"#))
            .collect::<Vec<_>>()
            .join(",")
    };
    assert!(parse(format!("{{{}}}", flat(256)).as_bytes()).is_ok());
    for members in [257, 400] {
        let found = fault(format!("{{{}}}", flat(members)));
        assert_eq!(found, JsonFault::TooManyMembers { members, limit: 256 });
    }
    let spread = |n: usize| format!(r#"{{"a":{{{}}},"b":{{{}}}}}"#, flat(100), flat(n - 102));
    assert!(parse(spread(256).as_bytes()).is_ok());
    for members in [257, 300] {
        let found = fault(spread(members));
        assert_eq!(found, JsonFault::TooManyMembersInAll { members, limit: 256 });
    }

    let items = |n: usize| format!(r#"{{"a":[{}]}}"#, vec!["0"; n].join(","));
    assert!(parse(items(1000).as_bytes()).is_ok());
    for n in [1001, 3000] {
        assert_eq!(
            fault(items(n)),
            JsonFault::TooManyItems {
                items: n,
                limit: 1000
            }
        );
    }

    for unit in ["x", r"\u0041", "\\n"] {
        let text = |n: usize| unit.repeat(n);
        for member in [
            |text: &str| format!(r#"{{"a":"{text}"}}"#),
            |text: &str| format!(r#"{{"{text}":0}}"#),
        ] {
            assert!(parse(member(&text(8192)).as_bytes()).is_ok());
            for length in [8193, 20_000] {
                let found = fault(member(&text(length)));
                assert_eq!(found, JsonFault::TextTooLong { length, limit: 8192 });
            }
        }
    }
}

#[test]
fn a_refusal_by_a_limit_says_the_number_and_the_limit() {
    let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(20), "]".repeat(20));
    let long = format!(r#"{{"a":"{}"}}"#, r"é\n".repeat(5000));
    let many = format!(r#"{{"a":[{}]}}"#, vec!["[1,\"]\"]"; 1234].join(","));
    for (text, expected) in [
        (
            deep,
            "nesting of 21 levels, more than the limit of 16, at byte 20",
        ),
        (
            long,
            "string of 15000 bytes, more than the limit of 8192, at byte 10932",
        ),
        (
            many,
            "list of 1234 items, more than the limit of 1000, at byte 8006",
        ),
    ] {
        assert_eq!(parse(text.as_bytes()).unwrap_err().to_string(), expected);
    }
}

/// What serde_json makes of a text, where it agrees to read it: it takes the last of two members.
fn same(ours: &Value, theirs: &serde_json::Value) -> bool {
    match (ours, theirs) {
        (Value::Bool(a), serde_json::Value::Bool(b)) => a == b,
        (Value::Int(a), b) => b.as_i64() == Some(*a),
        (Value::Decimal(a), b) => {
            let a: f64 = a.as_str().parse().unwrap();
            b.as_f64().is_some_and(|b| (a - b).abs() <= b.abs() * 1e-15)
        }
        (Value::Null, b) => b.is_null(),
        (Value::Text(a), b) => b.as_str() == Some(a),
        (Value::List(a), serde_json::Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), serde_json::Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => false,
    }
}

/// Whether we and serde_json agree: what we read it reads alike, and what we refuse for syntax it refuses.
fn agrees(text: &[u8]) -> bool {
    let theirs = serde_json::from_slice::<serde_json::Value>(text);
    match parse(text) {
        Ok(ours) => theirs.is_ok_and(|theirs| same(&Value::Object(ours), &theirs)),
        Err(error) => match error.fault {
            JsonFault::Syntax | JsonFault::TrailingBytes | JsonFault::NotUtf8 => theirs.is_err(),
            JsonFault::LoneSurrogate | JsonFault::NumberOutOfRange | JsonFault::ByteOrderMark => {
                theirs.is_err()
            }
            _ => true,
        },
    }
}

proptest! {
    #![proptest_config(config(sampled(4000)))]

    #[test]
    fn random_text_is_read_as_others_read_it(text in r#"[ \[\]{}:,"\\ud8cf0-9eE.+\-truefalsn]{0,40}"#) {
        prop_assert!(agrees(text.as_bytes()));
        for (before, after) in [("{\"a\":", "}"), ("{\"a\":\"", "\"}")] {
            let text = [before, text.as_str(), after].concat();
            prop_assert!(agrees(text.as_bytes()));
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(agrees(&bytes));
    }

    #[test]
    fn a_changed_byte_is_read_as_others_read_it(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut text = br#"{"iss":"https://x","a":[1,-2.5e3,true,false,null,{"b":"\u00e9\ud83d\ude00\n"}],"c":{}}"#.to_vec();
        let place = place.index(text.len());
        text[place] = byte;
        prop_assert!(agrees(&text));
    }
}

fn suite(folder: &str) -> Vec<(String, Vec<u8>)> {
    let Some(path) = vectors(&format!("jsontestsuite/{folder}")) else {
        return vec![];
    };
    let read = |path: &Path| {
        (
            path.file_name().unwrap().to_string_lossy().into_owned(),
            std::fs::read(path).unwrap(),
        )
    };
    let mut files: Vec<_> = std::fs::read_dir(path)
        .unwrap()
        .map(|file| read(&file.unwrap().path()))
        .collect();
    files.sort();
    files
}

/// Each body as it is, and as the value of a member, so that those which are no objects say something, too.
#[test]
fn the_json_test_suite_agrees() {
    let deep = [
        "n_structure_open_array_object.json",
        "n_structure_100000_opening_arrays.json",
    ];
    for (name, body) in suite("test_parsing") {
        let wrapped = [b"{\"a\":", body.as_slice(), b"}"].concat();
        match name.split_at(2).0 {
            "n_" => {
                assert!(parse(&body).is_err(), "{name}");
                assert!(agrees(&wrapped) || deep.contains(&name.as_str()), "{name}");
            }
            "y_" => {
                let twice = name.contains("duplicated_key");
                assert_eq!(parse(&wrapped).is_err(), twice, "{name}");
                if body.trim_ascii_start().starts_with(b"{") {
                    assert_eq!(parse(&body).is_err(), twice, "{name}");
                }
            }
            _ => assert!(agrees(&body) && agrees(&wrapped), "{name}"),
        }
    }
}

/// What is implementation-defined: which of these is read must not change unnoticed.
#[test]
fn of_what_the_suite_leaves_open_these_are_read() {
    let files = suite("test_parsing");
    let read = |body: &[u8]| parse(&[b"{\"a\":", body, b"}"].concat()).is_ok();
    let read: BTreeSet<&str> = files
        .iter()
        .filter(|(name, body)| name.starts_with("i_") && read(body))
        .map(|(name, _)| name.trim_start_matches("i_").trim_end_matches(".json"))
        .collect();
    let expected = [
        "number_double_huge_neg_exp",
        "number_real_underflow",
        "number_too_big_neg_int",
        "number_too_big_pos_int",
        "number_very_big_negative_int",
    ];
    assert!(files.is_empty() || read == BTreeSet::from(expected), "{read:?}");
}

/// Each body as the header and as the payload of a token that is properly signed.
#[test]
fn no_body_of_the_suite_makes_a_token() {
    let signer = signer(Algorithm::EdDSA);
    let verifier = Verifier::new([issuer()]).unwrap();
    let keys = key_set(&[signer.jwk("key")]);
    let good = crate::support::claims().to_string();
    for (name, body) in suite("test_parsing").into_iter().chain(suite("test_transform")) {
        for token in [
            signer.token(&body, &good),
            signer.token(r#"{"alg":"EdDSA","kid":"key"}"#, &body),
        ] {
            let verdict = verifier
                .read(&token)
                .and_then(|token| token.verify(&keys, UnixTime::from_secs(NOW)));
            assert!(verdict.is_err(), "{name}");
        }
    }
}
