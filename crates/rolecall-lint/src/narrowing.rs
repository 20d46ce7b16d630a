//! Fixes that ask a clause for more.

use crate::clause::ClauseView;
use crate::finding::{Edit, Fix, Safety};
use crate::linting::Linting;
use rolecall_engine::Location;
use rolecall_syntax::Span;
use rolecall_syntax::ast::{Expr, ExprAt, Item, RoleMember};

impl Linting<'_, '_> {
    /// The fix that writes one more condition at the end of a clause. It narrows, so it is never safe.
    pub(crate) fn ask_also(&self, view: &ClauseView<'_>, condition: &str) -> Option<Fix> {
        let clause = view.clause.location;
        let at = |offset| Location::new(clause.file, Span::at(offset));
        let edits = match self.when(clause)? {
            None => vec![Edit::new(at(view.head.span.end), format!(" when {condition}"))],
            // `&&` and `||` side by side need parentheses.
            Some(when) if matches!(when.node, Expr::Any(_)) => vec![
                Edit::new(at(when.span.start), "("),
                Edit::new(at(when.span.end), format!(") && {condition}")),
            ],
            Some(when) => vec![Edit::new(at(when.span.end), format!(" && {condition}"))],
        };
        Some(Fix::new(
            Safety::Unsafe,
            format!("ask for `{condition}` as well"),
            edits,
        ))
    }

    /// The condition of the clause at a place; `Some(None)` if it has none.
    fn when(&self, clause: Location) -> Option<Option<&ExprAt>> {
        let file = self.trees.files.get(clause.file)?;
        let roles = file.items.iter().filter_map(|item| match &item.node {
            Item::Role(role) if item.span.start <= clause.span.start && clause.span.end <= item.span.end => {
                Some(role)
            }
            _ => None,
        });
        let mut members = roles.flat_map(|role| &role.members);
        members.find_map(|member| match &member.node {
            RoleMember::Allow(allow) if member.span == clause.span => Some(allow.when.as_ref()),
            _ => None,
        })
    }
}
