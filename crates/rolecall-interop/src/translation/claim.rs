//! Comparisons of a claim with texts and patterns, as a source makes them: of the texts of values.

mod texts;

pub(super) use texts::contains;

use super::condition::{any, compare};
use rolecall_engine::ir::ClaimDefinition;
use rolecall_engine::pattern::{Regular, RegularError, Regulars, Wildcard, WildcardPiece};
use rolecall_engine::{ClaimType, JsonForm, Scalar};
use rolecall_syntax::ast::{ExprAt, Operand, Operator};
use rolecall_syntax::{Span, Spanned};
use texts::{numbers, one_of, texts};

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
    /// The texts that a regex matches as a whole.
    Matching(Regular),
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
            Self::Matching(regex) => regex.accepts(text),
        }
    }
}

/// Compiles a regex that matches whole values.
///
/// # Errors
/// The regex is larger than our language allows.
pub(super) fn regex(text: &str) -> Result<Regular, RegularError> {
    Regulars::for_text(text.len()).compile(text)
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

/// Returns whether the values of a type are texts in JSON: all, none, or some of them, which the type does not tell apart.
pub(crate) fn are_texts(scalar: &Scalar) -> Option<bool> {
    match scalar {
        Scalar::Bool(form) | Scalar::Id(form) => match form {
            JsonForm::String => Some(true),
            JsonForm::Json => Some(false),
            JsonForm::Any => None,
        },
        Scalar::Int | Scalar::Time => Some(false),
        _ => Some(true),
    }
}
