//! Documents in JSON or YAML: trees of values with their locations.

mod embedded;
mod json;
mod literal;
mod members;
mod yaml;

pub(crate) use embedded::Embedded;
pub(crate) use json::json_inside;
pub use json::{Json, MAX_BYTES, json, json_in};
pub(crate) use literal::Literal;
pub(crate) use members::Members;
pub(crate) use yaml::comments;
pub use yaml::yaml;
pub(crate) use yaml::yaml_of_template;

use rolecall_syntax::{Span, Spanned};
use std::borrow::Cow;
use std::collections::HashSet;

/// A value and its location.
pub type Node = Spanned<Value>;

/// A value of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A text, without escapes.
    Text(String),
    /// A plain scalar of YAML, as written, that is a text, a number or a boolean depending on the version of
    /// YAML. JSON has none.
    Unsettled(String),
    /// An expression of Terraform, as written, whose value the document does not have. JSON and YAML have none.
    Unknown(String),
    /// The elements, in the order of the text.
    List(Vec<Node>),
    /// The members, in the order of the text. Names can occur more than once.
    Map(Vec<Member>),
}

impl Value {
    /// Returns the text, if the value is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the elements, if the value is a list.
    pub fn as_list(&self) -> Option<&[Node]> {
        match self {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// Returns the members, if the value is a map.
    pub fn as_map(&self) -> Option<&[Member]> {
        match self {
            Self::Map(members) => Some(members),
            _ => None,
        }
    }

    /// Returns the values of the members with a name, in the order of the text. A value that is not a map has
    /// none.
    pub fn named<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a Node> {
        let members = self.as_map().unwrap_or_default().iter();
        members.filter_map(move |member| (member.name.node == name).then_some(&member.value))
    }

    /// Returns the kind of the value, for messages: "a text".
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Unsettled(_) => "a text or another value, depending on the version of YAML",
            Self::Unknown(_) => "a value that is not in the document",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

/// Returns the first part of a value that is an expression without a value.
pub(crate) fn first_unknown(node: &Node) -> Option<Spanned<&str>> {
    match &node.node {
        Value::Unknown(expression) => Some(Spanned::new(expression, node.span)),
        Value::List(elements) => elements.iter().find_map(first_unknown),
        Value::Map(members) => members.iter().find_map(|member| first_unknown(&member.value)),
        _ => None,
    }
}

/// A member of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name.
    pub name: Spanned<String>,
    /// The value.
    pub value: Node,
}

/// Returns the names that an earlier member of the same map has, without regard to the case of ASCII letters if
/// `folds`.
pub(crate) fn repeated(members: &[Member], folds: bool) -> impl Iterator<Item = &Spanned<String>> {
    let mut seen = HashSet::new();
    members.iter().map(|member| &member.name).filter(move |name| {
        !seen.insert(match folds {
            true => Cow::Owned(name.to_ascii_lowercase()),
            false => Cow::Borrowed(name.as_str()),
        })
    })
}

/// The reason why a text is not a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentError {
    /// The message, without the location.
    pub message: String,
    /// The location of the fault.
    pub span: Span,
}
