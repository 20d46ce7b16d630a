//! The reference evaluator: slow and obvious, over the plain values of a policy, written from the IAM User
//! Guide.
//!
//! It shares no code with the reader. It is for documents whose meaning is known: others are refused before.

use super::scalars;
use serde_json::Value;
use std::collections::BTreeMap;

/// The context of a request: the keys in lower case, with their values.
pub(crate) type Context = BTreeMap<String, Vec<String>>;

/// Returns whether a policy lets a token of an issuer in.
///
/// "By default, all requests are implicitly denied. An explicit allow overrides this default. An explicit
/// deny overrides any allow."
pub(crate) fn admits(policy: &Value, issuer: &str, context: &Context) -> bool {
    let is_2012 = policy
        .get("Version")
        .is_some_and(|version| version == "2012-10-17");
    let applies = |effect: &str| {
        many(&policy["Statement"]).into_iter().any(|statement| {
            statement["Effect"] == effect
                && names_issuer(statement, issuer)
                && names_action(statement)
                && all_hold(statement, is_2012, context)
        })
    };
    applies("Allow") && !applies("Deny")
}

/// A value stands for a list of one.
fn many(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().collect(),
        Value::Null => vec![],
        value => vec![value],
    }
}

/// A provider's ARN ends with the issuer. `"*"` and `{"AWS": "*"}` let no token of a provider in.
fn names_issuer(statement: &Value, issuer: &str) -> bool {
    let end = format!(":oidc-provider/{issuer}");
    let providers = many(&statement["Principal"]["Federated"]);
    let mut providers = providers.into_iter().map(|provider| provider.as_str().unwrap());
    providers.any(|provider| provider == issuer || provider.ends_with(&end))
}

/// "The prefix and the action name are case insensitive", with wildcards.
fn names_action(statement: &Value) -> bool {
    let name: Vec<char> = "sts:assumerolewithwebidentity".chars().collect();
    many(&statement["Action"]).into_iter().any(|action| {
        let action = action.as_str().unwrap().to_lowercase();
        glob(&pieces(&action, false), &name)
    })
}

/// "If your policy has multiple condition operators or multiple keys attached to a single condition operator,
/// the conditions are evaluated using a logical AND."
fn all_hold(statement: &Value, is_2012: bool, context: &Context) -> bool {
    let operators = statement["Condition"].as_object().into_iter().flatten();
    let mut comparisons = operators.flat_map(|(operator, keys)| {
        let keys = keys.as_object().unwrap();
        keys.iter().map(move |(key, values)| (operator, key, values))
    });
    comparisons.all(|(operator, key, values)| {
        let written: Vec<String> = many(values).into_iter().map(text).collect();
        let actual = context.get(&key.to_lowercase()).cloned().unwrap_or_default();
        holds(operator, &written, &actual, is_2012)
    })
}

/// A number or a boolean without quotes is the text that it is written as.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Returns whether a condition holds. A key without values is absent.
fn holds(operator: &str, written: &[String], actual: &[String], is_2012: bool) -> bool {
    let is_absent = actual.is_empty();
    if operator == "Null" {
        // "Use a Null condition operator to check if a condition key is absent at the time of authorization."
        return written[0] == if is_absent { "true" } else { "false" };
    }
    let (set, name) = operator.split_once(':').unwrap_or(("", operator));
    let (name, if_exists) = match name.strip_suffix("IfExists") {
        Some(name) => (name, true),
        None => (name, false),
    };
    let positive = name.replace("Not", "");
    let is_negated = positive != name;
    // "Negated matching": no value of the policy matches.
    let fits = |value: &String| {
        let mut written = written.iter();
        written.any(|written| matches(&positive, written, value, is_2012)) != is_negated
    };
    let is_empty = actual == [""];
    match set {
        // "It also returns true if there are no context keys in the request or if the context key value
        // resolves to a null dataset, such as an empty string."
        "ForAllValues" => is_absent || is_empty || actual.iter().all(fits),
        // "For no matching context key or a null dataset, the condition returns false."
        "ForAnyValue" => !is_absent && !is_empty && actual.iter().any(fits),
        // "If the key that you specify in a policy condition is not present in the request context, the
        // values do not match and the condition is false. If the policy condition requires that the key is
        // not matched, … the condition is true." "If the condition key is not present, … evaluate the
        // condition element as true."
        _ if is_absent => is_negated || if_exists,
        _ => actual.len() == 1 && fits(&actual[0]),
    }
}

fn matches(test: &str, written: &str, actual: &str, is_2012: bool) -> bool {
    let actual_characters: Vec<char> = actual.chars().collect();
    match test {
        "StringEquals" => written == actual,
        "StringEqualsIgnoreCase" => written.eq_ignore_ascii_case(actual),
        "StringLike" => glob(&pieces(written, is_2012), &actual_characters),
        // "Each of the six colon-delimited components of the ARN is checked separately and each can include
        // multi-character match wildcards (*) or single-character match wildcards (?)."
        "ArnEquals" | "ArnLike" => {
            let written: Vec<&str> = written.splitn(6, ':').collect();
            let actual: Vec<&str> = actual.splitn(6, ':').collect();
            let mut components = written.iter().zip(&actual);
            written.len() == 6
                && actual.len() == 6
                && components.all(|(written, actual)| {
                    let actual: Vec<char> = actual.chars().collect();
                    glob(&pieces(written, is_2012), &actual)
                })
        }
        test => scalars::holds(test, written, actual),
    }
}

/// A character of a pattern, or a wildcard.
enum Piece {
    Any,
    One,
    Character(char),
}

/// `${*}`, `${?}` and `${$}` are the characters themselves, in version 2012-10-17.
fn pieces(pattern: &str, is_2012: bool) -> Vec<Piece> {
    let characters: Vec<char> = pattern.chars().collect();
    let (mut pieces, mut at) = (vec![], 0);
    while at < characters.len() {
        match characters[at..] {
            ['$', '{', escaped @ ('*' | '?' | '$'), '}', ..] if is_2012 => {
                pieces.push(Piece::Character(escaped));
                at += 3;
            }
            ['*', ..] => pieces.push(Piece::Any),
            ['?', ..] => pieces.push(Piece::One),
            [character, ..] => pieces.push(Piece::Character(character)),
            [] => {}
        }
        at += 1;
    }
    pieces
}

fn glob(pattern: &[Piece], text: &[char]) -> bool {
    match (pattern, text) {
        ([], text) => text.is_empty(),
        ([Piece::Any, rest @ ..], _) => (0..=text.len()).any(|skipped| glob(rest, &text[skipped..])),
        ([Piece::One, rest @ ..], [_, text @ ..]) => glob(rest, text),
        ([Piece::Character(wanted), rest @ ..], [first, text @ ..]) => wanted == first && glob(rest, text),
        _ => false,
    }
}
