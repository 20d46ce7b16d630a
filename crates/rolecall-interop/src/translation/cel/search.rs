//! Parts of texts: `startsWith`, `endsWith`, `contains` and `matches`.

use super::claims::{Kind, kind, unclear};
use super::equality::{fitting, not_compared};
use super::outcome::{Outcome, joined};
use super::value::{Piece, Value};
use crate::go_regex::GoRegex;
use crate::notice::{Notice, printable};
use crate::translation::claim::{WantedValue, regex};
use crate::translation::condition::{constant, has};
use rolecall_engine::pattern::{Regular, WildcardPiece};
use rolecall_syntax::Span;

/// Returns the outcome of a test of a text. Other values are errors.
pub(in crate::translation) fn search(
    name: &str,
    target: &Value<'_>,
    argument: &Value<'_>,
    span: Span,
) -> Outcome {
    let part = match argument {
        Value::Text(part) => part,
        Value::Bool(_) | Value::Null | Value::Number(_) => return Outcome::error(span),
        _ => return Outcome::refused(not_compared(span)),
    };
    let wanted = match wanted(name, part, span) {
        Ok(wanted) => wanted,
        Err(notice) => return Outcome::refused(notice),
    };
    match target {
        Value::Text(text) => Outcome::constant(wanted.fits(text), span),
        Value::Claim(claim) => match kind(claim) {
            Kind::Text => fitting(claim, vec![wanted], false, span),
            Kind::Unclear => Outcome::refused(unclear(claim, span)),
            Kind::Bool | Kind::List | Kind::Number => Outcome::error(span),
        },
        Value::Joined(pieces) if name == "startsWith" => starting(pieces, part, span),
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::List(_) => Outcome::error(span),
        _ => Outcome::refused(not_compared(span)),
    }
}

/// Returns the outcome of `(a + b).startsWith(part)`, where `a` is known. If a claim is absent or null, it is an error.
fn starting(pieces: &[Piece<'_>], part: &str, span: Span) -> Outcome {
    let (first, rest) = match pieces {
        [Piece::Text(first), rest @ ..] => (first, rest),
        _ => return Outcome::refused(not_compared(span)),
    };
    let is_start = match (part.strip_prefix(first.as_str()), rest) {
        (Some(left), [Piece::Claim(claim)]) => {
            let left = Value::Text(left.to_owned());
            return search("startsWith", &Value::Claim(claim), &left, span);
        }
        (Some(left), _) if !left.is_empty() => return Outcome::refused(not_compared(span)),
        (Some(_), _) => true,
        (None, _) => first.starts_with(part),
    };
    let present = rest.iter().filter_map(|piece| match piece {
        Piece::Claim(claim) => Some(Ok(has(&claim.path, span))),
        Piece::Text(_) => None,
    });
    let side = |value: bool| {
        joined(
            present.clone().chain([Ok(constant(value, span))]).collect(),
            span,
            true,
        )
    };
    Outcome {
        holds: side(is_start),
        fails: side(!is_start),
    }
}

/// Returns the texts that a function is true for.
pub(in crate::translation) fn wanted(name: &str, part: &str, span: Span) -> Result<WantedValue, Notice> {
    let piece = || (!part.is_empty()).then(|| WildcardPiece::Text(part.into()));
    Ok(match name {
        "startsWith" => WantedValue::like(piece().into_iter().chain([WildcardPiece::Run])),
        "endsWith" => WantedValue::like([WildcardPiece::Run].into_iter().chain(piece())),
        "contains" => {
            let pieces = [WildcardPiece::Run].into_iter().chain(piece());
            let end = (!part.is_empty()).then_some(WildcardPiece::Run);
            WantedValue::like(pieces.chain(end))
        }
        _ => WantedValue::Matching(found(part, span)?),
    })
}

/// Returns the regex of the whole texts in which a regex of RE2 is found.
fn found(written: &str, span: Span) -> Result<Regular, Notice> {
    let refused = |reason: String| {
        let message = format!("the regex `{}` is not translated: {reason}", printable(written));
        let help = "write it with literals, classes, groups, `|`, `*`, `+`, `?`, `^` and `$` alone";
        Notice::refused("regex-not-translated", message, help, span)
    };
    let whole = GoRegex::parse(written).and_then(|regex| regex.found());
    regex(&whole.map_err(refused)?).map_err(|_| refused("it is too large".to_owned()))
}
