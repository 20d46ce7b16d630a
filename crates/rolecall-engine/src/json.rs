//! Strict JSON parser: each text has one reading, or none.
//!
//! Two parsers that read one text differently can turn a refused token into an accepted one. So nothing is
//! repaired here: the parser follows RFC 8259 to the letter, allows each member once (RFC 7519 section 4),
//! refuses lone surrogates, and limits depth, members, items and text. It is written by hand because any
//! crate of a build can switch on features of a general parser, and because each error has to state the rule
//! and the byte. It reads the text once: on the claims of a GitLab job it takes 2.9 to 4.0 µs, and a strict
//! visitor on serde_json takes 12 to 14 µs.

mod error;
mod measure;
mod object;
mod text;

use crate::certain::{certain, plus};
use crate::decimal::Decimal;
use crate::document::{Content, Document, Node, Span};
use crate::narrow::number;

pub use error::{JsonError, JsonFault};

/// Limits of a document.
#[derive(Clone, Copy, Debug)]
pub struct JsonLimits {
    /// Levels of nested objects and lists, the outermost included.
    pub depth: usize,
    /// Items of one list.
    pub items: usize,
    /// Members of one object.
    pub members: usize,
    /// Members of all objects together.
    pub members_in_all: usize,
    /// Bytes of one string or name, after unescaping.
    pub text: usize,
}

impl JsonLimits {
    /// The limits of a token's header and claims: several times what any CI system sends.
    pub const CLAIMS: Self = Self {
        depth: 16,
        items: 1_000,
        members: 256,
        members_in_all: 256,
        text: 8 * 1024,
    };
}

/// The maximum length of a document, in bytes, so that each position in one is a number of 32 bits.
pub(crate) const LONGEST: usize = 16 * 1024 * 1024;

impl Document {
    /// Parses a JSON object within limits.
    ///
    /// Refuses duplicate members at any depth (compared after unescaping, RFC 7519 section 4), everything
    /// that is not JSON (RFC 8259) or not UTF-8, a byte order mark, lone surrogates, trailing data, numbers
    /// too large for a float of 64 bits, and documents beyond the limits.
    ///
    /// Integers of 64 bits become [`Json::Int`](crate::Json::Int); every other number becomes
    /// [`Json::Decimal`](crate::Json::Decimal) and is kept as it is written, so that two ids beyond 2^53 are
    /// never taken for one another.
    ///
    /// # Errors
    /// Returns a [`JsonError`] with the broken rule and its byte offset.
    pub fn parse(bytes: Vec<u8>, limits: &JsonLimits) -> Result<Self, JsonError> {
        let refuse = |fault, offset| Err(JsonError { fault, offset });
        if bytes.len() > LONGEST {
            let length = bytes.len();
            return refuse(
                JsonFault::DocumentTooLong {
                    length,
                    limit: LONGEST,
                },
                LONGEST,
            );
        }
        let mut text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => return refuse(JsonFault::NotUtf8, error.utf8_error().valid_up_to()),
        };
        if text.starts_with('\u{feff}') {
            return refuse(JsonFault::ByteOrderMark, 0);
        }
        let mut parser = Parser::new(&text, limits);
        let start = parser.document();
        let Parser {
            error,
            nodes,
            decimals,
            unescaped,
            ..
        } = parser;
        let start = match (start, error) {
            (Some(start), None) => start,
            (_, Some(error)) => return Err(error),
            // Never happens: the parser ends early with an error only.
            (None, None) => return refuse(JsonFault::Syntax, 0),
        };
        if !matches!(nodes.first(), Some(root) if matches!(root.content, Content::Object(_))) {
            return refuse(JsonFault::NotAnObject, start);
        }
        text.push_str(&unescaped);
        Ok(Self::new(text, nodes, decimals))
    }
}

