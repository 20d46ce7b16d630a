//! Reading of expressions in documents.

use super::odd::odd_parts;
use super::parse::parse_at;
use super::tree::ExprAt;
use crate::document::Embedded;
use crate::notice::Notice;
use rolecall_syntax::Spanned;

/// Reads an expression in a document, with the locations of its parts there. Nothing is returned without a notice.
pub(crate) fn read(source: &str, written: &Spanned<String>, notices: &mut Vec<Notice>) -> Option<ExprAt> {
    let embedded = Embedded::of(source, written);
    match parse_at(written, &|span| embedded.place(span)) {
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
