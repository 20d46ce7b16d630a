//! Reports of parts of an expression that probably mean something else than they should.

use super::tree::{Call, Expr, ExprAt};
use crate::go_regex::GoRegex;
use crate::notice::{Notice, printable};
use rolecall_syntax::Span;

/// Reports parts of an expression. The depth of a tree is bounded.
pub(crate) fn odd_parts(expr: &ExprAt, notices: &mut Vec<Notice>) {
    match &expr.node {
        Expr::All(parts) | Expr::Any(parts) | Expr::List(parts) | Expr::Sum(parts) => {
            parts.iter().for_each(|part| odd_parts(part, notices));
        }
        Expr::Choice(parts) => parts.iter().for_each(|part| odd_parts(part, notices)),
        Expr::Index(parts) => parts.iter().for_each(|part| odd_parts(part, notices)),
        Expr::Not(part) => odd_parts(part, notices),
        Expr::Compare(comparison) => {
            odd_parts(&comparison.left, notices);
            odd_parts(&comparison.right, notices);
        }
        Expr::Select(select) => odd_parts(&select.target, notices),
        Expr::Call(call) => {
            odd_call(call, notices);
            let parts = call.target.iter().chain(&call.arguments);
            parts.for_each(|part| odd_parts(part, notices));
        }
        _ => {}
    }
}

fn odd_call(call: &Call, notices: &mut Vec<Notice>) {
    // `matches(a, 'regex')` is `a.matches('regex')`.
    let Some(argument) = call.arguments.last() else {
        return;
    };
    let (Expr::Text(text), span) = (&argument.node, argument.span) else {
        return;
    };
    match call.name.as_str() {
        "matches" => odd_regex(text, span, notices),
        "extract" if text.split_once('}').is_some_and(|(_, end)| !end.is_empty()) => {
            let end = text.split_once('}').map_or("", |(_, end)| end);
            let message = format!(
                "`extract` gives an empty text for a value without `{}` after the part",
                printable(end)
            );
            let help = "end the template with `}`, which takes all that is left";
            notices.push(Notice::odd("extract-to-text", message, help, span));
        }
        "startsWith" | "endsWith" | "contains" if text.contains('*') => {
            let message = format!("the `*` in `{}` is a character", printable(text));
            notices.push(Notice::odd(
                "wildcard-in-equality",
                message,
                "remove the `*`",
                span,
            ));
        }
        _ => {}
    }
}

/// Reports parts of a regex that match more than they seem to.
fn odd_regex(regex: &str, span: Span, notices: &mut Vec<Notice>) {
    let parsed = GoRegex::parse(regex).ok();
    let is_alternation = parsed.as_ref().is_some_and(GoRegex::is_alternation);
    if !regex.starts_with('^') || !regex.ends_with('$') || is_alternation {
        let message = format!("`{}` is searched anywhere in the value", printable(regex));
        let help = "write `^(?:` before it and `)$` after it, or use `==` or `startsWith`";
        notices.push(Notice::odd("regex-not-anchored", message, help, span));
    }
    if parsed.is_some_and(|regex| regex.has_dot_in_name()) {
        let message = format!("the `.` in `{}` stands for any character", printable(regex));
        let help = "write `[.]` for a dot";
        notices.push(Notice::odd("unescaped-dot", message, help, span));
    }
}
