//! Reading of expressions, and reports of parts that probably mean something else than they should.

use super::fields::Fields;
use crate::cel::{Call, Expr, ExprAt, parse_at};
use crate::document::Embedded;
use crate::go_regex::GoRegex;
use crate::notice::printable;
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
            report(fields, &expr);
            Some(expr)
        }
        Err(error) => {
            let help = "check the expression: https://cel.dev describes the language";
            fields.refuse("not-an-expression", error.message, help, error.span);
            None
        }
    }
}

/// Reports parts of an expression. The depth of a tree is bounded.
fn report(fields: &mut Fields<'_>, expr: &ExprAt) {
    match &expr.node {
        Expr::All(parts) | Expr::Any(parts) | Expr::List(parts) | Expr::Sum(parts) => {
            parts.iter().for_each(|part| report(fields, part));
        }
        Expr::Choice(parts) => parts.iter().for_each(|part| report(fields, part)),
        Expr::Index(parts) => parts.iter().for_each(|part| report(fields, part)),
        Expr::Not(part) => report(fields, part),
        Expr::Compare(comparison) => {
            report(fields, &comparison.left);
            report(fields, &comparison.right);
        }
        Expr::Select(select) => report(fields, &select.target),
        Expr::Call(call) => {
            report_call(fields, call);
            let parts = call.target.iter().chain(&call.arguments);
            parts.for_each(|part| report(fields, part));
        }
        _ => {}
    }
}

fn report_call(fields: &mut Fields<'_>, call: &Call) {
    // `matches(a, 'regex')` is `a.matches('regex')`.
    let Some(argument) = call.arguments.last() else {
        return;
    };
    let (Expr::Text(text), span) = (&argument.node, argument.span) else {
        return;
    };
    match call.name.as_str() {
        "matches" => report_regex(fields, text, span),
        "extract" if text.split_once('}').is_some_and(|(_, end)| !end.is_empty()) => {
            let end = text.split_once('}').map_or("", |(_, end)| end);
            let message = format!(
                "`extract` gives an empty text for a value without `{}` after the part",
                printable(end)
            );
            let help = "end the template with `}`, which takes all that is left";
            fields.report("extract-to-text", message, help, span);
        }
        "startsWith" | "endsWith" | "contains" if text.contains('*') => {
            let message = format!("the `*` in `{}` is a character", printable(text));
            fields.report("wildcard-in-equality", message, "remove the `*`", span);
        }
        _ => {}
    }
}

/// Reports parts of a regex that match more than they seem to.
fn report_regex(fields: &mut Fields<'_>, regex: &str, span: Span) {
    let parsed = GoRegex::parse(regex).ok();
    let is_alternation = parsed.as_ref().is_some_and(GoRegex::is_alternation);
    if !regex.starts_with('^') || !regex.ends_with('$') || is_alternation {
        let message = format!("`{}` is searched anywhere in the value", printable(regex));
        let help = "write `^(?:` before it and `)$` after it, or use `==` or `startsWith`";
        fields.report("regex-not-anchored", message, help, span);
    }
    if parsed.is_some_and(|regex| regex.has_dot_in_name()) {
        let message = format!("the `.` in `{}` stands for any character", printable(regex));
        let help = "write `[.]` for a dot";
        fields.report("unescaped-dot", message, help, span);
    }
}
