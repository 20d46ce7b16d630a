//! Parser: text to tree.

use super::build::Builder;
use super::error::{CelError, MAX_DEPTH, too_deep};
use super::grammar::{Grammar, Rule};
use super::tree::ExprAt;
use pest::Parser;
use pest::error::InputLocation;
use rolecall_syntax::Span;

/// The longest text, in characters: that of a condition of Google Cloud.
pub const MAX_CHARACTERS: usize = 4096;

/// The deepest nesting of brackets. Other implementations take at least 32 levels.
const MAX_BRACKETS: usize = 32;

/// Parses an expression.
///
/// # Errors
///
/// The text is not an expression, or is too long or nested too deeply.
pub fn parse(text: &str) -> Result<ExprAt, CelError> {
    parse_at(text, &|span| span)
}

/// Parses an expression inside another text, in which `place` finds its parts.
pub(crate) fn parse_at(text: &str, place: &dyn Fn(Span) -> Span) -> Result<ExprAt, CelError> {
    let error = |message: String, span| CelError {
        message,
        span: place(span),
    };
    let whole = Span::new(0, text.len());
    let characters = text.chars().count();
    if characters > MAX_CHARACTERS {
        let message = format!("the expression has {characters} characters, the limit is {MAX_CHARACTERS}");
        return Err(error(message, whole));
    }
    if brackets(text) > MAX_BRACKETS {
        return Err(error(too_deep(), whole));
    }
    let mut pairs = Grammar::parse(Rule::text, text).map_err(|fault| {
        let at = match fault.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        error(
            "the text is not an expression of CEL from here on".to_owned(),
            Span::at(at),
        )
    })?;
    let whole = pairs.next().ok_or_else(|| error(too_deep(), whole))?;
    Builder { place }.expr(&whole, MAX_DEPTH)
}

/// Returns the deepest nesting of brackets. Those in literals count, too.
fn brackets(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth = depth.saturating_add(1),
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}
