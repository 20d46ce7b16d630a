//! References: to local values, to attributes of resources, and to variables of `for`.

use super::{Context, Evaluator, moved};
use crate::document::{Node, Value};
use crate::hcl::names::Place;
use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use rolecall_syntax::Span;

impl<'c> Evaluator<'c> {
    /// Returns the value of a reference with operators. Its location is the reference, wherever the value stands.
    pub(super) fn reference(
        &self,
        traversal: &'c Traversal,
        span: Span,
        context: Context<'_>,
    ) -> Option<Node> {
        let Expression::Variable(root) = &traversal.expr else {
            return None;
        };
        let operators: Vec<&TraversalOperator> = traversal
            .operators
            .iter()
            .map(hcl_edit::Decorated::value)
            .collect();
        if let Some(value) = context.variable(root.as_str()) {
            return self.copied(self.part(value, &operators, context)?, span);
        }
        // The variables of a `for` are not those of another expression.
        let context = context.outside();
        match (root.as_str(), operators.as_slice()) {
            ("local", [TraversalOperator::GetAttr(name), rest @ ..]) => {
                let value = self.value(self.names.local(name)?, context);
                Some(moved(self.part(&value, rest, context)?.clone(), span))
            }
            ("data", [TraversalOperator::GetAttr(kind), rest @ ..]) => {
                self.attribute((true, kind.as_str()), rest, span, context)
            }
            (kind, rest) => self.attribute((false, kind), rest, span, context),
        }
    }

    /// Returns the value of an attribute of a resource, from its operators.
    fn attribute(
        &self,
        (is_data, kind): (bool, &'c str),
        operators: &[&'c TraversalOperator],
        span: Span,
        context: Context<'_>,
    ) -> Option<Node> {
        let (name, attribute) = match operators {
            [
                TraversalOperator::GetAttr(name),
                TraversalOperator::GetAttr(attribute),
            ]
            | [
                TraversalOperator::GetAttr(name),
                TraversalOperator::Index(_),
                TraversalOperator::GetAttr(attribute),
            ] => (name.as_str(), attribute),
            _ => return None,
        };
        let body = self.names.resource(is_data, kind, name);
        let given = |name: &str| {
            // A resource of another file sets each attribute to a value that is not known.
            let Some(body) = body else {
                return Some(Value::Unknown(String::new()));
            };
            let expr = &body.get_attribute(name)?.value;
            Some(self.value(expr, context.at(Place::Elsewhere)).node).filter(|value| *value != Value::Null)
        };
        let text = (self.names.kinds.attribute)(kind, attribute.as_str(), context.place, &given)?;
        self.text(text, span)
    }

    /// Returns a part of a value.
    fn part<'v>(
        &self,
        value: &'v Node,
        operators: &[&'c TraversalOperator],
        context: Context<'_>,
    ) -> Option<&'v Node> {
        operators.iter().try_fold(value, |value, operator| {
            let key = match operator {
                TraversalOperator::GetAttr(name) => Value::Text(name.as_str().to_owned()),
                TraversalOperator::Index(index) => self.value(index, context.at(Place::Elsewhere)).node,
                _ => return None,
            };
            match (&value.node, key) {
                (Value::List(elements), Value::Number(index)) => elements.get(index.parse::<usize>().ok()?),
                (Value::Map(members), Value::Text(name)) => {
                    let member = members.iter().rfind(|member| member.name.node == name)?;
                    Some(&member.value)
                }
                _ => None,
            }
        })
    }
}
