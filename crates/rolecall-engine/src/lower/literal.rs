//! Literals: gives them the types of claims. A literal that a claim can never equal is an error.

use super::Lowering;
use super::budget::Budgets;
use super::comparison::LeftSide;
use super::scope::{UntypedLiteral, UntypedValue};
use crate::claim_type::{Literal, PathKind, Scalar, Typed};
use crate::diagnostic::Diagnostic;
use crate::error_kind::ErrorKind;
use rolecall_syntax::ast::Operator;
use std::borrow::Cow;

/// The most values of an enum that are shown.
const MAX_VALUES: usize = 30;

impl Lowering<'_> {
    /// Returns a literal as a value of a claim's type.
    pub(super) fn literal(
        &mut self,
        literal: &UntypedLiteral,
        scalar: &Scalar,
        left: &LeftSide<'_>,
    ) -> Option<Literal> {
        let LeftSide { claim, scope, .. } = left;
        let text = match &literal.value {
            UntypedValue::Text(text) => Some(self.text_of(text, literal.location, scope)?),
            UntypedValue::Bool(_) | UntypedValue::Int(_) | UntypedValue::Regex(_) => None,
        };
        let typed = match (scalar, &literal.value, text) {
            (Scalar::Bool(_), UntypedValue::Bool(value), _) => Ok(Typed::Bool(*value)),
            (Scalar::Int | Scalar::Time, UntypedValue::Int(value), _) => Ok(Typed::Int(*value)),
            (Scalar::Time, _, Some(text)) => time(&text, &claim.to_string()),
            (scalar, _, Some(text)) if scalar.admits(&text) => Ok(Typed::Text(Cow::Owned(text))),
            (scalar, value, text) => {
                let claim = claim.to_string();
                Err(match (scalar, text.as_deref()) {
                    (Scalar::Bool(_), Some(text)) => not_a_bool(scalar, text, &claim, left.operator),
                    (_, text) => mismatch(scalar, value, text, &claim, left.operator, &mut self.budgets),
                })
            }
        };
        match typed {
            Ok(literal) => Some(literal),
            Err(Mismatch { kind, message, help }) => {
                self.error(Diagnostic::new(kind, literal.location, message).help(help));
                None
            }
        }
    }
}

/// Returns the help that lists the values of an enum; of many, the first.
pub(super) fn one_of(values: &[String]) -> String {
    let mut values = values.iter();
    let first = values.by_ref().take(MAX_VALUES).map(|value| format!("`{value}`"));
    let first = first.collect::<Vec<_>>().join(", ");
    match values.len() {
        0 => format!("it is one of {first}"),
        more => format!("it is one of {first} and {more} more"),
    }
}

/// Returns a time in whole seconds. A fraction is an error: claims have whole seconds, and rounding would
/// change the meaning of the policy.
fn time(text: &str, claim: &str) -> Result<Literal, Mismatch> {
    let Ok(time) = text.parse::<jiff::Timestamp>() else {
        return Err(Mismatch::value(
            format!("`{claim}` is a time, and `{text}` is not a valid time"),
            "write it as in `\"2027-01-31T12:00:00Z\"`, or as seconds since 1970".to_owned(),
        ));
    };
    if let Some((before, fraction)) = text.split_once(['.', ',']) {
        let after = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        return Err(Mismatch::value(
            format!("`{claim}` is a time in whole seconds, and `{text}` has a fraction"),
            format!("write `\"{before}{after}\"`"),
        ));
    }
    // The parser accepts a leap second as the second before it. Minutes and offsets cannot be 60.
    if text.contains(":60") {
        return Err(Mismatch::value(
            format!("`{claim}` is a time in whole seconds, and `{text}` is a leap second"),
            "write the second before or after it".to_owned(),
        ));
    }
    Ok(Typed::Int(time.as_second()))
}

/// An error in a literal: it does not fit the type of the claim.
struct Mismatch {
    kind: ErrorKind,
    message: String,
    help: String,
}

impl Mismatch {
    /// Creates the error of a literal that has another type than the claim.
    fn of_type(message: String, help: String) -> Self {
        let kind = ErrorKind::TypeMismatch;
        Self { kind, message, help }
    }

    /// Creates the error of a value that the claim can never have.
    fn value(message: String, help: String) -> Self {
        let kind = ErrorKind::InvalidLiteral;
        Self { kind, message, help }
    }
}

/// Returns the error for a text that is compared with a bool. `!= "true"` asks for the other value.
fn not_a_bool(scalar: &Scalar, text: &str, claim: &str, operator: Operator) -> Mismatch {
    let message = format!("`{claim}` is {}, not a string", scalar.singular());
    let value = match text.trim().to_ascii_lowercase().as_str() {
        "true" => true,
        "false" => false,
        _ => {
            let help = format!("write `{claim}` or `!{claim}`: it is `true` or `false`");
            return Mismatch::of_type(message, help);
        }
    };
    let help = match operator {
        Operator::Equal | Operator::NotEqual if value == (operator == Operator::Equal) => {
            format!("write `{claim}`")
        }
        Operator::Equal | Operator::NotEqual => format!("write `!{claim}`"),
        _ => format!("write `{value}` without quotes"),
    };
    Mismatch::of_type(message, help)
}

