//! Attributes of instances.

use crate::document::{DocumentError, Json, Member, Members, Node, Value};
use rolecall_syntax::{Span, Spanned};
use std::mem;

/// The attributes of an instance.
pub(super) enum Values<'a> {
    /// Those of a state or a plan. They stay raw text, because most of them are never read.
    Raw(Json<'a>),
    /// Those of a configuration, with the expressions that have no value there.
    Tree(Node),
}

impl Values<'_> {
    /// Returns the location of all attributes.
    pub(super) fn span(&self) -> Span {
        match self {
            Self::Raw(json) => json.span(),
            Self::Tree(node) => node.span,
        }
    }

    /// Returns the first attribute with a name, and the location of the name of a second one.
    pub(super) fn get(&self, name: &str) -> Result<(Option<Node>, Option<Span>), DocumentError> {
        match self {
            Self::Raw(json) => {
                let members = Members::of(*json)?;
                let first = members.get(name).map(Json::node).transpose()?;
                Ok((first, members.second(name)))
            }
            Self::Tree(node) => {
                let members = node.as_map().unwrap_or_default().iter();
                let mut found = members.filter(|member| member.name.node == name);
                let first = found.next().map(|member| member.value.clone());
                Ok((first, found.next().map(|member| member.name.span)))
            }
        }
    }

    /// Returns all attributes.
    pub(super) fn node(&self) -> Result<Node, DocumentError> {
        match self {
            Self::Raw(json) => json.node(),
            Self::Tree(node) => Ok(node.clone()),
        }
    }
}

/// Returns a value of a plan in which the parts that are known after apply are unknown: those that have `true` in another
/// tree.
pub(super) fn marked(node: Node, unknown: &Node) -> Node {
    let Spanned { node: value, span } = node;
    let value = match (value, &unknown.node) {
        (_, Value::Bool(true)) => Value::Unknown(String::new()),
        (Value::List(elements), Value::List(unknown)) => {
            let mut unknown = unknown.iter();
            let elements = elements.into_iter().map(|element| match unknown.next() {
                Some(unknown) => marked(element, unknown),
                None => element,
            });
            Value::List(elements.collect())
        }
        (Value::Map(mut members), Value::Map(unknown)) => {
            for Member { name, value } in unknown {
                let nothing = Spanned::new(Value::Null, Span::at(span.start));
                match members.iter_mut().find(|member| member.name.node == name.node) {
                    Some(member) => member.value = marked(mem::replace(&mut member.value, nothing), value),
                    None => {
                        let name = Spanned::new(name.node.clone(), Span::at(span.start));
                        let value = marked(nothing, value);
                        members.push(Member { name, value });
                    }
                }
            }
            Value::Map(members)
        }
        (value, _) => value,
    };
    Spanned::new(value, span)
}
