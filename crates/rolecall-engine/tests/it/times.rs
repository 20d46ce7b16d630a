//! A time may be written as any JSON number. Its value is the floor, computed here a second time, in whole numbers.

use crate::support::{agrees, claims, compile};
use proptest::prelude::*;
use proptest::sample::select;
use rolecall_engine::{Decimal, Document, JsonLimits, Object, Value};

/// A number, as digits and the power of ten that they are multiplied with, and one way to write it.
#[derive(Clone, Debug)]
struct Number {
    digits: i64,
    power: i32,
    written: String,
}

impl Number {
    fn floor(&self) -> Option<i64> {
        let digits = i128::from(self.digits);
        let floor = match (
            u32::try_from(self.power),
            10_i128.checked_pow(self.power.unsigned_abs()),
        ) {
            _ if digits == 0 => 0,
            (Ok(_), scale) => digits.checked_mul(scale?)?,
            (Err(_), Some(scale)) => digits.div_euclid(scale),
            (Err(_), None) => digits.signum().min(0),
        };
        i64::try_from(floor).ok()
    }
}

/// Numbers near to times, to zero and to the ends of 64 bits, with the point at any place.
fn number() -> impl Strategy<Value = Number> {
    let digits = prop_oneof![
        4 => 1_790_000_000_i64..1_800_000_000,
        2 => -20_i64..20,
        1 => any::<i64>(),
        1 => i64::MAX - 20..i64::MAX,
        1 => i64::MIN..i64::MIN + 20,
    ];
    let power = prop_oneof![6 => -12_i32..3, 1 => -60_i32..60];
    let letter = select(vec!["e", "E", "e+"]);
    (digits, power, 0_usize..30, letter).prop_map(|(digits, power, places, letter)| {
        let text = digits.unsigned_abs().to_string();
        let text = format!("{text:0>width$}", width = places + 1);
        let (whole, fraction) = text.split_at(text.len() - places);
        let mut written = if digits < 0 { "-" } else { "" }.to_owned() + whole;
        if !fraction.is_empty() {
            written += &format!(".{fraction}");
        }
        let exponent = power + i32::try_from(places).expect("few places");
        if exponent != 0 {
            let letter = if exponent < 0 {
                letter.trim_end_matches('+')
            } else {
                letter
            };
            written += &format!("{letter}{exponent}");
        }
        Number {
            digits,
            power,
            written,
        }
    })
}

type Sign = (&'static str, fn(&i64, &i64) -> bool);

const SIGNS: [Sign; 6] = [
    ("==", i64::eq),
    ("!=", i64::ne),
    ("<", i64::lt),
    ("<=", i64::le),
    (">", i64::gt),
    (">=", i64::ge),
];

/// The claims of a token that writes `moment` and `nbf` like this.
fn token(moment: &str, nbf: &str) -> Object {
    let text = format!(
        r#"{{"iss": "https://i.example", "aud": "x", "sub": "a", "iat": 1, "exp": 2, "moment": {moment},
            "nbf": {nbf}, "moments": [{nbf}]}}"#
    );
    let document = Document::parse(text.into_bytes(), &JsonLimits::CLAIMS).expect("claims");
    Object::from(document.members())
}

fn policy(roles: &[(&str, String)]) -> String {
    let roles = roles
        .iter()
        .map(|(name, condition)| format!("role {name} {{ allow from i when {condition} }}\n"));
    "profile p { claim moment: time optional\n claim moments: [time] optional\n claim int: int optional }\n\
     issuer i { url \"https://i.example\" profile p audience \"x\" }\n"
        .to_owned()
        + &roles.collect::<String>()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn floors_are_those_of_whole_numbers(number in number()) {
        let decimal = Decimal::new(&number.written);
        prop_assert_eq!(decimal.map(|decimal| decimal.floor()), Some(number.floor()), "{:?}", number);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// The reference evaluation, the matcher and the explanation have the same value of a time, which is its floor.
    #[test]
    fn a_time_has_one_value(number in number(), other in number()) {
        let token = token(&number.written, &other.written);
        let (floor, other) = (number.floor(), other.floor());
        let value = floor.unwrap_or(0);
        let near = [value.saturating_sub(1), value, value.saturating_add(1)];
        let both = |holds: fn(i64, i64) -> bool| floor.zip(other).is_some_and(|(left, right)| holds(left, right));
        let mut roles = vec![
            ("same", "moment == nbf".to_owned(), both(|left, right| left == right)),
            ("not-same", "moment != nbf".to_owned(), both(|left, right| left != right)),
            ("listed", format!("moments contains {value}"), other == Some(value)),
        ];
        let names: Vec<String> = (0..near.len() * SIGNS.len()).map(|index| format!("r{index}")).collect();
        let compared = near.iter().flat_map(|limit| SIGNS.map(|(sign, holds)| (limit, sign, holds)));
        for (name, (limit, sign, holds)) in names.iter().zip(compared) {
            let expected = floor.is_some_and(|floor| holds(&floor, limit));
            roles.push((name, format!("moment {sign} {limit}"), expected));
        }
        let texts: Vec<(&str, String)> = roles.iter().map(|(name, text, _)| (*name, text.clone())).collect();
        let set = compile(&policy(&texts));
        prop_assert!(agrees(&set, &token, &mut Vec::new()).is_ok(), "{:?}", token);
        let claims = claims(&token);
        for (name, text, expected) in &roles {
            prop_assert_eq!(set.decide(&claims, name).is_allowed(), *expected, "{} {:?}", text, token);
        }
        let explanation = set.explain(claims.as_unverified(), "r0");
        let comparison = explanation.operator().expect("a role").clauses[0].comparisons()[0];
        let is_decimal = matches!(token.get("moment"), Some(Value::Decimal(_)));
        prop_assert_eq!(comparison.floor, floor.filter(|_| is_decimal));
        prop_assert_eq!(comparison.actual.as_ref().map(Value::to_string), Some(number.written));
    }
}

#[test]
fn only_times_are_rounded() {
    let set = compile(&policy(&[
        ("one", "int == 1".to_owned()),
        ("some", "int < 9".to_owned()),
    ]));
    for (text, expected) in [
        ("1", true),
        ("1.0", false),
        ("1.5", false),
        ("10e-1", false),
        ("-0", false),
    ] {
        let text = format!(
            r#"{{"iss": "https://i.example", "aud": "x", "sub": "a", "iat": 1, "exp": 2, "int": {text}}}"#
        );
        let document = Document::parse(text.clone().into_bytes(), &JsonLimits::CLAIMS).expect("claims");
        let claims = claims(&Object::from(document.members()));
        for role in ["one", "some"] {
            assert_eq!(set.decide(&claims, role).is_allowed(), expected, "{text}");
        }
    }
}