/// Returns a comparison that asks for what an operator asks for: `!=` for the opposite.
fn in_the_sense_of(operator: Operator, comparison: String) -> String {
    match operator {
        Operator::NotEqual => format!("!({comparison})"),
        _ => comparison,
    }
}

/// Returns the error for a literal that does not fit a type.
fn mismatch(
    scalar: &Scalar,
    value: &UntypedValue,
    text: Option<&str>,
    claim: &str,
    operator: Operator,
    budgets: &mut Budgets,
) -> Mismatch {
    if let UntypedValue::Regex(regex) = value {
        let message = format!("`/{regex}/` is a regex, and only `matches` takes one");
        let comparison = in_the_sense_of(operator, format!("{claim} matches /{regex}/"));
        return Mismatch::of_type(message, format!("write `{comparison}`, or a string"));
    }
    let is_a = format!("`{claim}` is {}", scalar.singular());
    match (scalar, value, text) {
        (Scalar::Bool(_), ..) => Mismatch::of_type(
            format!("{is_a}: it is `true` or `false`"),
            format!("write `{claim}` or `!{claim}`"),
        ),
        (Scalar::Id(_), UntypedValue::Int(number), _) => Mismatch::of_type(
            format!("{is_a}, which is written as a string of digits"),
            format!("write `\"{number}\"`"),
        ),
        (Scalar::Id(_), _, Some(text)) => Mismatch::value(
            format!("{is_a}: a string of digits, not `{text}`"),
            format!("write the number, as in `{claim} == \"4242\"`"),
        ),
        (Scalar::Int, _, Some(text)) if text.parse::<i64>().is_ok() => Mismatch::of_type(
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
            Mismatch::value(message, help)
        }
        (Scalar::Path(kind), _, Some(text)) => {
            let rule = scalar.rule().unwrap_or("");
            let trimmed = text.trim_matches('/');
            let is_pattern = text.contains(['*', '?']);
            let foreign = text.chars().find(|character| !character.is_ascii());
            let help = match foreign {
                _ if scalar.holds(trimmed) => format!("write `\"{trimmed}\"`: {rule}"),
                _ if is_pattern && operator == Operator::In => {
                    format!("write `glob` instead of `in`, with the same list: `{claim} glob […]`")
                }
                _ if text.ends_with("/*") || text.ends_with("/**") => {
                    let folder = text.trim_end_matches(['/', '*']);
                    let under = in_the_sense_of(operator, format!("{claim} under \"{folder}\""));
                    let glob = in_the_sense_of(operator, format!("{claim} glob \"{text}\""));
                    format!("write `{under}` for all that is below, or `{glob}` for a pattern")
                }
                _ if is_pattern => {
                    let glob = in_the_sense_of(operator, format!("{claim} glob \"{text}\""));
                    format!("write `{glob}` for a pattern")
                }
                Some(character) if *kind != PathKind::Any => {
                    format!("{rule}; `{}` is not one of them", character.escape_unicode())
                }
                _ => rule.to_owned(),
            };
            let valid = match kind {
                PathKind::Any => "a valid path",
                _ => "one",
            };
            // The folder of a path may have another type than the path.
            let is_under = matches!(operator, Operator::Under | Operator::ContainsUnder);
            let message = match is_under {
                true if is_pattern => format!("`under` takes a path without wildcards, and `{text}` has one"),
                true => format!("`under` takes the path of a folder, and `{text}` is not one"),
                false => format!("{is_a}, and `{text}` is not {valid}"),
            };
            Mismatch::value(message, help)
        }
        (Scalar::Ref, _, Some(text)) => {
            let help = match text.contains(['*', '?']) {
                true if operator == Operator::In => {
                    format!("write `like` instead of `in`, with the same list: `{claim} like […]`")
                }
                true => {
                    let like = in_the_sense_of(operator, format!("{claim} like \"{text}\""));
                    format!("write `{like}` for a pattern")
                }
                false => scalar.rule().unwrap_or("").to_owned(),
            };
            Mismatch::value(format!("{is_a}, and `{text}` is not a valid ref name"), help)
        }
        (Scalar::Int | Scalar::Time, ..) => Mismatch::of_type(
            format!("{is_a}, which is compared with a number"),
            "write a number without quotes".to_owned(),
        ),
        (_, UntypedValue::Int(number), _) => {
            Mismatch::of_type(format!("{is_a}, not a number"), format!("write `\"{number}\"`"))
        }
        (_, UntypedValue::Bool(value), _) => Mismatch::of_type(
            format!("{is_a}, not a bool"),
            format!("write `\"{value}\"` for the text"),
        ),
        _ => Mismatch::value(
            format!("{is_a}, and this is not a valid value"),
            "compare it with a value of its type".to_owned(),
        ),
    }
}
