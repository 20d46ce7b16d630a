//! A JSON document as it is read: flat, in two pieces of memory, whatever it holds.

mod directory;
mod held;

use std::fmt;

use directory::Directory;
pub(crate) use held::Held;

use crate::value::{Object, Value, write_text};

/// A JSON document.
///
/// All text stands in one string, all values in one row: an object or a list is followed by what it holds. So reading a
/// token makes no map and no string for each claim, and a claim is found by looking along the row.
#[derive(Clone, Default)]
pub struct Document {
    text: String,
    nodes: Vec<Node>,
    directory: Directory,
}

/// A value and, if it is a member of an object, its name.
#[derive(Clone, Copy)]
pub(crate) struct Node {
    pub(crate) name: Span,
    pub(crate) content: Content,
}

/// A part of the text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) length: u32,
}

#[derive(Clone, Copy)]
pub(crate) enum Content {
    Bool(bool),
    Float(f64),
    Int(i64),
    /// A list, and where in the row it is over.
    List(u32),
    Null,
    /// An object, and where in the row it is over.
    Object(u32),
    Text(Span),
}

/// A value of a document.
#[derive(Clone, Copy, PartialEq)]
pub enum Json<'a> {
    /// `true` or `false`.
    Bool(bool),
    /// A number that is no integer of 64 bits. No comparison of the language ever holds on it.
    Float(f64),
    /// An integer of 64 bits.
    Int(i64),
    /// A JSON array.
    List(Items<'a>),
    /// `null`, which the language treats like an absent claim.
    Null,
    /// A JSON object.
    Object(Members<'a>),
    /// A JSON string, kept exactly: no trimming, no case folding, no Unicode normalisation.
    Text(&'a str),
}

impl Document {
    /// The document whose text and row of values these are.
    pub(crate) fn new(text: String, nodes: Vec<Node>) -> Self {
        let directory = Directory::default();
        Self {
            text,
            nodes,
            directory,
        }
        .with_directory()
    }

    /// About the bytes that its values take.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len().saturating_add(size_of_val(self.nodes.as_slice()))
    }

    /// The outermost value.
    pub fn root(&self) -> Json<'_> {
        self.json(0)
    }

    /// The members of the outermost object; none if it is no object.
    pub fn members(&self) -> Members<'_> {
        match self.root() {
            Json::Object(members) => members,
            _ => Members(self.row(0, 0)),
        }
    }

    /// The value at a place of the row.
    #[inline]
    pub(crate) fn json(&self, index: usize) -> Json<'_> {
        let Some(node) = self.nodes.get(index) else {
            return Json::Null;
        };
        match node.content {
            Content::Bool(value) => Json::Bool(value),
            Content::Float(value) => Json::Float(value),
            Content::Int(value) => Json::Int(value),
            Content::List(end) => Json::List(Items(self.row(index.saturating_add(1), end))),
            Content::Null => Json::Null,
            Content::Object(end) => Json::Object(Members(self.row(index.saturating_add(1), end))),
            Content::Text(span) => Json::Text(self.text(span)),
        }
    }

    fn row(&self, next: usize, end: u32) -> Row<'_> {
        Row {
            document: self,
            next,
            end: index(end),
        }
    }

    fn text(&self, span: Span) -> &str {
        let start = index(span.start);
        let end = start.saturating_add(index(span.length));
        self.text.get(start..end).unwrap_or_default()
    }
}

/// A number of 32 bits as an index. Where `usize` has less, no document is as long.
pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// An index as a number of 32 bits. Documents are much shorter than that.
pub(crate) fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// The values from one place of the row to another, without what they hold.
#[derive(Clone, Copy)]
struct Row<'a> {
    document: &'a Document,
    next: usize,
    end: usize,
}

impl<'a> Iterator for Row<'a> {
    type Item = (&'a Node, usize);

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let at = self.next;
        let node = self.document.nodes.get(at)?;
        self.next = match node.content {
            Content::List(end) | Content::Object(end) => index(end),
            _ => at.saturating_add(1),
        };
        Some((node, at))
    }
}

