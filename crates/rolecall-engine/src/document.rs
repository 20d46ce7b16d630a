//! JSON document, stored flat in two pieces of memory.

mod builder;
mod cached_value;
mod directory;

use crate::certain::certain;
use crate::decimal::Decimal;
use crate::hashed_str::{EdgeWords, HashedStr};
use crate::narrow::index;
use crate::printable::write_text;
pub(crate) use builder::DocumentBuilder;
pub(crate) use cached_value::CachedValue;
use directory::Directory;
use std::fmt;
use std::ops::Range;

/// A JSON document.
///
/// One string holds all text, and one row all values: the values of an object or a list follow it. So parsing
/// allocates no map, and no string for each claim.
#[derive(Clone, Default)]
pub struct Document {
    text: String,
    nodes: Vec<Node>,
    /// The numbers that are not integers of 64 bits.
    decimals: Vec<Decimal>,
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

const SPAN_IN_TEXT: &str = "the spans of a document are in its text";

#[derive(Clone, Copy)]
pub(crate) enum Content {
    Bool(bool),
    /// The index of a number in the decimals.
    Decimal(u32),
    Int(i64),
    /// A list, and the position after its last value.
    List(u32),
    Null,
    /// An object, and the position after its last value.
    Object(u32),
    Text(Span),
}

impl Span {
    #[inline]
    pub(crate) fn range(self) -> Range<usize> {
        let start = index(self.start);
        start..start.wrapping_add(index(self.length))
    }
}

impl Content {
    /// Returns the position after a value at this position, and after the values in it.
    #[inline]
    pub(crate) fn end(self, position: usize) -> usize {
        match self {
            Self::List(end) | Self::Object(end) => index(end),
            _ => position.wrapping_add(1),
        }
    }
}

/// A value of a document.
#[derive(Clone, Copy, PartialEq)]
pub enum Json<'a> {
    /// `true` or `false`.
    Bool(bool),
    /// A number that is not an integer of 64 bits.
    Decimal(&'a Decimal),
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
    /// Returns the document of a text, a row of values and the decimals in it.
    pub(crate) fn new(text: String, nodes: Vec<Node>, decimals: Vec<Decimal>) -> Self {
        let mut document = Self {
            text,
            nodes,
            decimals,
            directory: Directory::default(),
        };
        let members = document.members().0;
        let hashes = members.map(|(node, position)| {
            let name = EdgeWords::of(document.text(node.name).as_bytes());
            (name.hash(), position)
        });
        // In a very long row, members are looked for from its start.
        if let Some(directory) = Directory::new(members.count(), hashes) {
            document.directory = directory;
        }
        document
    }

    /// Returns about the bytes that its values take.
    pub(crate) fn bytes(&self) -> usize {
        let values = [self.text.len(), size_of_val(self.nodes.as_slice())];
        let decimals = self.decimals.iter().map(Decimal::bytes);
        values.into_iter().chain(decimals).sum()
    }

    /// Returns the outermost value.
    pub fn root(&self) -> Json<'_> {
        self.json(0)
    }

    /// Returns the members of the outermost object; none if the document is not an object.
    pub fn members(&self) -> Members<'_> {
        match self.root() {
            Json::Object(members) => members,
            _ => Members(self.row(0, 0)),
        }
    }

    /// Returns the position of a member of the outermost object.
    #[inline]
    pub(crate) fn position(&self, name: &HashedStr) -> Option<usize> {
        if self.directory.is_missing() {
            return self.members().position(name.text());
        }
        self.directory.find(name.hash(), |position| {
            let node = self.nodes.get(position);
            node.is_some_and(|node| name.is(self.bytes_of(node.name)))
        })
    }

    /// Returns the value of a member of the outermost object.
    pub(crate) fn member(&self, name: &HashedStr) -> Option<Json<'_>> {
        Some(self.json(self.position(name)?))
    }

    /// Returns the value at a position of the row; null in an empty document.
    #[inline]
    pub(crate) fn json(&self, position: usize) -> Json<'_> {
        let Some(node) = self.nodes.get(position) else {
            return Json::Null;
        };
        match node.content {
            Content::Bool(value) => Json::Bool(value),
            Content::Decimal(at) => {
                let decimal = self.decimals.get(index(at));
                debug_assert!(decimal.is_some(), "the decimals of a document are in it");
                decimal.map_or(Json::Null, Json::Decimal)
            }
            Content::Int(value) => Json::Int(value),
            Content::List(end) => Json::List(Items(self.row(position.wrapping_add(1), end))),
            Content::Null => Json::Null,
            Content::Object(end) => Json::Object(Members(self.row(position.wrapping_add(1), end))),
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

    #[inline]
    fn text(&self, span: Span) -> &str {
        certain(self.text.get(span.range()), SPAN_IN_TEXT)
    }

    /// Returns a part of the text as bytes, without the check that it begins and ends between characters.
    #[inline]
    fn bytes_of(&self, span: Span) -> &[u8] {
        certain(self.text.as_bytes().get(span.range()), SPAN_IN_TEXT)
    }
}

/// The values from one position of the row to another, without the values in them.
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
        let position = self.next;
        let node = self.document.nodes.get(position)?;
        self.next = node.content.end(position);
        Some((node, position))
    }
}

/// The items of a list, in order.
#[derive(Clone, Copy)]
pub struct Items<'a>(Row<'a>);

impl<'a> Iterator for Items<'a> {
    type Item = Json<'a>;

    fn next(&mut self) -> Option<Json<'a>> {
        let (_, position) = self.0.next()?;
        Some(self.0.document.json(position))
    }
}

/// The members of an object, in order, each name once.
#[derive(Clone, Copy)]
pub struct Members<'a>(Row<'a>);

impl<'a> Members<'a> {
    /// Returns the value of a member, found by its exact name.
    pub fn get(&self, name: &str) -> Option<Json<'a>> {
        Some(self.0.document.json(self.position(name)?))
    }

    /// Returns the position of a member in the row.
    fn position(&self, name: &str) -> Option<usize> {
        let document = self.0.document;
        let (_, position) = self.0.into_iter().find(|(node, _)| {
            // Most names differ in length, which is compared without a look at the text.
            index(node.name.length) == name.len() && document.text(node.name) == name
        })?;
        Some(position)
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, Json<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (node, position) = self.0.next()?;
        let document = self.0.document;
        Some((document.text(node.name), document.json(position)))
    }
}

impl<'a> Json<'a> {
    /// Returns the text of a JSON string, or `None` for any other value.
    pub fn as_text(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the largest integer that is not greater than a JSON number, which is the value of a time claim
    /// (RFC 7519 section 2). Returns `None` for any other value, and if the integer does not fit 64 bits.
    pub fn floor(&self) -> Option<i64> {
        match self {
            Self::Decimal(decimal) => decimal.floor(),
            Self::Int(number) => Some(*number),
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

/// Writes the value as JSON on one line. Escapes control characters and invisible characters, so that a claim
/// cannot forge a line of a terminal or a log.
impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Decimal(decimal) => decimal.fmt(f),
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
