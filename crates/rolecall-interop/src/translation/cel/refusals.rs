//! Notices about parts that are not translated.

use crate::cel::{Expr, ExprAt};
use crate::notice::{Notice, printable};
use rolecall_syntax::Span;

/// Refuses a function.
pub(in crate::translation) fn function(name: &str, span: Span) -> Notice {
    let message = format!("`{}` is not translated here", printable(name));
    let help = "compare the claim itself by `==`, `startsWith`, `endsWith`, `contains`, `matches` or `in`";
    Notice::refused("function-not-translated", message, help, span)
}

/// Refuses an expression that has no translation where it stands.
pub(in crate::translation) fn untranslated(expr: &ExprAt, span: Span) -> Notice {
    let message = match &expr.node {
        Expr::Other(what) => format!("{what} is not translated"),
        Expr::Name(name) => format!("`{}` is not a name that the source has", printable(name)),
        _ => "the expression is not translated here".to_owned(),
    };
    let help = "compare claims with texts, and join the comparisons by `&&` and `||`";
    Notice::refused("expression-not-translated", message, help, span)
}

pub(in crate::translation) fn audience(token: &str, span: Span) -> Notice {
    let message = format!("`{token}.aud` may be a text or a list, which are one here");
    let help = "list the audiences outside of the condition, and leave them out of it";
    Notice::refused("audience-compared", message, help, span)
}
