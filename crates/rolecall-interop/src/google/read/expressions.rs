//! Reading of expressions.

use super::fields::Fields;
use crate::cel::{ExprAt, odd_parts, parse_at};
use crate::document::Embedded;
use rolecall_syntax::{Span, Spanned};

/// Reads an expression of at most so many characters.
pub(super) fn expression(fields: &mut Fields<'_>, written: &Spanned<String>, most: usize) -> Option<ExprAt> {
    let characters = written.chars().count();
    if characters > most {
        let message = format!("the expression has {characters} characters, Google takes {most}");
        fields.refuse("expression-too-long", message, "write it shorter", written.span);
        return None;
    }
    let embedded = Embedded::literal(fields.source, written.span).ok();
    let embedded = embedded.filter(|embedded| embedded.text() == written.as_str());
    let place = |span: Span| match &embedded {
        Some(embedded) => embedded.place(span),
        None => written.span,
    };
    match parse_at(written, &place) {
        Ok(expr) => {
            odd_parts(&expr, &mut fields.notices);
            Some(expr)
        }
        Err(error) => {
            let help = "check the expression: https://cel.dev describes the language";
            fields.refuse("not-an-expression", error.message, help, error.span);
            None
        }
    }
}
