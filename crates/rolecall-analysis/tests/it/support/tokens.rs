//! All tokens of the small profile whose claims are a few letters long, and the others mixed in.

use rolecall_engine::{Object, Value};

/// Every value that is looked at of each claim: absent, odd, outside of its type, and words.
pub fn values(claim: &str) -> Vec<Option<Value>> {
    let words: &[&str] = match claim {
        "p" => &["a", "b", "a/b", "a/a", "a/b/a", "b/a", "a:b"],
        "r" => &["a", "b", "a/b", "b/a", "aa", ".a"],
        "e" => &["", "a", "a:b", "a/b", "a//b"],
        "k" => &["a", "b", "c"],
        _ => &[],
    };
    let mut values = vec![None, Some(Value::Int(7))];
    values.extend(words.iter().map(|word| Some(Value::from(*word))));
    let list = |words: &[&str]| Some(Value::List(words.iter().map(|word| Value::from(*word)).collect()));
    match claim {
        "b" => values.extend([
            Some(Value::Bool(true)),
            Some(Value::Bool(false)),
            Some(Value::from("true")),
        ]),
        "l" => values.extend([
            list(&[]),
            list(&["a"]),
            list(&["a", "b"]),
            list(&["b", "c"]),
            Some(Value::from("b")),
        ]),
        "x" => values.extend([
            Some(Value::Null),
            Some(Value::from("a")),
            Some(Value::from("a/b")),
            Some(Value::from("a/b:a")),
            Some(Value::from("aa:a")),
            Some(Value::from("a-1")),
        ]),
        "i" => values.extend([1, 12, 22].map(|number| Some(Value::Int(number)))),
        "n" | "m" => values.extend([-1, 0, 1, 5, 6].map(|number| Some(Value::Int(number)))),
        _ => {}
    }
    values
}

/// What `sub` may be made of the claims, written out once more: by the layout of this number.
pub fn subs(layout: usize, token: &Object) -> Vec<String> {
    let text = |claim: &str| match token.get(claim) {
        Some(Value::Text(text)) => Some(text.clone()),
        Some(Value::Bool(value)) => Some(value.to_string()),
        _ => None,
    };
    let (p, r, e, b, k) = (text("p"), text("r"), text("e"), text("b"), text("k"));
    let encoded = e.as_ref().map(|e| e.replace(':', "%3A"));
    let parent = p.as_ref().and_then(|p| Some(p.rsplit_once('/')?.0.to_owned()));
    let name = p.as_ref().and_then(|p| p.rsplit('/').next().map(str::to_owned));
    let join = |parts: &[Option<&str>]| Some(parts.iter().copied().collect::<Option<Vec<&str>>>()?.concat());
    let (p, r, e, b, k) = (
        p.as_deref(),
        r.as_deref(),
        e.as_deref(),
        b.as_deref(),
        k.as_deref(),
    );
    let made = match layout {
        0 => vec![join(&[Some("p:"), p, Some(":r:"), r])],
        1 => vec![join(&[p, r])],
        2 => vec![join(&[r, Some("/"), p, Some("/"), r])],
        3 => vec![
            join(&[Some("p:"), p, Some(":r:"), r]),
            join(&[Some("p:"), p]),
            join(&[Some("r:"), r]),
        ],
        4 => {
            let optional = |name: &str, value: Option<&str>| {
                value.map_or(String::new(), |value| format!("{name}{value}"))
            };
            let (r, e) = (optional(":r:", r), optional(":e:", encoded.as_deref()));
            vec![
                join(&[Some("p:"), p, Some(&r), Some(&e)]),
                join(&[Some("p:"), p, Some(&r)]),
                join(&[Some("p:"), p, Some(&e)]),
            ]
        }
        5 => vec![
            join(&[parent.as_deref(), Some(":"), name.as_deref()]),
            join(&[parent.as_deref(), Some(":"), name.as_deref(), Some(":"), e]),
        ],
        6 => vec![
            join(&[encoded.as_deref(), e]),
            join(&[parent.as_deref(), Some(":"), r]),
        ],
        7 => vec![join(&[Some("b:"), b, Some(":"), p]), join(&[Some("k:"), k])],
        8 => vec![parent.clone()],
        9 => vec![r.map(str::to_owned)],
        _ => vec![Some("a:b".to_owned())],
    };
    made.into_iter().flatten().collect()
}

/// Whether verification lets a token through, as far as its subject is concerned.
fn is_verified(token: &Object) -> bool {
    matches!(token.get("sub"), Some(Value::Text(sub)) if !sub.is_empty())
}

/// All tokens that differ in what `sub` is made of, of those that verification lets through; what else they say goes round.
pub fn tokens(layout: usize) -> Vec<Object> {
    let (mut tokens, mut round) = (Vec::new(), 0_usize);
    for p in values("p") {
        for r in values("r") {
            for e in values("e") {
                for b in values("b") {
                    let mut token = Object::new();
                    let mut set = |claim: &str, value: Option<Value>| {
                        if let Some(value) = value {
                            token.set(claim, value);
                        }
                    };
                    set("p", p.clone());
                    set("r", r.clone());
                    set("e", e.clone());
                    set("b", b);
                    for (claim, step) in [("k", 1), ("l", 3), ("n", 5), ("m", 11), ("x", 1), ("i", 2)] {
                        let values = values(claim);
                        set(claim, values[(round * step + round / 7) % values.len()].clone());
                    }
                    add(layout, &token, round, &mut tokens);
                    round += 1;
                }
            }
        }
    }
    tokens.retain(is_verified);
    tokens
}

/// Adds the token with what `sub` and `parent` may be: what they are made of, or absent, odd, something else.
fn add(layout: usize, token: &Object, round: usize, tokens: &mut Vec<Object>) {
    let mut made: Vec<Option<Value>> = subs(layout, token)
        .into_iter()
        .map(|sub| Some(Value::Text(sub)))
        .collect();
    made.push([None, Some(Value::Int(1)), Some(Value::from("a:b"))][round % 3].clone());
    for (number, sub) in made.into_iter().enumerate() {
        let mut token = token.clone();
        token.set("iss", Value::from("https://small.example"));
        token.set("iat", Value::Int(1_000));
        token.set("exp", Value::Int(2_000));
        // Often `x` is what a policy makes of other claims.
        let text = |claim: &str| token.get(claim).and_then(Value::as_text).map(str::to_owned);
        if let (Some(p), Some(r), 1..) = (text("p"), text("r"), round % 3) {
            let text = if round.is_multiple_of(2) {
                r
            } else {
                format!("{p}:{r}")
            };
            token.set("x", Value::Text(text));
        }
        token.set("aud", Value::from(["x", "y"][(round / 2) % 2]));
        if let Some(sub) = sub {
            token.set("sub", sub);
        }
        let parent = match token.get("p") {
            Some(Value::Text(p)) => p.rsplit_once('/').map(|(parent, _)| Value::from(parent)),
            _ => None,
        };
        // Most say what `p` says; some have none or another one.
        if !(round + number).is_multiple_of(5) {
            if let Some(parent) = parent {
                token.set("parent", parent);
            }
        } else if round.is_multiple_of(2) {
            token.set("parent", Value::from("b"));
        }
        tokens.push(token);
    }
}