/// The items of a list, in order.
#[derive(Clone, Copy)]
pub struct Items<'a>(Row<'a>);

impl<'a> Iterator for Items<'a> {
    type Item = Json<'a>;

    fn next(&mut self) -> Option<Json<'a>> {
        let (_, at) = self.0.next()?;
        Some(self.0.document.json(at))
    }
}

/// The members of an object, in order, each name once.
#[derive(Clone, Copy)]
pub struct Members<'a>(Row<'a>);

impl<'a> Members<'a> {
    /// The value of a member, found by its exact name.
    pub fn get(&self, name: &str) -> Option<Json<'a>> {
        Some(self.0.document.json(self.place(name)?))
    }

    /// The place of a member in the row.
    fn place(&self, name: &str) -> Option<usize> {
        let document = self.0.document;
        let (_, at) = self.0.into_iter().find(|(node, _)| {
            // The length is at hand, and most names differ in it.
            index(node.name.length) == name.len() && document.text(node.name) == name
        })?;
        Some(at)
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, Json<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (node, at) = self.0.next()?;
        let document = self.0.document;
        Some((document.text(node.name), document.json(at)))
    }
}

impl<'a> Json<'a> {
    /// The text of a JSON string, or `None` for any other value.
    pub fn as_text(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl PartialEq for Items<'_> {
    fn eq(&self, other: &Self) -> bool {
        Iterator::eq(*self, *other)
    }
}

impl PartialEq for Members<'_> {
    fn eq(&self, other: &Self) -> bool {
        Iterator::eq(*self, *other)
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.root() == other.root()
    }
}

/// Writes the value as JSON on one line. Control characters and characters that change the direction of text are
/// escaped, so that a claim cannot forge a line of a terminal or a log.
impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Float(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Null => f.write_str("null"),
            Self::Text(text) => write_text(text, f),
            Self::List(items) => {
                f.write_str("[")?;
                for (position, item) in items.enumerate() {
                    write!(f, "{}{item}", if position == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                for (position, (name, value)) in members.enumerate() {
                    f.write_str(if position == 0 { "" } else { ", " })?;
                    write_text(name, f)?;
                    write!(f, ": {value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Items<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Json::List(*self), f)
    }
}

impl fmt::Debug for Members<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Json::Object(*self), f)
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.root(), f)
    }
}

impl From<&Value> for Document {
    fn from(value: &Value) -> Self {
        let mut document = Self::default();
        document.push("", value);
        document.with_directory()
    }
}

impl From<&Object> for Document {
    fn from(object: &Object) -> Self {
        let mut document = Self::default();
        document.push_object("", object);
        document.with_directory()
    }
}

impl From<Object> for Document {
    fn from(object: Object) -> Self {
        Self::from(&object)
    }
}

impl Document {
    fn push(&mut self, name: &str, value: &Value) {
        let content = match value {
            Value::Bool(value) => Content::Bool(*value),
            Value::Float(value) => Content::Float(*value),
            Value::Int(value) => Content::Int(*value),
            Value::Null => Content::Null,
            Value::Text(text) => Content::Text(self.push_text(text)),
            Value::Object(object) => return self.push_object(name, object),
            Value::List(items) => {
                let at = self.push_node(name, Content::Null);
                for item in items {
                    self.push("", item);
                }
                return self.close(at, Content::List);
            }
        };
        self.push_node(name, content);
    }

    fn push_object(&mut self, name: &str, object: &Object) {
        let at = self.push_node(name, Content::Null);
        for (name, value) in object.iter() {
            self.push(name, value);
        }
        self.close(at, Content::Object);
    }

    fn push_node(&mut self, name: &str, content: Content) -> usize {
        let name = self.push_text(name);
        self.nodes.push(Node { name, content });
        self.nodes.len().saturating_sub(1)
    }

    fn push_text(&mut self, text: &str) -> Span {
        let start = number(self.text.len());
        self.text.push_str(text);
        Span {
            start,
            length: number(text.len()),
        }
    }

    fn close(&mut self, at: usize, content: fn(u32) -> Content) {
        let end = number(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(at) {
            node.content = content(end);
        }
    }
}
