//! Parts of a tree on one line.

mod expr;

use crate::ast::{
    ClaimPath, ClaimType, Duration, DurationUnit, Entry, EnumValue, ExpectationKind, Key, Modifier, Segment,
    Selector, Value,
};
use crate::span::{Spanned, plus};
use crate::string::Str;
pub(super) use expr::negation_groups;

/// Printer of parts on one line.
pub(super) struct Flat {
    text: String,
    /// The number of open brackets.
    depth: usize,
}

impl Flat {
    pub(super) fn write(depth: usize, write: impl FnOnce(&mut Self)) -> String {
        let mut flat = Self {
            text: String::new(),
            depth,
        };
        write(&mut flat);
        flat.text
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn string(&mut self, string: &Str) {
        self.push("\"");
        self.push(string.raw());
        self.push("\"");
    }

    fn bracketed(&mut self, open: &str, close: &str, inside: impl FnOnce(&mut Self)) {
        self.push(open);
        let depth = self.depth;
        self.depth = plus(depth, 1);
        inside(self);
        self.depth = depth;
        self.push(close);
    }

    pub(super) fn separated<T>(&mut self, separator: &str, parts: &[T], mut each: impl FnMut(&mut Self, &T)) {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.push(separator);
            }
            each(self, part);
        }
    }

    /// `[a, b]`
    pub(super) fn list<T>(&mut self, elements: &[T], each: impl FnMut(&mut Self, &T)) {
        self.bracketed("[", "]", |flat| flat.separated(", ", elements, each));
    }

    /// `(a, b)`
    pub(super) fn parenthesized<T>(&mut self, elements: &[T], each: impl FnMut(&mut Self, &T)) {
        self.bracketed("(", ")", |flat| flat.separated(", ", elements, each));
    }

    /// `{ a }`
    pub(super) fn braced(&mut self, inside: impl FnOnce(&mut Self)) {
        self.bracketed("{ ", " }", inside);
    }

    pub(super) fn duration(&mut self, duration: Duration) {
        self.push(&duration.count.to_string());
        self.push(match duration.unit {
            DurationUnit::Seconds => "s",
            DurationUnit::Minutes => "m",
            DurationUnit::Hours => "h",
            DurationUnit::Days => "d",
        });
    }

    pub(super) fn selectors(&mut self, selectors: &[Spanned<Selector>]) {
        self.separated(", ", selectors, |flat, selector| flat.selector(selector));
    }

    pub(super) fn selector(&mut self, selector: &Selector) {
        self.push(&selector.to_string());
    }

    pub(super) fn expectation_kind(&mut self, kind: ExpectationKind) {
        self.push(match kind {
            ExpectationKind::Allow => "allow",
            ExpectationKind::Deny => "deny",
            ExpectationKind::Only => "only",
        });
    }

    pub(super) fn path(&mut self, path: &ClaimPath) {
        for (index, segment) in path.segments.iter().enumerate() {
            match &segment.node {
                Segment::Quoted(name) => {
                    if index == 0 {
                        self.push("claims");
                    }
                    self.bracketed("[", "]", |flat| flat.string(name));
                }
                Segment::Word(name) => {
                    if index > 0 {
                        self.push(".");
                    }
                    self.push(name);
                }
            }
        }
    }

    pub(super) fn claim_type(&mut self, claim_type: &ClaimType) {
        match claim_type {
            ClaimType::Named { name, form } => {
                self.push(name);
                if let Some(form) = form {
                    self.push(" ");
                    self.push(form);
                }
            }
            ClaimType::List(element) => self.bracketed("[", "]", |flat| flat.claim_type(element)),
            ClaimType::Enum { values, open } => {
                self.push("enum ");
                self.enum_values(values, *open);
            }
        }
    }

    pub(super) fn enum_values(&mut self, values: &[Spanned<EnumValue>], open: bool) {
        self.bracketed("[", "]", |flat| {
            flat.separated(", ", values, |flat, value| flat.enum_value(value));
            if open {
                flat.push(if values.is_empty() { "..." } else { ", ..." });
            }
        });
    }

    pub(super) fn enum_value(&mut self, value: &EnumValue) {
        match value {
            EnumValue::Quoted(string) => self.string(string),
            EnumValue::Word(word) => self.push(word),
        }
    }

    pub(super) fn modifiers(&mut self, modifiers: &[Spanned<Modifier>]) {
        for modifier in modifiers {
            self.push(" ");
            match &modifier.node {
                Modifier::Alias(name) => {
                    self.push("alias ");
                    self.push(name);
                }
                Modifier::Keyword(keyword) => self.push(keyword),
            }
        }
    }

    pub(super) fn key(&mut self, key: &Key) {
        match key {
            Key::Quoted(string) => self.string(string),
            Key::Word(word) => self.push(word),
        }
    }

    pub(super) fn value(&mut self, value: &Value) {
        match value {
            Value::Absent => self.push("absent"),
            Value::Bool(true) => self.push("true"),
            Value::Bool(false) => self.push("false"),
            Value::Int(number) => self.push(&number.to_string()),
            Value::List(values) => self.list(values, |flat, value| flat.value(value)),
            Value::Null => self.push("null"),
            Value::Object(entries) => self.object(entries),
            Value::Text(string) => self.string(string),
        }
    }

    /// `{ a = 1, b = 2 }`
    pub(super) fn object(&mut self, entries: &[Spanned<Entry>]) {
        self.map(entries, Self::entry);
    }

    /// `a = 1, b = 2`
    pub(super) fn entries(&mut self, entries: &[Spanned<Entry>]) {
        self.separated(", ", entries, Self::entry);
    }

    fn entry(&mut self, entry: &Spanned<Entry>) {
        self.key(&entry.key);
        self.push(" = ");
        self.value(&entry.value);
    }

    /// `{ …, … }`
    fn map<T>(&mut self, parts: &[T], each: impl FnMut(&mut Self, &T)) {
        let (open, close) = if parts.is_empty() {
            ("{", "}")
        } else {
            ("{ ", " }")
        };
        self.bracketed(open, close, |flat| flat.separated(", ", parts, each));
    }
}
