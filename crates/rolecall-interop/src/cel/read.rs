//! Reading of expressions in documents.

use super::odd::odd_parts;
use super::parse::parse_at;
use super::tree::ExprAt;
use crate::document::Embedded;
use crate::notice::Notice;
use rolecall_syntax::{Span, Spanned};

/// Reads an expression in a document, with the locations of its parts there. Nothing is returned without a notice.
pub(crate) fn read(source: &str, written: &Spanned<String>, notices: &mut Vec<Notice>) -> Option<ExprAt> {
    match parse_at(written, &places(source, written)) {
        Ok(expr) => {
            odd_parts(&expr, notices);
            Some(expr)
        }
        Err(error) => {
            let help = "check the expression: https://cel.dev describes the language";
            notices.push(Notice::refused(
                "not-an-expression",
                error.message,
                help,
                error.span,
            ));
            None
        }
    }
}

/// Returns the function from places in a text to those in the document, where the text is written in one of the forms of
/// scalars. A text of several lines has one place.
fn places<'a>(source: &'a str, written: &'a Spanned<String>) -> impl Fn(Span) -> Span + 'a {
    let raw = written.span.text(source);
    let start = written.span.start;
    let quoted = raw.get(1..raw.len().saturating_sub(1));
    let is_quoted = quoted == Some(written.as_str());
    let offset = match raw == written.as_str() {
        true => Some(start),
        false => is_quoted.then_some(start.saturating_add(1)),
    };
    let embedded = Embedded::literal(source, written.span).ok();
    let embedded = embedded.filter(|embedded| embedded.text() == written.as_str());
    move |span: Span| match (&embedded, offset) {
        (Some(embedded), _) => embedded.place(span),
        (None, Some(offset)) => Span::new(span.start.saturating_add(offset), span.end.saturating_add(offset)),
        (None, None) => written.span,
    }
}
