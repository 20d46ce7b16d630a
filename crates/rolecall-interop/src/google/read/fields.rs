//! Members of an object by name and kind.

use crate::document::{Member, Node, Value, repeated};
use crate::notice::{Notice, printable};
use rolecall_syntax::{Span, Spanned};

/// An object of a document, and the notices about it so far.
pub(super) struct Fields<'a> {
    /// The text of the document.
    pub(super) source: &'a str,
    members: &'a [Member],
    pub(super) span: Span,
    pub(super) notices: Vec<Notice>,
}

impl<'a> Fields<'a> {
    /// Returns the members of an object, or of nothing for another value.
    pub(super) fn new(source: &'a str, object: &'a Node) -> Self {
        let mut fields = Self {
            source,
            members: &[],
            span: object.span,
            notices: Vec::new(),
        };
        fields.members = fields.members_of(object);
        fields
    }

    /// Returns the members of an object. Names that are given twice are refused.
    pub(super) fn members_of(&mut self, object: &'a Node) -> &'a [Member] {
        let Value::Map(members) = &object.node else {
            self.wrong_kind(object, "this", "an object");
            return &[];
        };
        for name in repeated(members, false) {
            let message = format!("`{}` is given twice", printable(name));
            self.refuse("member-given-twice", message, "remove one of them", name.span);
        }
        members
    }

    /// Returns the value of a member that is not `null`.
    pub(super) fn get(&self, name: &str) -> Option<&'a Node> {
        let mut named = self.members.iter().filter(|member| member.name.node == name);
        let value = named.next_back().map(|member| &member.value);
        value.filter(|value| value.node != Value::Null)
    }

    /// Returns a text. An empty one is absent.
    pub(super) fn text(&mut self, name: &str) -> Option<Spanned<String>> {
        let value = self.get(name)?;
        let text = self.text_of(value, name)?;
        Some(text).filter(|text| !text.is_empty())
    }

    /// Returns the elements of a list.
    pub(super) fn list(&mut self, name: &str) -> &'a [Node] {
        let Some(value) = self.get(name) else {
            return &[];
        };
        match &value.node {
            Value::List(elements) => elements,
            _ => {
                self.wrong_kind(value, name, "a list");
                &[]
            }
        }
    }

    /// Returns a boolean. An absent one is false.
    pub(super) fn flag(&mut self, name: &str) -> bool {
        match self.get(name).map(|value| (value, &value.node)) {
            None => false,
            Some((_, Value::Bool(flag))) => *flag,
            Some((value, _)) => {
                self.wrong_kind(value, name, "a boolean");
                false
            }
        }
    }

    pub(super) fn text_of(&mut self, value: &Node, name: &str) -> Option<Spanned<String>> {
        match &value.node {
            Value::Text(text) => Some(Spanned::new(text.clone(), value.span)),
            _ => {
                self.wrong_kind(value, name, "a text");
                None
            }
        }
    }

    fn wrong_kind(&mut self, value: &Node, name: &str, kind: &str) {
        let message = format!("`{name}` has {} where `gcloud` prints {kind}", value.kind());
        let help = "print the document with `gcloud … --format=json`";
        self.refuse("value-of-wrong-kind", message, help, value.span);
    }

    pub(super) fn refuse(&mut self, code: &'static str, message: impl Into<String>, help: &str, span: Span) {
        self.notices.push(Notice::refused(code, message, help, span));
    }
}
