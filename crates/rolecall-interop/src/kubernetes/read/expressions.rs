//! Reading of expressions.

use super::fields::Fields;
use crate::cel::{Expr, ExprAt, odd_parts, parse_at};
use crate::document::Embedded;
use rolecall_syntax::{Span, Spanned};

/// Reads an expression. Nothing is returned without a notice.
pub(super) fn expression(fields: &mut Fields<'_>, written: &Spanned<String>) -> Option<ExprAt> {
    let place = places(fields.source, written);
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

/// Reads an expression that is true or false. The API server checks its type before there is a token.
pub(super) fn rule(fields: &mut Fields<'_>, written: &Spanned<String>) -> Option<ExprAt> {
    let rule = expression(fields, written)?;
    if !is_boolean(&rule) {
        let message = "the API server refuses a rule whose type is not boolean";
        let help = "compare the value: `claims.NAME == true`, or `claims.NAME == '…'`";
        fields.invalid(message, help, rule.span);
    }
    Some(rule)
}

/// Returns whether an expression can be of the type `bool`. Names are of other types: a claim has any value.
fn is_boolean(expr: &ExprAt) -> bool {
    match &expr.node {
        Expr::All(_) | Expr::Any(_) | Expr::Bool(_) | Expr::Compare(_) | Expr::Not(_) => true,
        Expr::Call(call) => !["lowerAscii", "upperAscii"].contains(&call.name.as_str()),
        Expr::Choice(parts) => {
            let [_, then, other] = parts.as_ref();
            is_boolean(then) && is_boolean(other)
        }
        _ => false,
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

/// Returns whether an expression has `claims.FIELD`, as the API server looks for it. `claims["FIELD"]` is not found.
pub(super) fn has_claim(expr: &ExprAt, field: &str) -> bool {
    has_part(expr, &|part| match part {
        Expr::Select(select) => is_name(&select.target.node, "claims") && select.field.node == field,
        _ => false,
    })
}

/// Returns whether an expression has a name.
pub(super) fn has_name(expr: &ExprAt, name: &str) -> bool {
    has_part(expr, &|part| is_name(part, name))
}

fn is_name(expr: &Expr, wanted: &str) -> bool {
    matches!(expr, Expr::Name(name) if name == wanted)
}

/// Returns whether a part of an expression is wanted. The depth of a tree is bounded.
fn has_part(expr: &ExprAt, is_wanted: &dyn Fn(&Expr) -> bool) -> bool {
    let has = |part: &ExprAt| has_part(part, is_wanted);
    let is_inside = match &expr.node {
        Expr::All(parts) | Expr::Any(parts) | Expr::List(parts) | Expr::Sum(parts) => parts.iter().any(has),
        Expr::Choice(parts) => parts.iter().any(has),
        Expr::Index(parts) => parts.iter().any(has),
        Expr::Not(part) => has(part),
        Expr::Compare(comparison) => has(&comparison.left) || has(&comparison.right),
        Expr::Select(select) => has(&select.target),
        Expr::Call(call) => call.target.iter().chain(&call.arguments).any(has),
        _ => false,
    };
    is_inside || is_wanted(&expr.node)
}
