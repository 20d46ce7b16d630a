//! Values of `for` that are lists.

use super::{Context, Evaluator, moved};
use crate::document::{Member, Node, Value};
use crate::hcl::names::Place;
use hcl_edit::expr::ForExpr;
use rolecall_syntax::{Span, Spanned};

/// A variable of `for`, and those around it.
pub(super) struct Bound<'b> {
    name: &'b str,
    value: &'b Node,
    outer: Option<&'b Self>,
}

impl<'b> Context<'b> {
    /// Returns the context with another variable.
    fn with<'i>(self, bound: &'i Bound<'i>) -> Context<'i>
    where
        'b: 'i,
    {
        let bound = Some(bound);
        Context { bound, ..self }
    }

    /// Returns the value of the innermost variable of a name.
    pub(super) fn variable(self, name: &str) -> Option<&'b Node> {
        let mut next = self.bound;
        while let Some(bound) = next {
            if bound.name == name {
                return Some(bound.value);
            }
            next = bound.outer;
        }
        None
    }
}

impl<'c> Evaluator<'c> {
    /// Returns the list of a `for` without a condition.
    pub(super) fn comprehension(&self, each: &'c ForExpr, span: Span, context: Context<'_>) -> Option<Node> {
        if each.key_expr.is_some() || each.cond.is_some() {
            return None;
        }
        let collection = self.value(&each.intro.collection_expr, context.at(Place::Elsewhere));
        let element = |(key, value): (Option<Node>, Node)| {
            let bound = Bound {
                name: each.intro.value_var.as_str(),
                value: &value,
                outer: context.bound,
            };
            let Some(name) = &each.intro.key_var else {
                return Some(self.value(&each.value_expr, context.with(&bound)));
            };
            let of_key = Bound {
                name: name.as_str(),
                value: key.as_ref()?,
                outer: Some(&bound),
            };
            Some(self.value(&each.value_expr, context.with(&of_key)))
        };
        let elements: Option<Vec<Node>> = entries(collection)?.into_iter().map(element).collect();
        Some(Spanned::new(Value::List(elements?), span))
    }

    /// Returns the value of a variable, at the location of its use.
    pub(super) fn copied(&self, value: &Node, span: Span) -> Option<Node> {
        self.spend(size(value))?;
        Some(moved(value.clone(), span))
    }
}

/// Returns the keys and values of a collection, in the order of Terraform.
fn entries(collection: Node) -> Option<Vec<(Option<Node>, Node)>> {
    match collection.node {
        // The keys of a list are numbers, and those of a set its elements, which look the same here.
        Value::List(elements) => Some(elements.into_iter().map(|value| (None, value)).collect()),
        Value::Map(mut members) => {
            members.sort_by(|one, other| one.name.node.cmp(&other.name.node));
            let entry = |member: Member| {
                let name = member.name;
                (
                    Some(Spanned::new(Value::Text(name.node), name.span)),
                    member.value,
                )
            };
            Some(members.into_iter().map(entry).collect())
        }
        _ => None,
    }
}

/// Returns the size of a value in the budget.
fn size(node: &Node) -> usize {
    let inner = match &node.node {
        Value::Text(text) | Value::Number(text) | Value::Unknown(text) => text.len(),
        Value::List(elements) => elements.iter().map(size).sum(),
        Value::Map(members) => {
            let sizes = members
                .iter()
                .map(|member| member.name.node.len().saturating_add(size(&member.value)));
            sizes.sum()
        }
        _ => 0,
    };
    inner.saturating_add(super::SIZE)
}
