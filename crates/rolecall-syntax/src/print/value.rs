//! The claims of a test's token.

use super::Printer;
use super::list::ListPart;
use crate::ast::{Entry, Token, TokenBase, Value};
use crate::span::{Span, Spanned};

impl Printer<'_> {
    pub(super) fn token(&mut self, span: Span, token: &Token) {
        let mut head = format!("token {} ", token.issuer.node);
        let mut end = token.issuer.span.end;
        if let Some(base) = &token.base {
            head += &self.flat(|flat| {
                let (word, text) = match &base.node {
                    TokenBase::File(path) => ("from ", path),
                    TokenBase::Test(name) => ("like ", name),
                };
                flat.push(word);
                flat.string(text);
                flat.push(" ");
            });
            end = base.span.end;
        }
        let text = self.flat(|flat| flat.object(&token.claims));
        let part = ListPart {
            span,
            head: &head,
            list: Span::new(self.comments.find('{', end), span.end),
            text: &text,
            tail: "",
        };
        self.list_part(&part, |printer| printer.entry_lines(&token.claims));
    }

    pub(super) fn entry_lines(&mut self, entries: &[Spanned<Entry>]) {
        for entry in entries {
            let head = self.flat(|flat| {
                flat.key(&entry.key);
                flat.push(" = ");
            });
            self.value(entry.span, &head, &entry.value);
        }
    }

    fn value_lines(&mut self, values: &[Spanned<Value>]) {
        for value in values {
            self.value(value.span, "", value);
        }
    }

    /// Prints a value after `head`, on one line or with its elements one per line.
    fn value(&mut self, span: Span, head: &str, value: &Spanned<Value>) {
        let text = self.flat(|flat| flat.value(value));
        let part = ListPart {
            span,
            head,
            list: value.span,
            text: &text,
            tail: ",",
        };
        match &value.node {
            Value::List(values) => self.list_part(&part, |printer| printer.value_lines(values)),
            Value::Object(entries) => self.list_part(&part, |printer| printer.entry_lines(entries)),
            _ => self.leaf(span, &format!("{head}{text},")),
        }
    }
}
