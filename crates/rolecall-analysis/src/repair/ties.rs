//! Ties: claims that belong together although no derivation says so.

use crate::times;
use rolecall_engine::ir::TrustedIssuer;
use rolecall_engine::{Object, Value};

/// Each tied claim, with the claim that it follows.
const TIES: [(&str, &str); 4] = [
    ("iat", "exp"),
    ("exp", "iat"),
    ("ref_type", "ref"),
    ("ref", "ref_type"),
];

/// The start of a ref, and the type that it shows.
pub(super) const REFS: [(&str, &str); 2] = [("refs/heads/", "branch"), ("refs/tags/", "tag")];

/// Returns a changed token in which the claims that are tied to changed ones follow them, where the role allows it.
pub(super) fn follow(
    issuer: &TrustedIssuer,
    before: &Object,
    mut after: Object,
    gets: impl Fn(&Object) -> bool,
) -> Object {
    let is_changed = |after: &Object, name: &str| before.get(name) != after.get(name);
    for (name, other) in TIES {
        if is_changed(&after, name) || !is_changed(&after, other) {
            continue;
        }
        if let Some(value) = tied(name, other, &after) {
            let mut tied = after.clone();
            tied.set(name, value);
            let tied = issuer.follow(before, tied);
            if gets(&tied) {
                after = tied;
            }
        }
    }
    after
}

/// Returns the value of a claim that fits the other one, unless both fit already or it is not known.
fn tied(name: &str, other: &str, token: &Object) -> Option<Value> {
    match (token.get(name)?, token.get(other)?) {
        (Value::Int(own), Value::Int(other)) => {
            let is_possible = match name {
                "exp" => own > other,
                _ => own < other,
            };
            (!is_possible).then(|| Value::Int(times::fitting(name, Some(*other))))
        }
        (Value::Text(own), Value::Text(other)) if name == "ref_type" => {
            let (_, wanted) = REFS.iter().find(|(start, _)| other.starts_with(start))?;
            (own != wanted).then(|| Value::from(*wanted))
        }
        (Value::Text(own), Value::Text(other)) => {
            let (wanted, _) = REFS.iter().find(|(_, kind)| kind == other)?;
            let (start, _) = REFS.iter().find(|(start, _)| own.starts_with(start))?;
            let short = own.strip_prefix(start)?;
            (start != wanted).then(|| Value::Text(format!("{wanted}{short}")))
        }
        _ => None,
    }
}
