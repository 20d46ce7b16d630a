//! Texts inside string literals of other texts, with the places of their characters there.

use super::literal::Literal;
use super::{DocumentError, Node, Value};
use percent_encoding::percent_decode_str;
use rolecall_syntax::{Span, Spanned};

/// The content of a string literal.
#[derive(Debug)]
pub(crate) struct Embedded {
    text: String,
    /// The literal, which is the place of each character if its form is not known.
    literal: Span,
    /// The encodings of the content, from the outer one to the inner one.
    encodings: Vec<Encoding>,
}

impl Embedded {
    /// Finds the characters of a text in its document. The text has the location of a literal, in the form of any
    /// language.
    pub(crate) fn of(document: &str, text: &Spanned<String>) -> Self {
        let written = text.span.text(document);
        let forms = [Literal::json, Literal::quoted, Literal::heredoc].map(|decode| decode(written));
        let mut forms = forms.into_iter().flatten().chain(Literal::plain(written));
        let literal = forms.find(|literal| literal.text == text.node);
        let encodings = literal.map(|literal| Encoding::new(&literal, text.span.start));
        Self {
            text: text.node.clone(),
            literal: text.span,
            encodings: Vec::from_iter(encodings),
        }
    }

    /// Finds the characters of a text in its document, after the percent encoding of its content if all of it is
    /// encoded.
    pub(super) fn decoded(document: &str, text: &Spanned<String>) -> Result<Self, DocumentError> {
        let mut embedded = Self::of(document, text);
        if embedded.text.starts_with('%') {
            let decoded = percent_decode_str(&embedded.text).decode_utf8();
            let decoded = decoded.map_err(|_| DocumentError {
                message: "the text is not UTF-8 after percent-decoding".to_owned(),
                span: text.span,
            })?;
            let percents = Encoding::percents(&embedded.text, &decoded);
            embedded.encodings.push(percents);
            embedded.text = decoded.into_owned();
        }
        Ok(embedded)
    }

    /// Returns the content.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the place of a part of the content in the text around it.
    pub(crate) fn place(&self, span: Span) -> Span {
        if self.encodings.is_empty() {
            return self.literal;
        }
        let offset = |at| {
            self.encodings
                .iter()
                .rev()
                .fold(at, |at, encoding| encoding.outer(at))
        };
        Span::new(offset(span.start), offset(span.end))
    }

    /// Moves all spans of a tree of the content into the text around it.
    pub(super) fn relocate(&self, node: &mut Node) {
        node.span = self.place(node.span);
        match &mut node.node {
            Value::List(elements) => elements.iter_mut().for_each(|element| self.relocate(element)),
            Value::Map(members) => {
                for member in members {
                    member.name.span = self.place(member.name.span);
                    self.relocate(&mut member.value);
                }
            }
            _ => {}
        }
    }
}

/// The places of the characters of a text in its encoded form.
#[derive(Debug)]
struct Encoding {
    /// Offsets in the text with those in the encoded form, from each of which both have the same bytes up to
    /// the next encoded character.
    steps: Vec<(usize, usize)>,
}

impl Encoding {
    /// The encoding of a literal that begins at an offset.
    fn new(literal: &Literal, offset: usize) -> Self {
        Self::of(
            offset.saturating_add(literal.start),
            literal.widths.iter().copied(),
        )
    }

    /// The percent encoding of a text.
    fn percents(encoded: &str, text: &str) -> Self {
        let mut rest = encoded.as_bytes();
        let widths = text.bytes().map(|_| {
            // A `%` without two digits after it stands for itself.
            let is_encoded = matches!(rest, [b'%', high, low, ..]
                if high.is_ascii_hexdigit() && low.is_ascii_hexdigit());
            let width = if is_encoded { 3 } else { 1 };
            rest = rest.get(width..).unwrap_or_default();
            (1, width)
        });
        Self::of(0, widths)
    }

    /// The encoding whose text and encoded form have so many bytes for each character.
    fn of(start: usize, widths: impl Iterator<Item = (usize, usize)>) -> Self {
        let (mut steps, mut inner, mut outer) = (vec![(0, start)], 0_usize, start);
        for (text, encoded) in widths {
            inner = inner.saturating_add(text);
            outer = outer.saturating_add(encoded);
            if text != encoded {
                steps.push((inner, outer));
            }
        }
        Self { steps }
    }

    /// Returns the place in the encoded form for one in the text.
    fn outer(&self, at: usize) -> usize {
        let later = self.steps.partition_point(|(inner, _)| *inner <= at);
        let step = later.checked_sub(1).and_then(|last| self.steps.get(last));
        let (inner, outer) = step.copied().unwrap_or_default();
        outer.saturating_add(at.saturating_sub(inner))
    }
}
