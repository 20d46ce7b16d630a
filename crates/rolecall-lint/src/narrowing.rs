//! Fixes that add a condition to a clause.

use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::fix::{Edit, Fix};
use crate::severity::Safety;
use rolecall_engine::Location;
use rolecall_syntax::Span;
use rolecall_syntax::ast::Expr;

/// Returns the fix that adds a condition at the end of a clause. It narrows the clause, so it is never safe.
pub(crate) fn require(context: &RuleContext<'_, '_>, view: &ClauseView<'_>, condition: &str) -> Option<Fix> {
    let clause = view.clause.location;
    let at = |offset| Location::new(clause.file(), Span::at(offset));
    let edits = match &context.trees.clause(clause)?.when {
        None => vec![Edit::new(at(view.head.span().end), format!(" when {condition}"))],
        // `&&` and `||` side by side need parentheses.
        Some(when) if matches!(when.node, Expr::Any(_)) => vec![
            Edit::new(at(when.span.start), "("),
            Edit::new(at(when.span.end), format!(") && {condition}")),
        ],
        Some(when) => vec![Edit::new(at(when.span.end), format!(" && {condition}"))],
    };
    Some(Fix::new(
        Safety::Unsafe,
        format!("also require `{condition}`"),
        edits,
    ))
}
