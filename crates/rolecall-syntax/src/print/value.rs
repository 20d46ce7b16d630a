//! The claims of a test's token.

use super::{Listed, Printer};
use crate::ast::{Entry, Token, Value};
use crate::span::{Span, Spanned};

impl Printer<'_> {
    pub(super) fn token(&mut self, span: Span, token: &Token) {
        let mut head = format!("token {} ", token.issuer.node);
        let mut end = token.issuer.span.end;
        if let Some(base) = &token.base {
            head += &self.flat(|flat| {
                flat.word("like ");
                flat.string(base);
                flat.word(" ");
            });
            end = base.span.end;
        }
        let text = self.flat(|flat| flat.object(&token.claims));
        let listed = Listed {
            span,
            head: &head,
            list: Span::new(self.comments.find('{', end), span.end),
            text: &text,
            tail: "",
        };
        self.listed(&listed, |printer| printer.entry_lines(&token.claims));
    }

    fn entry_lines(&mut self, entries: &[Spanned<Entry>]) {
        for entry in entries {
            let head = self.flat(|flat| {
                flat.key(&entry.key);
                flat.word(" = ");
            });
            self.value(entry.span, &head, &entry.value);
        }
    }

    fn value_lines(&mut self, values: &[Spanned<Value>]) {
        for value in values {
            self.value(value.span, "", value);
        }
    }

    /// A value and what stands before it, on one line or with its elements one a line.
    fn value(&mut self, span: Span, head: &str, value: &Spanned<Value>) {
        let text = self.flat(|flat| flat.value(value));
        let listed = Listed {
            span,
            head,
            list: value.span,
            text: &text,
            tail: ",",
        };
        match &value.node {
            Value::List(values) => self.listed(&listed, |printer| printer.value_lines(values)),
            Value::Object(entries) => self.listed(&listed, |printer| printer.entry_lines(entries)),
            _ => self.leaf(span, &format!("{head}{text},")),
        }
    }
}
