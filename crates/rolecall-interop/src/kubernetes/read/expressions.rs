//! Reading of expressions.

use crate::cel::{self, Expr, ExprAt};
use crate::fields::Fields;
use rolecall_syntax::Spanned;

/// Reads an expression. Nothing is returned without a notice.
pub(super) fn expression(fields: &mut Fields<'_>, written: &Spanned<String>) -> Option<ExprAt> {
    cel::read(fields.text, written, &mut fields.notices)
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
