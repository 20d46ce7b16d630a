//! Members of an object by name and kind.

use crate::document::{Member, Node, Value, repeated};
use crate::notice::{Notice, printable};
use rolecall_syntax::{Span, Spanned};

/// An object, and the notices about it so far.
pub(super) struct Fields<'a> {
    members: &'a [Member],
    pub(super) span: Span,
    pub(super) notices: Vec<Notice>,
}

impl<'a> Fields<'a> {
    /// Returns the members of an object, or of nothing for another value.
    pub(super) fn new(object: &'a Node) -> Self {
        let mut fields = Self {
            members: object.as_map().unwrap_or_default(),
            span: object.span,
            notices: Vec::new(),
        };
        fields.refuse_doubles(fields.members);
        fields
    }

    /// Refuses names that are given twice: the last one counts, but readers may see the first.
    pub(super) fn refuse_doubles(&mut self, members: &[Member]) {
        for name in repeated(members, false) {
            let message = format!("`{}` is given twice", printable(name));
            self.refuse("member-given-twice", message, "remove one of them", name.span);
        }
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

    /// Returns the texts of a list.
    pub(super) fn texts(&mut self, name: &str) -> Vec<Spanned<String>> {
        let Some(value) = self.get(name) else {
            return Vec::new();
        };
        match &value.node {
            Value::List(elements) => elements
                .iter()
                .filter_map(|element| self.text_of(element, name))
                .collect(),
            _ => {
                self.wrong_kind(value, name, "a list");
                Vec::new()
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

    /// Returns a number of seconds.
    pub(super) fn seconds(&mut self, name: &str) -> Option<Spanned<i64>> {
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

    /// Returns the members of an object, without those that are given twice.
    pub(super) fn map(&mut self, name: &str) -> &'a [Member] {
        let Some(value) = self.get(name) else {
            return &[];
        };
        match &value.node {
            Value::Map(members) => {
                self.refuse_doubles(members);
                members
            }
            _ => {
                self.wrong_kind(value, name, "an object");
                &[]
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
        let message = format!("`{name}` has {} where Vault prints {kind}", value.kind());
        let help = "read the role with `vault read -format=json`";
        self.refuse("value-of-wrong-kind", message, help, value.span);
    }

    pub(super) fn refuse(&mut self, code: &'static str, message: String, help: &str, span: Span) {
        self.notices.push(Notice::refused(code, message, help, span));
    }

    pub(super) fn report(&mut self, code: &'static str, message: String, help: &str, span: Span) {
        self.notices.push(Notice::odd(code, message, help, span));
    }
}
