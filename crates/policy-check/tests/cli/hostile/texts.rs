//! Parts of hostile texts.

use super::LARGEST;

/// An issuer.
pub(super) const ISSUER: &str =
    "issuer g { url \"https://g.example\" profile generic audience \"https://sts.acme.example\" }\n";

/// An issuer with a profile that has these members.
pub(super) fn profile(members: &str) -> String {
    format!("profile p {{ {members} }}\n{}", ISSUER.replace("generic", "p"))
}

/// The parts, joined.
pub(super) fn join(count: usize, between: &str, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<String>>().join(between)
}

/// A text followed by as many parts as a file takes, and an end.
pub(super) fn fill(start: &str, part: impl Fn(usize) -> String, end: &str) -> String {
    let mut text = start.to_owned();
    for number in 0.. {
        let part = part(number);
        if text.len() + part.len() + end.len() > LARGEST {
            break;
        }
        text.push_str(&part);
    }
    text + end
}

/// A family of roles `NAME-0`, `NAME-1`, …
pub(super) fn family(name: &str, count: usize) -> String {
    let values = numbers(count);
    format!("role {name}-{{v}} for v in [{values}] {{ allow from g when sub == v }}\n")
}

/// Numbers as strings.
pub(super) fn numbers(count: usize) -> String {
    join(count, ",", |number| format!("\"{number}\""))
}

/// Conditions `c0`, `c1`, … of which each names the one before twice; `c0` has two comparisons.
pub(super) fn doubling(last: usize) -> String {
    let step = |number: usize| format!("condition c{} = c{number} || c{number}\n", number + 1);
    format!(
        "condition c0 = sub == \"x\" || jti == \"y\"\n{}",
        join(last, "", step)
    )
}
