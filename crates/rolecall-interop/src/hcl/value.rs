//! Values of expressions.

mod comprehension;
mod function;
mod reference;
mod template;

use super::names::{Names, Place};
use crate::document::{Literal, Member, Node, Value, first_unknown};
use comprehension::Bound;
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, Object, ObjectKey};
use rolecall_syntax::{Span, Spanned};
use std::cell::Cell;
use std::ops::Range;
use template::interpolated;

/// The deepest nesting of expressions and of local values in each other.
const MAX_LEVELS: usize = 64;

/// The largest size of the values of a configuration, in bytes of texts. A local value counts each time that it is used.
const MAX_SIZE: usize = 4 * 1024 * 1024;

/// The size of a value without its text.
const SIZE: usize = 16;

/// The evaluation of expressions in a configuration.
pub(super) struct Evaluator<'c> {
    pub(super) text: &'c str,
    names: &'c Names<'c>,
    /// The size of the values that may still be read.
    left: Cell<usize>,
}

/// The expressions around a value.
#[derive(Clone, Copy)]
pub(super) struct Context<'b> {
    pub(super) place: Place,
    /// The levels that are left.
    levels: usize,
    /// The innermost variables of `for`.
    bound: Option<&'b Bound<'b>>,
}

impl Context<'_> {
    /// Returns the context of an expression that is in no other one.
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            levels: MAX_LEVELS,
            bound: None,
        }
    }

    fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }

    /// Returns the context of another expression, which has no variables.
    fn outside(self) -> Self {
        let bound = None;
        Self { bound, ..self }
    }

    fn inner(self) -> Option<Self> {
        let levels = self.levels.checked_sub(1)?;
        Some(Self { levels, ..self })
    }
}

impl<'c> Evaluator<'c> {
    pub(super) fn new(text: &'c str, names: &'c Names<'c>) -> Self {
        let left = Cell::new(MAX_SIZE);
        Self { text, names, left }
    }

    /// Returns the value of an expression. What the configuration does not say is unknown.
    pub(super) fn value(&self, expr: &'c Expression, context: Context<'_>) -> Node {
        let inner = context.inner().filter(|_| self.spend(SIZE).is_some());
        let node = match inner {
            Some(inner) => self
                .known(expr, inner)
                .unwrap_or_else(|| self.unknown(expr, inner)),
            None => self.as_written(expr),
        };
        match (&node.node, context.place) {
            // A principal that is not a provider is for no token, whatever its name is.
            (Value::Unknown(needed), Place::Principal) => {
                let name = Value::Text(format!("${{{needed}}}"));
                Spanned::new(name, node.span)
            }
            _ => node,
        }
    }

    /// Takes a size from what is left.
    fn spend(&self, size: usize) -> Option<()> {
        let left = self.left.get();
        self.left.set(left.saturating_sub(size));
        (left >= size).then_some(())
    }

    /// Returns a value that is a text.
    fn text(&self, text: String, span: Span) -> Option<Node> {
        self.spend(text.len())?;
        Literal::is_normal(&text).then(|| Spanned::new(Value::Text(text), span))
    }

    fn known(&self, expr: &'c Expression, context: Context<'_>) -> Option<Node> {
        let span = span(expr);
        let value = match expr {
            Expression::Null(_) => Value::Null,
            Expression::Bool(value) => Value::Bool(*value.value()),
            Expression::Number(_) => Value::Number(number(span.text(self.text))?),
            Expression::String(parsed) => {
                // The text counts only if two readers agree about it.
                let literal = Literal::quoted(span.text(self.text))?;
                let same = Some(literal.text).filter(|text| text == parsed.value())?;
                return self.text(same, span);
            }
            Expression::Array(array) => {
                let elements = array.iter().map(|element| self.value(element, context));
                Value::List(elements.collect())
            }
            Expression::Object(object) => Value::Map(self.members(object, context)?),
            Expression::StringTemplate(template) => return self.template(template, span, true, context),
            Expression::HeredocTemplate(heredoc) => match Literal::heredoc(span.text(self.text)) {
                Some(literal) => return self.text(literal.text, span),
                None => return self.template(&heredoc.template, span, false, context),
            },
            Expression::Parenthesis(inner) => return Some(self.value(inner.inner(), context)),
            Expression::ForExpr(each) => return self.comprehension(each, span, context),
            Expression::FuncCall(call) => return self.call(call, span, context),
            Expression::Traversal(traversal) => return self.reference(traversal, span, context),
            Expression::Variable(name) => return self.copied(context.variable(name.as_str())?, span),
            _ => return None,
        };
        Some(Spanned::new(value, span))
    }

