//! The engine's types and templates agree with plain second implementations. The patterns are compared in `patterns.rs`.

use crate::support::plain::{self, Piece};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rolecall_engine::{
    EnumValues, Json, JsonForm, Object, PolicySet, Scalar, Source, UnverifiedClaims, Value, assume_verified,
};
use std::collections::BTreeMap;

fn text(parts: &[&'static str], most: usize) -> impl Strategy<Value = String> {
    vec(select(parts.to_vec()), 0..most).prop_map(|parts| parts.concat())
}

/// Slashes and colons, their neighbours in ASCII, and characters whose bytes are theirs with another highest bit. Words of
/// seven, eight and nine bytes move them over the bounds of the words that are tested at a time.
const PATH_PARTS: [&str; 14] = [
    "/",
    "/",
    ":",
    "a",
    ".",
    "0",
    ";",
    "9",
    "\u{af}",
    "\u{ba}",
    "\u{0}",
    "aaaaaaa",
    "aaaaaaaa",
    "aaaaaaaaa",
];

const REF_PARTS: [&str; 24] = [
    "/", "/", ".", "..", "@", "{", "@{", ".lock", "lock", "~", "^", ":", "?", "*", "[", "\\", " ", "\u{1f}",
    "\u{7f}", "\u{80}", "é", "a", "main", "!",
];

/// Each position of a slash and of a colon in texts of up to three words, with each second position.
#[test]
fn paths_are_paths_at_all_positions() {
    for length in 0..=25_usize {
        for first in 0..length.max(1) {
            for second in 0..length.max(1) {
                for [one, two] in [[b'/', b'/'], [b'/', b':'], [b'/', b'.'], [b'/', b'0']] {
                    let mut bytes = vec![b'x'; length];
                    if length > 0 {
                        bytes[first] = one;
                        bytes[second] = two;
                    }
                    let text = String::from_utf8(bytes).expect("ASCII");
                    assert_eq!(Scalar::PATH.holds(&text), plain::is_path(&text), "{text:?}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn paths_are_paths(value in text(&PATH_PARTS, 9)) {
        prop_assert_eq!(Scalar::PATH.holds(&value), plain::is_path(&value), "{:?}", value);
    }

    #[test]
    fn refs_are_refs(value in text(&REF_PARTS, 6)) {
        prop_assert_eq!(Scalar::Ref.holds(&value), plain::is_ref(&value), "{:?}", value);
    }

    #[test]
    fn ids_are_digits(value in text(&["0", "9", "/", ":", "a", "-", "٣", "123456789"], 4)) {
        prop_assert_eq!(Scalar::Id(JsonForm::Any).holds(&value), plain::is_id(&value), "{:?}", value);
    }

    #[test]
    fn enums_are_their_values(values in vec(text(&["a", "b", "é"], 3), 0..6), open in any::<bool>(), value in text(&["a", "b", "é"], 3)) {
        let scalar = Scalar::Enum { values: EnumValues::from(values.clone()), open };
        prop_assert_eq!(scalar.holds(&value), open || values.contains(&value), "{:?} {:?}", values, value);
    }

    /// Which JSON values belong to a type, and as what text a template writes them.
    #[test]
    fn values_are_read_as_their_types(number in any::<i64>(), word in select(vec!["true", "false", "True", "", "1", "-1", "a/b", "a:b"])) {
        let read = |scalar: &Scalar, value: Json<'_>| scalar.read(value).map(|value| value.to_string());
        let known = |holds: bool| holds.then(|| word.to_owned());
        let int = Some(number.to_string());
        let types = [
            (Scalar::Bool(JsonForm::Any), known(word == "true" || word == "false"), None),
            (Scalar::Bool(JsonForm::Json), None, None),
            (Scalar::Bool(JsonForm::String), known(word == "true" || word == "false"), None),
            (Scalar::Id(JsonForm::Any), known(plain::is_id(word)), int.clone().filter(|_| number >= 0)),
            (Scalar::Id(JsonForm::Json), None, int.clone().filter(|_| number >= 0)),
            (Scalar::Id(JsonForm::String), known(plain::is_id(word)), None),
            (Scalar::Int, None, int.clone()),
            (Scalar::Time, None, int),
            (Scalar::PATH, known(plain::is_path(word)), None),
            (Scalar::Ref, known(plain::is_ref(word)), None),
            (Scalar::Text, known(true), None),
        ];
        for (scalar, as_text, as_int) in types {
            prop_assert_eq!(read(&scalar, Json::Text(word)), as_text, "{:?} {:?}", scalar, word);
            prop_assert_eq!(read(&scalar, Json::Int(number)), as_int, "{:?} {}", scalar, number);
            prop_assert_eq!(read(&scalar, Json::Float(1.0)), None);
            prop_assert_eq!(read(&scalar, Json::Null), None);
            let has_bools = matches!(scalar, Scalar::Bool(JsonForm::Any | JsonForm::Json));
            let of_bool = has_bools.then(|| "true".to_owned());
            prop_assert_eq!(read(&scalar, Json::Bool(true)), of_bool);
        }
    }
}

fn piece() -> impl Strategy<Value = Piece> {
    let claim = select(vec![
        ("text", None),
        ("text", Some("colon-encoded")),
        ("path", None),
        ("path", Some("name")),
        ("path", Some("parent")),
        ("ref", None),
        ("id", None),
    ]);
    prop_oneof![
        claim.prop_map(|(claim, filter)| Piece::Claim(claim, filter)),
        select(vec!["a", ":", "/", "%3A", "é"]).prop_map(Piece::Text),
    ]
}

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let has_claim = |pieces: &Vec<Piece>| pieces.iter().any(|piece| matches!(piece, Piece::Claim(..)));
    let optional = vec(piece(), 1..4).prop_filter("an optional part has a claim", has_claim);
    vec(
        prop_oneof![3 => piece(), 1 => optional.prop_map(Piece::Optional)],
        1..5,
    )
}

/// The claims of a token, all well typed.
fn token() -> impl Strategy<Value = BTreeMap<&'static str, String>> {
    let claims = (
        proptest::option::of(text(&["a", ":", "/", "%3A", "é"], 5)),
        proptest::option::of(select(vec!["a", "a/b", "a/b/c", "%3A/a"])),
        proptest::option::of(select(vec!["main", "a/b", "é"])),
        proptest::option::of(select(vec!["0", "22"])),
    );
    claims.prop_map(|(text, path, git_ref, id)| {
        let claims = [
            ("text", text),
            ("path", path.map(str::to_owned)),
            ("ref", git_ref.map(str::to_owned)),
            ("id", id.map(str::to_owned)),
        ];
        claims
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// A derived claim can be compared if it is what its template makes, and only then: both for the matcher, which compares
    /// it part by part, and for the reference evaluation, which renders the template.
    #[test]
    fn derived_claims_are_what_templates_make(pieces in pieces(), token in token(), other in text(&["a", ":", "/", "b", "%3A", "é"], 6)) {
        let policy = format!(
            "profile p {{ claim text: text optional\n claim path: path optional\n claim ref: ref optional\n claim id: id optional\n \
             claim made: text optional\n derive made = \"{}\" }}\n \
             issuer i {{ url \"https://i.example\" profile p audience \"x\" }}\n \
             role r {{ allow from i when made like \"*\" }}",
            plain::source(&pieces)
        );
        let set = PolicySet::compile([Source::new("test.policy", policy.as_str())]).expect("a policy set");
        let expected = plain::render(&pieces, &token);
        for made in expected.iter().chain([&other]) {
            let mut object = Object::new();
            object.set("iss", Value::from("https://i.example"));
            object.set("aud", Value::from("x"));
            object.set("sub", Value::from("x"));
            object.set("iat", Value::Int(1));
            object.set("exp", Value::Int(2));
            object.set("made", Value::from(made.as_str()));
            for (name, value) in &token {
                object.set(name, Value::from(value.as_str()));
            }
            let claims = assume_verified(UnverifiedClaims::new(object));
            let is_made = expected.as_ref() == Some(made);
            prop_assert_eq!(set.evaluate(claims.as_unverified(), "r").is_ok(), is_made, "{} {:?}", policy, claims);
            prop_assert_eq!(set.decide(&claims, "r").is_allowed(), is_made, "{} {:?}", policy, claims);
        }
    }
}
