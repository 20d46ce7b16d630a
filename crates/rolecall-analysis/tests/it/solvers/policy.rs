//! Conditions and templates as a policy has them.

use super::condition::{Comparison, Condition, Derivation, Filter, Part, elements};

/// The profile and the issuer of the policies, with ways to make `sub`.
pub fn prelude(layout: &[Derivation]) -> String {
    let derivations: String = layout.iter().map(derivation).collect();
    format!(
        "profile small {{
 claim p: path optional
 claim parent: path optional
 claim r: ref optional
 claim e: text optional
 claim f: text optional
 claim b: bool optional
 claim k: enum [a, b] optional
 claim l: [text] optional
 claim n: int optional
 claim m: int optional
 claim i: id optional
 claim x: text nullable optional
 claim g: github_repository optional
 claim external: text optional
 derive parent = \"{{p|parent}}\"
{derivations}}}
issuer small {{ url \"https://small.example\" profile small audience [\"x\", \"y\"] }}
"
    )
}

fn derivation(derivation: &Derivation) -> String {
    let when = derivation
        .when
        .as_ref()
        .map(|when| format!(" when {}", condition(when)));
    format!(
        " derive sub = \"{}\"{}\n",
        template(&derivation.parts),
        when.unwrap_or_default()
    )
}

fn template(parts: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Claim(claim, filter) => {
            let filter = match filter {
                Filter::ColonEncoded => "|colon-encoded",
                Filter::Name => "|name",
                Filter::None => "",
                Filter::Parent => "|parent",
            };
            format!("{{{claim}{filter}}}")
        }
        Part::Optional(parts) => format!("[{}]", template(parts)),
        Part::Text(text) => (*text).to_owned(),
    };
    parts.iter().map(part).collect()
}

/// A condition that can stand anywhere.
pub fn condition(tree: &Condition) -> String {
    let join = |parts: &[Condition], operator: &str| {
        let parts: Vec<String> = parts.iter().map(condition).collect();
        format!("({})", parts.join(operator))
    };
    match tree {
        Condition::All(parts) => join(parts, " && "),
        Condition::Any(parts) => join(parts, " || "),
        Condition::Is(one) => comparison(one),
        Condition::Not(part) => format!("!({})", condition(part)),
    }
}

fn comparison(one: &Comparison) -> String {
    let equal = |wanted: &bool| if *wanted { "==" } else { "!=" };
    match one {
        Comparison::Contains { claim, all, words } => match words.as_slice() {
            [word] => format!("{claim} contains \"{word}\""),
            words => format!("{claim} contains {} {words:?}", if *all { "all" } else { "any" }),
        },
        Comparison::ContainsPattern(element) => format!("l contains {}", elements()[*element].written()),
        // Stands for a condition that has no spelling.
        Comparison::External(text) => format!("external == \"{text}\""),
        Comparison::Filled { claim, parts, wanted } => {
            format!("{claim} {} \"{}\"", equal(wanted), template(parts))
        }
        Comparison::Null(claim) => format!("{claim} is null"),
        Comparison::Equals { claim, words, wanted } => match words.as_slice() {
            [word] => format!("{claim} {} \"{word}\"", equal(wanted)),
            words if *wanted => format!("{claim} in {words:?}"),
            words => format!("!({claim} in {words:?})"),
        },
        Comparison::Flag(claim) => (*claim).to_owned(),
        Comparison::Fits { claim, pattern } => format!("{claim} {}", pattern.written()),
        Comparison::Has(claim) => format!("has {claim}"),
        Comparison::Order {
            claim,
            operator,
            number,
        } => format!("{claim} {operator} {number}"),
        Comparison::Same { left, right, wanted } => format!("{left} {} {right}", equal(wanted)),
    }
}
