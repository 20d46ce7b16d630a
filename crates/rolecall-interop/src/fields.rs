//! Members of an object of a document, by name and kind.

use crate::document::{Member, Node, Value, repeated};
use crate::notice::{Notice, printable};
use rolecall_syntax::{Span, Spanned};

/// The words of a source about values.
#[derive(Debug)]
pub(crate) struct Wording {
    /// The program that writes or takes the values, and a verb: "`gcloud` prints".
    pub(crate) expects: &'static str,
    /// The next step for a value of the wrong kind.
    pub(crate) help: fn(&Value) -> &'static str,
}

/// An object of a document, and the notices about it so far.
pub(crate) struct Fields<'a> {
    wording: &'static Wording,
    /// The text of the document, for the locations in its expressions.
    pub(crate) text: &'a str,
    members: &'a [Member],
    pub(crate) span: Span,
    pub(crate) notices: Vec<Notice>,
}

impl<'a> Fields<'a> {
    /// Returns the members of an object, or of nothing for another value.
    pub(crate) fn new(wording: &'static Wording, text: &'a str, object: &'a Node) -> Self {
        let mut fields = Self {
            wording,
            text,
            members: &[],
            span: object.span,
            notices: Vec::new(),
        };
        fields.members = fields.members_of(object, "this");
        fields
    }

    /// Returns an object inside of this one. Its notices are its own, see [`Fields::absorb`].
    pub(crate) fn inner(&self, object: &'a Node) -> Self {
        Self::new(self.wording, self.text, object)
    }

    /// Takes the notices about an object inside of this one.
    pub(crate) fn absorb(&mut self, inner: Self) {
        self.notices.extend(inner.notices);
    }

    /// Returns the members.
    pub(crate) fn members(&self) -> &'a [Member] {
        self.members
    }

    /// Returns the members of an object. Names that are given twice are refused: the last one counts, but readers may see
    /// the first.
    fn members_of(&mut self, object: &'a Node, name: &str) -> &'a [Member] {
        let Value::Map(members) = &object.node else {
            self.wrong_kind(object, name, "an object");
            return &[];
        };
        for name in repeated(members, false) {
            let message = format!("`{}` is given twice", printable(name));
            self.refuse("member-given-twice", message, "remove one of them", name.span);
        }
        members
    }

    /// Returns the value of a member that is not `null`.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Node> {
        let mut named = self.members.iter().filter(|member| member.name.node == name);
        let value = named.next_back().map(|member| &member.value);
        value.filter(|value| value.node != Value::Null)
    }

    /// Returns a text. An empty one is absent.
    pub(crate) fn text(&mut self, name: &str) -> Option<Spanned<String>> {
        self.any_text(name).filter(|text| !text.is_empty())
    }

    /// Returns a text, which can be empty.
    pub(crate) fn any_text(&mut self, name: &str) -> Option<Spanned<String>> {
        let value = self.get(name)?;
        self.text_of(value, name)
    }

    /// Returns the elements of a list.
    pub(crate) fn list(&mut self, name: &str) -> &'a [Node] {
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

    /// Returns the texts of a list.
    pub(crate) fn texts(&mut self, name: &str) -> Vec<Spanned<String>> {
        let elements = self.list(name).iter();
        elements
            .filter_map(|element| self.text_of(element, name))
            .collect()
    }

    /// Returns the members of an object.
    pub(crate) fn map(&mut self, name: &str) -> &'a [Member] {
        match self.get(name) {
            Some(value) => self.members_of(value, name),
            None => &[],
        }
    }

    /// Returns a boolean. An absent one is false.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        match self.get(name).map(|value| (value, &value.node)) {
            None => false,
            Some((_, Value::Bool(flag))) => *flag,
            Some((value, _)) => {
                self.wrong_kind(value, name, "a boolean");
                false
            }
        }
    }

    /// Returns a number of seconds.
    pub(crate) fn seconds(&mut self, name: &str) -> Option<Spanned<i64>> {
        let value = self.get(name)?;
        let seconds = match &value.node {
            Value::Number(number) => number.parse().ok(),
            _ => None,
        };
        if seconds.is_none() {
            self.wrong_kind(value, name, "a number of seconds");
        }
        seconds.map(|seconds| Spanned::new(seconds, value.span))
    }

    /// Returns a value as a text.
    pub(crate) fn text_of(&mut self, value: &Node, name: &str) -> Option<Spanned<String>> {
        match &value.node {
            Value::Text(text) => Some(Spanned::new(text.clone(), value.span)),
            _ => {
                self.wrong_kind(value, name, "a text");
                None
            }
        }
    }

    fn wrong_kind(&mut self, value: &Node, name: &str, kind: &str) {
        let Wording { expects, help } = self.wording;
        let message = format!("`{name}` has {} where {expects} {kind}", value.kind());
        self.refuse("value-of-wrong-kind", message, help(&value.node), value.span);
    }

    /// Refuses a part of the object.
    pub(crate) fn refuse(&mut self, code: &'static str, message: impl Into<String>, help: &str, span: Span) {
        self.notices.push(Notice::refused(code, message, help, span));
    }

    /// Refuses a part of the object with which the source does not load the document.
    pub(crate) fn invalid(&mut self, message: impl Into<String>, help: &str, span: Span) {
        self.refuse("refused-by-source", message, help, span);
    }

    /// Reports a part of the object that is odd.
    pub(crate) fn report(&mut self, code: &'static str, message: impl Into<String>, help: &str, span: Span) {
        self.notices.push(Notice::odd(code, message, help, span));
    }
}
