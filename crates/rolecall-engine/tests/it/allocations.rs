//! A decision costs no memory.

use crate::support::hostile::{Numbers, token};
use rolecall_engine::{Claims, PolicySet, Source, UnverifiedClaims, assume_verified};

const POLICY: &str = r#"
profile every-type {
  claim text: text optional
  claim path: path optional
  claim ref: ref optional
  claim id: id optional
  claim int: int optional
  claim bool: bool optional
  claim texts: [text] optional
  claim object.inner: text optional
  derive sub = "p:{path}[:r:{ref}]" when !bool
  derive sub = "i:{id}:{text|colon-encoded}" when bool
}
issuer first { url "https://first.example" profile every-type audience ["x", "y"] }
issuer second { url "https://second.example" profile every-type audience "x" derive sub = "{path}" }
role by-value  { allow from first when path == "a/b" }
role by-start  { allow from first when sub like "p:a/*:r:*" && has text }
role by-end    { allow from first when text like "*/b" && !(ref == "main") }
role by-list   { allow from first when texts contains any ["a", "b"] && int >= 1 }
role by-regex  { allow from first when text matches /[ab]+(:|\/)?.*/ }
role by-states { allow from first when text matches /(a|b)*a(a|b){16}/ }
role by-other  { allow from first when text == ref || path != sub }
role by-number { allow from first when id in ["1", "22"] && int != 5 }
role by-inside { allow from second when object.inner == "a" || bool }
role for-all   { allow from first allow from second }
"#;

#[test]
fn decisions_allocate_nothing() {
    let set = PolicySet::compile([Source::new("test.policy", POLICY)]).expect("a policy set");
    let mut numbers = Numbers::new(7);
    let claims: Vec<Claims> = (0..3_000)
        .map(|_| assume_verified(UnverifiedClaims::new(token(&mut numbers))))
        .collect();
    let mut room = Vec::with_capacity(set.program().roles().len() * 2);
    let mut granted = 0;
    let counted = allocation_counter::measure(|| {
        for claims in &claims {
            granted += set.roles(claims, &mut room).count();
            for role in set.program().roles().values() {
                granted += usize::from(set.decide(claims, &role.name).is_allowed());
            }
        }
    });
    assert_eq!((counted.count_total, counted.bytes_total), (0, 0));
    assert!(granted > 3_000, "{granted}");
}

/// A set can be asked by many threads at once.
#[test]
fn sets_are_shared() {
    fn shared<T: Send + Sync>() {}
    shared::<PolicySet>();
    shared::<Claims>();
}
