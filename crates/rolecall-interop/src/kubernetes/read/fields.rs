//! Members of an object by name and kind, decoded strictly (`sigs.k8s.io/json`, `UnmarshalStrict`): an unknown name and one
//! that is given twice are faults, and the case of letters counts.

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
    /// Returns the members of an object, which has no others than those that are known.
    pub(super) fn new(source: &'a str, object: &'a Node, known: &[&str]) -> Self {
        let mut fields = Self {
            source,
            members: &[],
            span: object.span,
            notices: Vec::new(),
        };
        let Value::Map(members) = &object.node else {
            fields.wrong_kind(object, "this", "an object");
            return fields;
        };
        for name in repeated(members, false) {
            let message = format!("`{}` is given twice", printable(name));
            fields.refuse("member-given-twice", message, "remove one of them", name.span);
        }
        for member in members {
            let name = &member.name;
            if !known.contains(&name.as_str()) {
                let message = format!("the API server refuses the member `{}`", printable(name));
                let help = format!("remove it, or use one of {}", known.join(", "));
                fields.refuse("unknown-member", message, &help, name.span);
            }
        }
        fields.members = members;
        fields
    }

    /// Returns the members of a member that is an object; an absent one has none.
    pub(super) fn object(&mut self, name: &str, known: &[&str]) -> Option<Self> {
        let value = self.get(name)?;
        Some(Self::new(self.source, value, known))
    }

    /// Returns the value of a member that is not `null`.
    fn get(&self, name: &str) -> Option<&'a Node> {
        let mut named = self.members.iter().filter(|member| member.name.node == name);
        let value = named.next_back().map(|member| &member.value);
        value.filter(|value| value.node != Value::Null)
    }

    /// Returns a text. An empty one is absent.
    pub(super) fn text(&mut self, name: &str) -> Option<Spanned<String>> {
        self.any_text(name).filter(|text| !text.is_empty())
    }

    /// Returns a text, which can be empty.
    pub(super) fn any_text(&mut self, name: &str) -> Option<Spanned<String>> {
        let value = self.get(name)?;
        self.text_of(value, name)
    }

    /// Returns a value as a text.
    pub(super) fn text_of(&mut self, value: &Node, name: &str) -> Option<Spanned<String>> {
        match &value.node {
            Value::Text(text) => Some(Spanned::new(text.clone(), value.span)),
            _ => {
                self.wrong_kind(value, name, "a text");
                None
            }
        }
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

    fn wrong_kind(&mut self, value: &Node, name: &str, kind: &str) {
        let message = format!("`{name}` has {} where the API server takes {kind}", value.kind());
        let help = match &value.node {
            Value::Bool(_) | Value::Number(_) | Value::Unsettled(_) => "put it in quotes",
            _ => "write it as the page \"Authenticating\" of the Kubernetes documentation does",
        };
        self.refuse("value-of-wrong-kind", message, help, value.span);
    }

    /// Refuses a value that the API server refuses when it starts.
    pub(super) fn invalid(&mut self, message: impl Into<String>, help: &str, span: Span) {
        self.refuse("refused-by-source", message, help, span);
    }

    pub(super) fn refuse(&mut self, code: &'static str, message: impl Into<String>, help: &str, span: Span) {
        self.notices.push(Notice::refused(code, message, help, span));
    }

    /// Takes the notices about an object inside of this one.
    pub(super) fn absorb(&mut self, inner: Self) {
        self.notices.extend(inner.notices);
    }
}
