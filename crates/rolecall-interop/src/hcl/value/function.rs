//! Functions whose results follow from the text.
//!
//! Facts are from "Built-in Functions" of the documentation of Terraform 1.11, and that version itself.

use super::{Context, Evaluator, text_of};
use crate::document::{Node, Value};
use crate::hcl::names::Place;
use hcl_edit::expr::{Expression, FuncCall};
use rolecall_syntax::{Span, Spanned};

/// The part of an URL that AWS leaves out of the URL of a provider.
const SCHEME: &str = "https://";

impl<'c> Evaluator<'c> {
    /// Returns the result of a function.
    pub(super) fn call(&self, call: &'c FuncCall, span: Span, context: Context<'_>) -> Option<Node> {
        if !call.name.namespace.is_empty() || call.args.expand_final() {
            return None;
        }
        let arguments: Vec<&'c Expression> = call.args.iter().collect();
        let text = |expr: &'c Expression| text_of(&self.value(expr, context.at(Place::Elsewhere)));
        let result = match (call.name.name.as_str(), arguments.as_slice()) {
            ("jsonencode", [value]) => {
                // A text with an object or a list of JSON stands for its value. In other texts it would have quotes.
                let value = self.value(value, context);
                let is_value = matches!(value.node, Value::List(_) | Value::Map(_) | Value::Unknown(_));
                return is_value.then_some(value);
            }
            ("tolist", [list]) => return self.texts(list, context),
            ("toset", [list]) => return self.set(list, context),
            ("concat", [_, ..]) => return self.concatenated(&arguments, span, context),
            ("replace", [whole, part, other]) => {
                let (part, other) = (text(part)?, text(other)?);
                // A part between slashes is a regular expression.
                if part.is_empty() || (part.starts_with('/') && part.ends_with('/')) {
                    return None;
                }
                let whole = self.with_scheme(whole, part == SCHEME && other.is_empty(), context)?;
                let count = whole.matches(&part).count();
                self.spend(count.saturating_mul(other.len()))?;
                whole.replace(&part, &other)
            }
            ("trimprefix", [whole, prefix]) => {
                let prefix = text(prefix)?;
                let whole = self.with_scheme(whole, prefix == SCHEME, context)?;
                whole.strip_prefix(&prefix).unwrap_or(&whole).to_owned()
            }
            ("trimsuffix", [whole, suffix]) => {
                let (whole, suffix) = (text(whole)?, text(suffix)?);
                whole.strip_suffix(&suffix).unwrap_or(&whole).to_owned()
            }
            ("join", [separator, list]) => {
                let elements = self.list(list, context.at(Place::Elsewhere))?;
                let texts: Option<Vec<String>> = elements.iter().map(text_of).collect();
                let separator = text(separator)?;
                self.spend(elements.len().saturating_mul(separator.len()))?;
                texts?.join(&separator)
            }
            ("format", [format, values @ ..]) => {
                let values: Option<Vec<String>> = values.iter().map(|value| text(value)).collect();
                formatted(&text(format)?, &values?)?
            }
            _ => return None,
        };
        self.text(result, span)
    }

    /// Returns a text. The scheme of a provider's URL matters only where it is not removed: Terraform has it before
    /// the provider exists, and AWS does not return it.
    fn with_scheme(&self, expr: &'c Expression, is_removed: bool, context: Context<'_>) -> Option<String> {
        let place = match expr {
            Expression::Traversal(_) if is_removed => Place::Host,
            _ => Place::Elsewhere,
        };
        text_of(&self.value(expr, context.at(place)))
    }

    fn list(&self, expr: &'c Expression, context: Context<'_>) -> Option<Vec<Node>> {
        match self.value(expr, context).node {
            Value::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// Returns a list of texts. Other elements have a type that all of them are converted into.
    fn texts(&self, expr: &'c Expression, context: Context<'_>) -> Option<Node> {
        let list = self.value(expr, context);
        let is_text = |element: &Node| matches!(element.node, Value::Text(_));
        let Value::List(elements) = &list.node else {
            return None;
        };
        elements.iter().all(is_text).then_some(list)
    }

    /// Returns a list as a set: sorted, each element once.
    fn set(&self, expr: &'c Expression, context: Context<'_>) -> Option<Node> {
        let mut list = self.texts(expr, context)?;
        if let Value::List(elements) = &mut list.node {
            elements.sort_by_cached_key(text_of);
            elements.dedup_by(|one, other| one.node == other.node);
        }
        Some(list)
    }

    fn concatenated(&self, lists: &[&'c Expression], span: Span, context: Context<'_>) -> Option<Node> {
        let lists: Option<Vec<Vec<Node>>> = lists.iter().map(|list| self.list(list, context)).collect();
        Some(Spanned::new(Value::List(lists?.concat()), span))
    }
}

/// Returns the text of a format that has no other verb than `%s`.
fn formatted(format: &str, values: &[String]) -> Option<String> {
    let mut values = values.iter();
    let mut text = String::new();
    let mut rest = format;
    while let Some((before, verb)) = rest.split_once('%') {
        text.push_str(before);
        match verb.chars().next()? {
            's' => text.push_str(values.next()?),
            '%' => text.push('%'),
            _ => return None,
        }
        rest = verb.get(1..)?;
    }
    text.push_str(rest);
    // Terraform refuses a value without a verb.
    values.next().is_none().then_some(text)
}
