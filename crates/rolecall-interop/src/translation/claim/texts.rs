//! Operands of comparisons: texts, wildcards, regexes and numbers.

use super::{Incomparable, Wanted, WantedValue};
use crate::translation::condition::{any, compare, constant, text};
use rolecall_engine::Scalar;
use rolecall_engine::ir::ClaimDefinition;
use rolecall_engine::pattern::{Wildcard, WildcardPiece};
use rolecall_syntax::ast::{ExprAt, Operand, Operator};
use rolecall_syntax::{Span, Spanned, Str};

/// Compares a number by its text, as AWS writes it.
pub(super) fn numbers(
    claim: &ClaimDefinition,
    values: &[Wanted],
    span: Span,
) -> Result<ExprAt, Incomparable> {
    let mut parts = Vec::new();
    for wanted in values {
        let (WantedValue::Exactly(text) | WantedValue::IgnoringCase(text)) = &wanted.value else {
            return Err(Incomparable::Type);
        };
        // `+1` and `01` are not how a number is written.
        let number = text
            .parse::<i64>()
            .ok()
            .filter(|number| number.to_string() == *text);
        parts.extend(number.map(|number| {
            let operand = Spanned::new(Operand::Int(number), wanted.span);
            compare(&claim.path, Operator::Equal, operand, wanted.span)
        }));
    }
    Ok(any(parts, span))
}

/// Compares a text.
pub(super) fn texts(
    claim: &ClaimDefinition,
    scalar: &Scalar,
    values: &[Wanted],
    span: Span,
) -> Result<ExprAt, Incomparable> {
    let (mut literals, mut patterns, mut matching) = (Vec::new(), Vec::new(), Vec::new());
    for Wanted { value, span } in values {
        match value {
            WantedValue::Exactly(text) => {
                literals.extend(scalar.holds(text).then_some((text.as_str(), *span)));
            }
            WantedValue::IgnoringCase(text) => {
                let regex = Operand::Regex(ignoring_case(text));
                let regex = Spanned::new(regex, *span);
                matching.push(compare(&claim.path, Operator::Matches, regex, *span));
            }
            WantedValue::Matching(regex) => {
                let regex = Operand::Regex(regex.text().to_owned());
                let regex = Spanned::new(regex, *span);
                matching.push(compare(&claim.path, Operator::Matches, regex, *span));
            }
            WantedValue::Like(wildcard) => {
                let has_one = wildcard.pieces().contains(&WildcardPiece::One);
                if has_one && !is_ascii(scalar) {
                    return Err(Incomparable::QuestionMark);
                }
                patterns.push(like(wildcard, *span)?);
            }
        }
    }
    let patterns = list(patterns, span).map(|operand| compare(&claim.path, Operator::Like, operand, span));
    let parts = [one_of(claim, literals, span)]
        .into_iter()
        .chain(patterns)
        .chain(matching);
    Ok(any(parts, span))
}

/// Returns whether the values of a type have only ASCII characters.
fn is_ascii(scalar: &Scalar) -> bool {
    use rolecall_engine::PathKind;
    match scalar {
        Scalar::Id(_) => true,
        Scalar::Path(kind) => *kind != PathKind::Any,
        _ => false,
    }
}

/// Returns the condition that a claim is one of some texts.
pub(super) fn one_of(claim: &ClaimDefinition, texts: Vec<(&str, Span)>, span: Span) -> ExprAt {
    let mut operands: Vec<Spanned<Operand>> = Vec::with_capacity(texts.len());
    operands.extend(texts.into_iter().map(|(value, span)| text(value, span)));
    let is_one = operands.len() == 1;
    match list(operands, span) {
        Some(operand) if is_one => compare(&claim.path, Operator::Equal, operand, span),
        Some(operand) => compare(&claim.path, Operator::In, operand, span),
        None => constant(false, span),
    }
}

/// Returns the condition that an element of a list fits one of some values.
///
/// # Errors
/// The elements are not texts.
pub(in crate::translation) fn contains(
    claim: &ClaimDefinition,
    scalar: &Scalar,
    values: &[Wanted],
    span: Span,
) -> Result<ExprAt, Incomparable> {
    if !scalar.has_text() {
        return Err(Incomparable::Type);
    }
    let (mut literals, mut patterns) = (Vec::new(), Vec::new());
    for Wanted { value, span } in values {
        match value {
            WantedValue::Exactly(value) => literals.extend(scalar.holds(value).then(|| text(value, *span))),
            WantedValue::Like(wildcard) => patterns.push(like(wildcard, *span)?),
            WantedValue::IgnoringCase(_) | WantedValue::Matching(_) => return Err(Incomparable::Type),
        }
    }
    let parts = [
        (Operator::ContainsAny, literals),
        (Operator::ContainsLike, patterns),
    ];
    let parts = parts.into_iter().filter(|(_, operands)| !operands.is_empty());
    let parts = parts.map(|(operator, operands)| {
        let operands = Spanned::new(Operand::List(operands), span);
        compare(&claim.path, operator, operands, span)
    });
    Ok(any(parts, span))
}

/// Returns a wildcard as an operand.
fn like(wildcard: &Wildcard, span: Span) -> Result<Spanned<Operand>, Incomparable> {
    // The text of a wildcard is always written with valid escapes.
    let string = Str::new(&wildcard.to_string()).map_err(|_| Incomparable::Type)?;
    Ok(Spanned::new(Operand::Text(string), span))
}

/// Returns the only operand, or a list of several.
fn list(operands: Vec<Spanned<Operand>>, span: Span) -> Option<Spanned<Operand>> {
    match <[Spanned<Operand>; 1]>::try_from(operands) {
        Ok([only]) => Some(only),
        Err(operands) if operands.is_empty() => None,
        Err(operands) => Some(Spanned::new(Operand::List(operands), span)),
    }
}

/// Returns the regex of a text in which ASCII letters have either case.
fn ignoring_case(text: &str) -> String {
    let mut regex = String::new();
    for character in text.chars() {
        match character {
            letter if letter.is_ascii_alphabetic() => {
                regex.extend(['[', letter.to_ascii_lowercase(), letter.to_ascii_uppercase(), ']']);
            }
            plain if plain.is_ascii_digit() || !plain.is_ascii() => regex.push(plain),
            // A space or a line break is itself, and everything else of ASCII may be escaped.
            space if space.is_ascii_whitespace() || space.is_ascii_control() => {
                regex.push_str(&format!("\\x{{{:x}}}", u32::from(space)));
            }
            punctuation => regex.extend(['\\', punctuation]),
        }
    }
    regex
}
