//! Elements of a policy: the members of a map, each of which occurs once.

use crate::document::{Member, Node, Value};
use crate::notice::{Notice, printable};
use rolecall_syntax::{Span, Spanned};
use std::collections::HashSet;
use std::slice;

/// The elements of a map, and the notices about them.
pub(super) struct Elements<'a, 'b> {
    members: &'a [Member],
    span: Span,
    notices: &'b mut Vec<Notice>,
}

impl<'a, 'b> Elements<'a, 'b> {
    /// Returns the elements of a value, which must be a map. Elements that are given twice are refused.
    pub(super) fn of(node: &'a Node, notices: &'b mut Vec<Notice>) -> Option<Self> {
        let Some(members) = node.as_map() else {
            wrong_type(node, "a map", notices);
            return None;
        };
        let mut seen = HashSet::new();
        for again in members.iter().filter(|member| !seen.insert(member.name.as_str())) {
            let message = format!("element `{}` is given twice", printable(&again.name));
            let notice = Notice::refused(
                "element-given-twice",
                message,
                "remove one of them",
                again.name.span,
            );
            notices.push(notice);
        }
        let span = node.span;
        Some(Self {
            members,
            span,
            notices,
        })
    }

    /// Returns all elements, in the order of the text.
    pub(super) fn members(&self) -> &'a [Member] {
        self.members
    }

    /// Refuses elements with other names.
    pub(super) fn allow_only(&mut self, names: &[&str]) {
        let others = self.members.iter().map(|member| &member.name);
        for other in others.filter(|name| !names.contains(&name.as_str())) {
            let message = format!("element `{}` is not of a trust policy", printable(other));
            let help = format!("remove it; the elements are {}", names.join(", "));
            let notice = Notice::refused("element-not-understood", message, &help, other.span);
            self.notices.push(notice);
        }
    }

    /// Returns an element, if it is there.
    pub(super) fn optional(&self, name: &str) -> Option<&'a Node> {
        let mut members = self.members.iter();
        let found = members.find(|member| member.name.node == name)?;
        Some(&found.value)
    }

    /// Returns an element that must be there.
    pub(super) fn required(&mut self, name: &str) -> Option<&'a Node> {
        let found = self.optional(name);
        if found.is_none() {
            let message = format!("element `{name}` is missing");
            self.refuse("element-missing", message, "add it");
        }
        found
    }

    /// Returns an element that is a text, if it is there.
    pub(super) fn text(&mut self, name: &str) -> Option<Spanned<String>> {
        let found = self.optional(name)?;
        text(found, self.notices)
    }

    /// Adds a refusal at the whole map.
    pub(super) fn refuse(&mut self, code: &'static str, message: String, help: &str) {
        self.notices.push(Notice::refused(code, message, help, self.span));
    }
}

/// Returns a value that must be a text.
pub(super) fn text(node: &Node, notices: &mut Vec<Notice>) -> Option<Spanned<String>> {
    let text = node
        .as_text()
        .map(|text| Spanned::new(text.to_owned(), node.span));
    if text.is_none() {
        wrong_type(node, "a text", notices);
    }
    text
}

/// Returns the values of an element that has one value or a list of them.
pub(super) fn list(node: &Node) -> &[Node] {
    match &node.node {
        Value::List(elements) => elements,
        _ => slice::from_ref(node),
    }
}

/// Refuses a value of the wrong type.
pub(super) fn wrong_type(node: &Node, expected: &str, notices: &mut Vec<Notice>) {
    let message = format!("{} is expected here, not {}", expected, node.kind());
    notices.push(Notice::refused(
        "wrong-type",
        message,
        "correct the value",
        node.span,
    ));
}