struct Parser<'a> {
    text: &'a str,
    /// The part of the text that has not been read.
    rest: &'a [u8],
    limits: &'a JsonLimits,
    /// The error that ended the parsing. It is kept here so that the results of the steps stay small.
    error: Option<JsonError>,
    /// The number of members that the document may still have.
    members_left: usize,
    nodes: Vec<Node>,
    /// The numbers that are not integers of 64 bits.
    decimals: Vec<Decimal>,
    /// The strings that have escapes, unescaped. They are appended to the text at the end.
    unescaped: String,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, limits: &'a JsonLimits) -> Self {
        Self {
            text,
            rest: text.as_bytes(),
            limits,
            error: None,
            members_left: limits.members_in_all,
            // Room for the claims of a token, where a name, a value and their punctuation have some 30 bytes.
            nodes: Vec::with_capacity(plus(text.len() / 24, 4)),
            decimals: Vec::new(),
            unescaped: String::new(),
        }
    }

    /// Reads the document and returns the offset of its value.
    fn document(&mut self) -> Option<usize> {
        self.skip_whitespace();
        let start = self.at();
        self.value(Span::default(), self.limits.depth)?;
        self.skip_whitespace();
        if !self.rest.is_empty() {
            return self.refuse(JsonFault::TrailingBytes);
        }
        Some(start)
    }

    /// Ends the parsing here with an error.
    #[cold]
    fn refuse<T>(&mut self, fault: JsonFault) -> Option<T> {
        self.refuse_at(self.at(), fault)
    }

    #[cold]
    fn refuse_at<T>(&mut self, offset: usize, fault: JsonFault) -> Option<T> {
        self.error = Some(JsonError { fault, offset });
        None
    }

    /// Returns the offset of the next byte.
    fn at(&self) -> usize {
        let read = self.text.len().checked_sub(self.rest.len());
        certain(read, "the rest is a part of the text")
    }

    /// Returns the text from an offset to the next byte. Both are next to ASCII characters.
    fn read_since(&self, start: usize) -> &'a str {
        certain(self.text.get(start..self.at()), "what was read is in the text")
    }

    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn skip(&mut self) {
        self.skip_many(1);
    }

    fn skip_many(&mut self, bytes: usize) {
        self.rest = certain(self.rest.get(bytes..), "only bytes that were seen are skipped");
    }

    /// Takes the next byte if it is this one.
    fn take(&mut self, byte: u8) -> bool {
        match self.rest {
            [first, rest @ ..] if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn skip_whitespace(&mut self) {
        while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// Reads a value with at most `depth` levels of objects and lists, which bounds the recursion.
    fn value(&mut self, name: Span, depth: usize) -> Option<()> {
        let content = match self.peek() {
            Some(b'"') => Content::Text(self.string()?),
            Some(b'{') => {
                let depth = self.deeper(depth)?;
                return self.object(name, depth);
            }
            Some(b'[') => {
                let depth = self.deeper(depth)?;
                return self.list(name, depth);
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.literal("true", Content::Bool(true))?,
            Some(b'f') => self.literal("false", Content::Bool(false))?,
            Some(b'n') => self.literal("null", Content::Null)?,
            _ => return self.refuse(JsonFault::Syntax),
        };
        self.nodes.push(Node { name, content });
        Some(())
    }

    /// Returns the levels that are left inside of an object or a list.
    fn deeper(&mut self, depth: usize) -> Option<usize> {
        let limit = self.limits.depth;
        match depth.checked_sub(1) {
            Some(depth) => Some(depth),
            None => {
                let levels = plus(limit, measure::levels(self.rest));
                self.refuse(JsonFault::TooDeep { levels, limit })
            }
        }
    }

    fn literal(&mut self, word: &str, content: Content) -> Option<Content> {
        let Some(rest) = self.rest.strip_prefix(word.as_bytes()) else {
            return self.refuse(JsonFault::Syntax);
        };
        self.rest = rest;
        Some(content)
    }

    fn list(&mut self, name: Span, depth: usize) -> Option<()> {
        let node = self.open(name);
        self.skip_whitespace();
        if self.take(b']') {
            return self.close(node, Content::List);
        }
        let limit = self.limits.items;
        for _ in 0..limit {
            self.value(Span::default(), depth)?;
            self.skip_whitespace();
            if self.take(b']') {
                return self.close(node, Content::List);
            }
            if !self.take(b',') {
                return self.refuse(JsonFault::Syntax);
            }
            self.skip_whitespace();
        }
        let items = plus(limit, measure::values(self.rest));
        self.refuse(JsonFault::TooManyItems { items, limit })
    }

    /// Begins an object or a list: takes its bracket and reserves its position in the row.
    fn open(&mut self, name: Span) -> usize {
        self.skip();
        let position = self.nodes.len();
        self.nodes.push(Node {
            name,
            content: Content::Null,
        });
        position
    }

    /// Ends the object or list at this position of the row.
    #[allow(
        clippy::unnecessary_wraps,
        reason = "it is the last thing that reading one does"
    )]
    fn close(&mut self, node: usize, content: fn(u32) -> Content) -> Option<()> {
        let end = number(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(node) {
            node.content = content(end);
        }
        Some(())
    }

    fn number(&mut self) -> Option<Content> {
        let start = self.at();
        self.take(b'-');
        // No leading zeros: after a zero comes a fraction, an exponent, or the end of the number.
        if !self.take(b'0') {
            self.digits()?;
        }
        let whole = self.at();
        if self.take(b'.') {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.skip();
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.skip();
            }
            self.digits()?;
        }

        let digits = self.read_since(start);
        // `-0` is a decimal: the integer 0 is written differently.
        if self.at() == whole
            && digits != "-0"
            && let Ok(integer) = digits.parse()
        {
            return Some(Content::Int(integer));
        }
        // Other parsers would not read a larger number at all.
        let is_finite = digits.parse().is_ok_and(f64::is_finite);
        match Decimal::new(digits).filter(|_| is_finite) {
            Some(decimal) => {
                let index = number(self.decimals.len());
                self.decimals.push(decimal);
                Some(Content::Decimal(index))
            }
            None => self.refuse_at(start, JsonFault::NumberOutOfRange),
        }
    }

    /// Skips one digit or more.
    fn digits(&mut self) -> Option<()> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return self.refuse(JsonFault::Syntax);
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.skip();
        }
        Some(())
    }
}
