//! Reading of expressions.

use crate::cel::{self, ExprAt};
use crate::fields::Fields;
use rolecall_syntax::Spanned;

/// Reads an expression of at most so many characters.
pub(super) fn expression(fields: &mut Fields<'_>, written: &Spanned<String>, most: usize) -> Option<ExprAt> {
    let characters = written.chars().count();
    if characters > most {
        let message = format!("the expression has {characters} characters, Google takes {most}");
        fields.refuse("expression-too-long", message, "write it shorter", written.span);
        return None;
    }
    cel::read(fields.text, written, &mut fields.notices)
}
