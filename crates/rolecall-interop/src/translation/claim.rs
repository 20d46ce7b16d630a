//! Comparisons of a claim with texts and patterns, as a source makes them: of the texts of values.

use super::condition::{any, compare, constant, text};
use rolecall_engine::ir::ClaimDefinition;
use rolecall_engine::pattern::{Wildcard, WildcardPiece};
use rolecall_engine::{ClaimType, Scalar};
use rolecall_syntax::ast::{ExprAt, Operand, Operator};
use rolecall_syntax::{Span, Spanned, Str};

/// A value that a claim is compared with.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) value: WantedValue,
    pub(super) span: Span,
}

/// The texts that fit a value.
#[derive(Clone, Debug)]
pub(super) enum WantedValue {
    /// This text.
    Exactly(String),
    /// This text, without regard to the case of ASCII letters.
    IgnoringCase(String),
    /// The texts of a wildcard.
    Like(Wildcard),
}

impl WantedValue {
    /// Returns the value of a wildcard; one without `*` and `?` is its text.
    pub(super) fn like(pieces: impl IntoIterator<Item = WildcardPiece>) -> Self {
        let wildcard: Wildcard = pieces.into_iter().collect();
        match wildcard.pieces() {
            [] => Self::Exactly(String::new()),
            [WildcardPiece::Text(text)] => Self::Exactly(text.to_string()),
            _ => Self::Like(wildcard),
        }
    }

    /// Returns whether a text fits.
    pub(super) fn fits(&self, text: &str) -> bool {
        match self {
            Self::Exactly(wanted) => wanted == text,
            Self::IgnoringCase(wanted) => wanted.eq_ignore_ascii_case(text),
            Self::Like(wildcard) => wildcard.accepts(text),
        }
    }
}

/// The reason why a claim cannot be compared with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Incomparable {
    /// The claim is a list, a number with a pattern, or a time.
    Type,
    /// The source does not say how many bytes or characters of such values `?` stands for.
    QuestionMark,
}

/// Returns the condition that the text of a claim fits one of some values. A value that no token's claim can have fits
/// never: it is left out, and a condition without values is FALSE.
///
/// # Errors
/// The claim cannot be compared like this.
pub(super) fn fits(claim: &ClaimDefinition, values: &[Wanted], span: Span) -> Result<ExprAt, Incomparable> {
    let ClaimType::Scalar(scalar) = &claim.claim_type else {
        return Err(Incomparable::Type);
    };
    match scalar {
        Scalar::Bool(_) => {
            let one_of = [true, false].into_iter().filter_map(|value| {
                let wanted = values
                    .iter()
                    .find(|wanted| wanted.value.fits(&value.to_string()))?;
                let operand = Spanned::new(Operand::Bool(value), wanted.span);
                Some(compare(&claim.path, Operator::Equal, operand, wanted.span))
            });
            Ok(any(one_of, span))
        }
        Scalar::Enum {
            values: known,
            open: false,
        } => {
            let known = known.iter().filter_map(|text| {
                let wanted = values.iter().find(|wanted| wanted.value.fits(text))?;
                Some((text.as_str(), wanted.span))
            });
            Ok(one_of(claim, known.collect(), span))
        }
        Scalar::Int => numbers(claim, values, span),
        Scalar::Time => Err(Incomparable::Type),
        scalar if scalar.has_text() => texts(claim, scalar, values, span),
        _ => Err(Incomparable::Type),
    }
}

/// Compares a number by its text, as AWS writes it.
fn numbers(claim: &ClaimDefinition, values: &[Wanted], span: Span) -> Result<ExprAt, Incomparable> {
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

fn texts(
    claim: &ClaimDefinition,
    scalar: &Scalar,
    values: &[Wanted],
    span: Span,
) -> Result<ExprAt, Incomparable> {
    let (mut literals, mut patterns, mut folded) = (Vec::new(), Vec::new(), Vec::new());
    for Wanted { value, span } in values {
        match value {
            WantedValue::Exactly(text) => {
                literals.extend(scalar.holds(text).then_some((text.as_str(), *span)));
            }
            WantedValue::IgnoringCase(text) => {
                let regex = Operand::Regex(ignoring_case(text));
                let regex = Spanned::new(regex, *span);
                folded.push(compare(&claim.path, Operator::Matches, regex, *span));
            }
            WantedValue::Like(wildcard) => {
                let has_one = wildcard.pieces().contains(&WildcardPiece::One);
                if has_one && !is_ascii(scalar) {
                    return Err(Incomparable::QuestionMark);
                }
                // The text of a wildcard is always written with valid escapes.
                let Ok(string) = Str::new(&wildcard.to_string()) else {
                    return Err(Incomparable::Type);
                };
                patterns.push(Spanned::new(Operand::Text(string), *span));
            }
        }
    }
    let like = list(patterns, span).map(|operand| compare(&claim.path, Operator::Like, operand, span));
    let parts = [one_of(claim, literals, span)]
        .into_iter()
        .chain(like)
        .chain(folded);
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
fn one_of(claim: &ClaimDefinition, texts: Vec<(&str, Span)>, span: Span) -> ExprAt {
    let mut operands: Vec<Spanned<Operand>> = Vec::with_capacity(texts.len());
    operands.extend(texts.into_iter().map(|(value, span)| text(value, span)));
    let is_one = operands.len() == 1;
    match list(operands, span) {
        Some(operand) if is_one => compare(&claim.path, Operator::Equal, operand, span),
        Some(operand) => compare(&claim.path, Operator::In, operand, span),
        None => constant(false, span),
    }
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
