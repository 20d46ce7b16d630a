//! Claims from a value of `serde_json`: the same as the parser reads from its text, or refused.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use rolecall_engine::{Document, Json, JsonFault, JsonLimits, UnverifiedClaims};
use serde_json::{Value, json};

/// The claims that the parser reads from the text of a value.
fn parsed(value: &Value) -> Result<UnverifiedClaims, JsonFault> {
    let document = Document::parse(value.to_string().into_bytes(), &JsonLimits::CLAIMS);
    document.map(UnverifiedClaims::new).map_err(|error| error.fault)
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(json!(0)),
        Just(json!(-0.0)),
        Just(json!(1.5e300)),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number(),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(20, 400, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_is_read_as_its_text_is(value in value(), wrapped in any::<bool>()) {
        let value = if wrapped { json!({ "claim": value }) } else { value };
        match (UnverifiedClaims::try_from(&value), parsed(&value)) {
            (Ok(converted), Ok(parsed)) => prop_assert_eq!(converted, parsed),
            (Err(converted), Err(parsed)) => prop_assert_eq!(
                std::mem::discriminant(&converted),
                std::mem::discriminant(&parsed)
            ),
            (converted, parsed) => prop_assert!(false, "{:?} {:?}", converted, parsed),
        }
    }
}

/// A list in a list and so on, with so many levels.
fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

fn members(count: usize) -> Value {
    Value::Object((0..count).map(|number| (number.to_string(), json!(1))).collect())
}

#[test]
fn each_limit_is_that_of_the_parser() {
    let limits = JsonLimits::CLAIMS;
    let text = |length| "x".repeat(length);
    let texts = |count| vec![text(limits.text); count];
    let (name, long_name) = (text(limits.text), text(limits.text + 1));
    let rows = [
        (json!({ "a": nested(limits.depth - 1) }), true),
        (json!({ "a": nested(limits.depth) }), false),
        (json!({ "a": vec![1; limits.items] }), true),
        (json!({ "a": vec![1; limits.items + 1] }), false),
        (members(limits.members), true),
        (members(limits.members + 1), false),
        (json!({ "a": members(limits.members_in_all - 1) }), true),
        (json!({ "a": members(limits.members_in_all) }), false),
        (json!({ name: text(limits.text) }), true),
        (json!({ long_name: 1 }), false),
        (json!({ "a": text(limits.text + 1) }), false),
        (json!({ "a": texts(1_000), "b": texts(1_000) }), true),
        (
            json!({ "a": texts(1_000), "b": texts(1_000), "c": texts(1_000) }),
            false,
        ),
        (json!([1]), false),
        (json!("x"), false),
        (json!(null), false),
    ];
    for (number, (value, is_accepted)) in rows.iter().enumerate() {
        let converted = UnverifiedClaims::try_from(value);
        assert_eq!(converted.is_ok(), *is_accepted, "{number}");
        let kind = |result: &Result<_, _>| result.as_ref().err().map(std::mem::discriminant);
        assert_eq!(kind(&converted), kind(&parsed(value)), "{number}");
    }
}

/// A very deep value needs no more of the stack than its limit.
#[test]
fn a_value_of_any_depth_is_refused() {
    let deep = json!({ "a": nested(5_000) });
    let converted = UnverifiedClaims::try_from(&deep);
    assert!(matches!(converted, Err(JsonFault::TooDeep { limit: 16, .. })));
    // Dropping it would need the stack.
    std::mem::forget(deep);
}

#[test]
fn numbers_are_exact_up_to_64_bits() {
    let value = json!({ "a": i64::MIN, "b": u64::MAX, "c": 1_800_000_000, "d": 1.5, "e": 0 });
    let claims = UnverifiedClaims::try_from(&value).unwrap();
    let get = |name| claims.members().get(name).unwrap();
    assert_eq!(get("a"), Json::Int(i64::MIN));
    assert_eq!(get("b").to_string(), u64::MAX.to_string());
    assert_eq!(get("c"), Json::Int(1_800_000_000));
    assert_eq!(get("d").floor(), Some(1));
    assert_eq!(get("e"), Json::Int(0));
}

/// The documented loss: the text of two ids beyond 2^64 is no longer there.
#[test]
fn a_value_has_already_lost_members_and_digits() {
    let value: Value = serde_json::from_str(r#"{"a": 1, "a": 2, "b": 18446744073709551617}"#).unwrap();
    let claims = UnverifiedClaims::try_from(&value).unwrap();
    assert_eq!(claims.members().count(), 2);
    assert_eq!(
        claims.members().get("b").unwrap().to_string(),
        "1.8446744073709552e+19"
    );
}
