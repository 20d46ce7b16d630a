//! Literals and the types of claims: what can never be equal is an error that says what was meant.

use super::Lowering;
use super::budget::Budgets;
use super::context::{Lit, LitValue};
use crate::claim_type::{Literal, Scalar, Typed};
use crate::diagnostic::Diagnostic;
use crate::ir::ClaimDefinition;
use std::borrow::Cow;

/// The most values of an enum that are shown.
const MAX_VALUES: usize = 30;

impl Lowering<'_> {
    /// A literal as a value of a type, for a claim.
    pub(super) fn literal(&mut self, lit: &Lit, scalar: &Scalar, claim: &ClaimDefinition) -> Option<Literal> {
        let text = match &lit.value {
            LitValue::Text(string) => Some(self.plain_text(string, lit.location)?),
            LitValue::Bool(_) | LitValue::Int(_) | LitValue::Regex(_) => None,
        };
        let typed = match (scalar, &lit.value, text) {
            (Scalar::Bool, LitValue::Bool(value), _) => Ok(Typed::Bool(*value)),
            (Scalar::Int | Scalar::Time, LitValue::Int(value), _) => Ok(Typed::Int(*value)),
            (Scalar::Time, _, Some(text)) => time(&text, &claim.to_string()),
            (scalar, _, Some(text)) if scalar.holds(&text) => Ok(Typed::Text(Cow::Owned(text))),
            (scalar, value, text) => {
                let claim = claim.to_string();
                Err(mismatch(
                    scalar,
                    value,
                    text.as_deref(),
                    &claim,
                    &mut self.budgets,
                ))
            }
        };
        match typed {
            Ok(literal) => Some(literal),
            Err((message, help)) => {
                self.error(Diagnostic::new(lit.location, message).help(help));
                None
            }
        }
    }
}

/// The values of an enum; of many, the first.
fn one_of(values: &[String]) -> String {
    let first: Vec<String> = values
        .iter()
        .take(MAX_VALUES)
        .map(|value| format!("`{value}`"))
        .collect();
    let first = first.join(", ");
    match values.len().saturating_sub(MAX_VALUES) {
        0 => format!("it is one of {first}"),
        more => format!("it is one of {first} and {more} more"),
    }
}

/// A time in whole seconds, or what is wrong with it. A fraction is refused: claims have whole seconds, and rounding would
/// change what the policy says.
fn time(text: &str, claim: &str) -> Result<Literal, (String, String)> {
    let Ok(time) = text.parse::<jiff::Timestamp>() else {
        return Err((
            format!("`{claim}` is a time, and `{text}` is none"),
            "write it as in `\"2027-01-31T12:00:00Z\"`, or as seconds since 1970".to_owned(),
        ));
    };
    if let Some((before, fraction)) = text.split_once(['.', ',']) {
        let after = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        return Err((
            format!("`{claim}` is a time in whole seconds, and `{text}` has a fraction"),
            format!("write `\"{before}{after}\"`"),
        ));
    }
    // Read as the second before, though a minute of claims has 60 seconds: minutes and offsets cannot be 60.
    if text.contains(":60") {
        return Err((
            format!("`{claim}` is a time in whole seconds, and `{text}` is a leap second"),
            "write the second before or after it".to_owned(),
        ));
    }
    Ok(Typed::Int(time.as_second()))
}

/// What is wrong with a literal for a type, and what to write instead.
fn mismatch(
    scalar: &Scalar,
    value: &LitValue,
    text: Option<&str>,
    claim: &str,
    budgets: &mut Budgets,
) -> (String, String) {
    if let LitValue::Regex(regex) = value {
        let message = format!("`/{regex}/` is a regex, and only `matches` takes one");
        return (message, format!("write `{claim} matches /{regex}/`, or a string"));
    }
    let is_a = format!("`{claim}` is {}", scalar.singular());
    match (scalar, value, text) {
        (Scalar::Bool, _, Some(text @ ("true" | "false"))) => {
            let bare = if text == "true" {
                format!("`{claim}`")
            } else {
                format!("`!{claim}`")
            };
            (
                format!("{is_a}, not a string"),
                format!("write {bare}, or `{claim} == {text}`"),
            )
        }
        (Scalar::Bool, ..) => (
            format!("{is_a}: it is `true` or `false`"),
            format!("write `{claim}` or `!{claim}`"),
        ),
        (Scalar::Id, LitValue::Int(number), _) => (
            format!("{is_a}, which is written as a string of digits"),
            format!("write `\"{number}\"`"),
        ),
        (Scalar::Id, _, Some(text)) => (
            format!("{is_a}: digits, which `{text}` is not"),
            format!("write the number, as in `{claim} == \"4242\"`"),
        ),
        (Scalar::Int, _, Some(text)) if text.parse::<i64>().is_ok() => (
            format!("{is_a}, not a string"),
            format!("write `{text}` without quotes"),
        ),
        (Scalar::Enum { values, .. }, _, Some(text)) => {
            let message = format!("`{claim}` is never `{text}`");
            let near = budgets.did_you_mean(text, values.iter().map(String::as_str));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => one_of(values),
            };
            (message, help)
        }
        (Scalar::Path, _, Some(text)) => {
            let rule = "a path is segments joined by `/`, none empty, without `:`";
            let trimmed = text.trim_matches('/');
            let help = if scalar.holds(trimmed) {
                format!("write `\"{trimmed}\"`: {rule}")
            } else {
                rule.to_owned()
            };
            (format!("{is_a}, and `{text}` can be none"), help)
        }
        (Scalar::Ref, _, Some(text)) => {
            let help = "git refuses names with a space, a control character, `~ ^ : ? * [ \\`, `..`, `@{`, or a part that is empty, \
                        begins with `.` or ends with `.lock`; for patterns write `like` or `glob`";
            (
                format!("{is_a}, and git accepts no ref called `{text}`"),
                help.to_owned(),
            )
        }
        (Scalar::Int | Scalar::Time, ..) => (
            format!("{is_a}, which is compared with a number"),
            "write a number without quotes".to_owned(),
        ),
        (_, LitValue::Int(number), _) => (format!("{is_a}, not a number"), format!("write `\"{number}\"`")),
        (_, LitValue::Bool(value), _) => (
            format!("{is_a}, not a bool"),
            format!("write `\"{value}\"` if the text is meant"),
        ),
        _ => (
            format!("{is_a}, which this is not"),
            "compare it with a value of its type".to_owned(),
        ),
    }
}
