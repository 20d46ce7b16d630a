//! Documents in JSON or YAML: trees of values with their locations.

use rolecall_syntax::{Span, Spanned};

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
    /// The elements, in the order of the text.
    List(Vec<Node>),
    /// The members, in the order of the text. Names can occur more than once.
    Map(Vec<Member>),
}

/// A member of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name.
    pub name: Spanned<String>,
    /// The value.
    pub value: Node,
}

/// The reason why a text is not a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentError {
    /// The message, without the location.
    pub message: String,
    /// The location of the fault.
    pub span: Span,
}
