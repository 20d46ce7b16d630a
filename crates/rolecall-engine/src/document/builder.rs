//! Documents made value by value.

use super::{Content, Document, Node, Span};
use crate::decimal::Decimal;
use crate::narrow::number;

/// Collects the values of a document in the order of its text.
#[derive(Default)]
pub(crate) struct DocumentBuilder {
    text: String,
    nodes: Vec<Node>,
    decimals: Vec<Decimal>,
}

/// A list or an object whose values are being added: its position in the row.
#[must_use]
pub(crate) struct Opened(usize);

impl DocumentBuilder {
    /// Adds a value that holds no others. The name is empty unless it is a member of an object.
    pub(crate) fn push(&mut self, name: &str, content: Content) {
        let name = self.text(name);
        self.nodes.push(Node { name, content });
    }

    /// Adds text, for a value that is pushed next.
    pub(crate) fn text(&mut self, text: &str) -> Span {
        let start = number(self.text.len());
        self.text.push_str(text);
        Span {
            start,
            length: number(text.len()),
        }
    }

    /// Adds a number, for a value that is pushed next.
    pub(crate) fn decimal(&mut self, decimal: &Decimal) -> Content {
        let index = number(self.decimals.len());
        self.decimals.push(decimal.clone());
        Content::Decimal(index)
    }

    /// Begins a list or an object: what is added before [`close`](Self::close) is in it.
    pub(crate) fn open(&mut self, name: &str) -> Opened {
        let opened = Opened(self.nodes.len());
        self.push(name, Content::Null);
        opened
    }

    /// Ends a list or an object.
    pub(crate) fn close(&mut self, opened: &Opened, content: fn(u32) -> Content) {
        let end = number(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(opened.0) {
            node.content = content(end);
        }
    }

    /// Returns the document.
    pub(crate) fn finish(self) -> Document {
        Document::new(self.text, self.nodes, self.decimals)
    }
}