    /// Returns the members of an object, unless a name is unknown.
    fn members(&self, object: &'c Object, context: Context<'_>) -> Option<Vec<Member>> {
        let members = object.iter().map(|(key, value)| {
            let name = match key {
                ObjectKey::Ident(name) => Spanned::new(name.as_str().to_owned(), located(name.span())),
                ObjectKey::Expression(name) => {
                    let name = self.value(name, context.at(Place::Elsewhere));
                    Spanned::new(text_of(&name)?, name.span)
                }
            };
            let place = match name.as_str() {
                "AWS" | "CanonicalUser" | "Service" => Place::Principal,
                "Federated" => Place::Provider,
                _ => Place::Elsewhere,
            };
            let value = self.value(value.expr(), context.at(place));
            Some(Member { name, value })
        });
        members.collect()
    }

    /// Returns the first part of an expression without a value, or else the expression.
    fn unknown(&self, expr: &'c Expression, context: Context<'_>) -> Node {
        let context = context.at(Place::Elsewhere);
        let parts = parts(expr);
        let found = parts.into_iter().find_map(|part| {
            let value = self.value(part, context);
            let unknown = first_unknown(&value)?;
            let needed = Value::Unknown(unknown.node.to_owned());
            Some(Spanned::new(needed, unknown.span))
        });
        found.unwrap_or_else(|| self.as_written(expr))
    }

    fn as_written(&self, expr: &Expression) -> Node {
        let span = span(expr);
        let written = match expr {
            Expression::FuncCall(call) => format!("{}(…)", call.name.name.as_str()),
            _ => span.text(self.text).to_owned(),
        };
        Spanned::new(Value::Unknown(written), span)
    }
}

/// Returns the expressions that the value of another one depends on.
fn parts(expr: &Expression) -> Vec<&Expression> {
    match expr {
        Expression::BinaryOp(operation) => vec![&operation.lhs_expr, &operation.rhs_expr],
        Expression::Conditional(choice) => vec![&choice.cond_expr, &choice.true_expr, &choice.false_expr],
        Expression::ForExpr(each) => vec![&each.intro.collection_expr],
        Expression::FuncCall(call) => call.args.iter().collect(),
        Expression::HeredocTemplate(heredoc) => interpolated(&heredoc.template),
        Expression::Object(object) => object.iter().filter_map(|(key, _)| key.as_expr()).collect(),
        Expression::StringTemplate(template) => interpolated(template),
        Expression::UnaryOp(operation) => vec![&operation.expr],
        _ => Vec::new(),
    }
}

/// Returns a number as JSON has it, if it is an integer that is written in one way alone.
fn number(written: &str) -> Option<String> {
    let digits = written.strip_prefix('-').unwrap_or(written);
    let is_plain =
        digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    (is_plain && written != "-0").then(|| written.to_owned())
}

/// Returns a value as the text that Terraform converts it into.
pub(super) fn text_of(node: &Node) -> Option<String> {
    match &node.node {
        Value::Text(text) | Value::Number(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// Returns a value whose parts are all at one location.
fn moved(node: Node, span: Span) -> Node {
    let value = match node.node {
        Value::List(elements) => {
            Value::List(elements.into_iter().map(|element| moved(element, span)).collect())
        }
        Value::Map(members) => {
            let members = members.into_iter().map(|member| Member {
                name: Spanned::new(member.name.node, span),
                value: moved(member.value, span),
            });
            Value::Map(members.collect())
        }
        other => other,
    };
    Spanned::new(value, span)
}

/// Returns the location of an expression.
pub(super) fn span(expr: &Expression) -> Span {
    located(expr.span())
}

/// Returns a location of the parser, which gives one to each part that it has read.
pub(super) fn located(range: Option<Range<usize>>) -> Span {
    debug_assert!(range.is_some(), "a part has a location");
    range.map_or_else(Span::default, |range| Span::new(range.start, range.end))
}
