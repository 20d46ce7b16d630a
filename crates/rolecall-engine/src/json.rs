//! Strict JSON: one reading of a text, or none.
//!
//! Two parsers that read one text differently are how a refused token becomes an accepted one. So nothing is repaired
//! here: RFC 8259 to the letter, each member once (RFC 7519 section 4), no lone surrogates, and limits on depth, members,
//! items and text. It is written by hand because a general parser has switches that any other crate of a build can flip
//! for everybody, and because each refusal has to say which rule it was, and where. It goes over the text once.

mod error;
mod object;
mod text;

use crate::document::{Content, Document, Node, Span, number};

pub use error::{JsonError, JsonFault};

/// How much of everything a document may hold.
#[derive(Clone, Copy, Debug)]
pub struct JsonLimits {
    /// Objects and lists inside one another, the outermost included.
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
    /// What a token's header or claims may hold: several times what any CI system sends.
    pub const CLAIMS: Self = Self {
        depth: 16,
        items: 1_000,
        members: 256,
        members_in_all: 256,
        text: 8 * 1024,
    };
}

/// The longest document, so that every place in one is a number of 32 bits.
const LONGEST: usize = 16 * 1024 * 1024;

impl Document {
    /// Reads a JSON object within limits, and nothing else.
    ///
    /// Refused are duplicate members at any depth (compared after unescaping, RFC 7519 section 4), anything that is not
    /// JSON (RFC 8259) or not UTF-8, a byte order mark, lone surrogates, trailing bytes, numbers too large for a float of
    /// 64 bits, and whatever is beyond the limits.
    ///
    /// Integers of 64 bits become [`Json::Int`](crate::Json::Int); every other number becomes
    /// [`Json::Float`](crate::Json::Float), on which no comparison of the language holds, so that two ids beyond 2^53 are
    /// never taken for one another.
    ///
    /// # Errors
    /// [`JsonError`] says which rule was broken, and at which byte.
    pub fn parse(bytes: Vec<u8>, limits: &JsonLimits) -> Result<Self, JsonError> {
        let refuse = |fault, offset| Err(JsonError { fault, offset });
        if bytes.len() > LONGEST {
            return refuse(JsonFault::DocumentTooLong { limit: LONGEST }, LONGEST);
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
            unescaped,
            ..
        } = parser;
        if let Some(error) = error {
            return Err(error);
        }
        let start = start.unwrap_or_default();
        if !matches!(nodes.first(), Some(root) if matches!(root.content, Content::Object(_))) {
            return refuse(JsonFault::NotAnObject, start);
        }
        text.push_str(&unescaped);
        Ok(Self::new(text, nodes))
    }
}

struct Parser<'a> {
    text: &'a str,
    /// What of the text has not been read.
    rest: &'a [u8],
    limits: &'a JsonLimits,
    /// Why the reading ended early. It is kept aside, so that what each step returns stays small.
    error: Option<JsonError>,
    /// Members of all objects so far.
    members: usize,
    nodes: Vec<Node>,
    /// The strings that do not stand in the text as they are. They will stand behind it.
    unescaped: String,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, limits: &'a JsonLimits) -> Self {
        Self {
            text,
            rest: text.as_bytes(),
            limits,
            error: None,
            members: 0,
            // Room for the claims of a token: a name, a value and their punctuation have some 30 bytes there.
            nodes: Vec::with_capacity(text.len().checked_div(24).unwrap_or_default().saturating_add(4)),
            unescaped: String::new(),
        }
    }

    /// Reads the document, and says where its value begins.
    fn document(&mut self) -> Option<usize> {
        self.skip_whitespace();
        let start = self.at();
        self.value(Span::default(), 0)?;
        self.skip_whitespace();
        if !self.rest.is_empty() {
            return self.refuse(JsonFault::TrailingBytes);
        }
        Some(start)
    }

    /// Ends the reading here.
    #[cold]
    fn refuse<T>(&mut self, fault: JsonFault) -> Option<T> {
        self.refuse_at(self.at(), fault)
    }

    #[cold]
    fn refuse_at<T>(&mut self, offset: usize, fault: JsonFault) -> Option<T> {
        self.error = Some(JsonError { fault, offset });
        None
    }

    /// How much of the text has been read.
    fn at(&self) -> usize {
        self.text.len().saturating_sub(self.rest.len())
    }

    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn skip(&mut self) {
        self.skip_many(1);
    }

    fn skip_many(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
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

    /// Reads a value that stands inside `depth` objects and lists. The depth is bounded, and so is the recursion.
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

    fn deeper(&mut self, depth: usize) -> Option<usize> {
        let limit = self.limits.depth;
        if depth >= limit {
            self.refuse(JsonFault::TooDeep { limit })
        } else {
            Some(depth.saturating_add(1))
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
        let mut items: usize = 0;
        loop {
            let limit = self.limits.items;
            if items >= limit {
                return self.refuse(JsonFault::TooManyItems { limit });
            }
            items = items.saturating_add(1);
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
    }

    /// Begins an object or a list: takes its bracket, and keeps its place in the row.
    fn open(&mut self, name: Span) -> usize {
        self.skip();
        self.nodes.push(Node {
            name,
            content: Content::Null,
        });
        self.nodes.len().saturating_sub(1)
    }

    /// Ends the object or list that has this place in the row.
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
        // No zeros in front: after a zero comes a fraction, an exponent, or the end of the number.
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

        let end = self.at();
        let digits = self.text.get(start..end).unwrap_or_default();
        // `-0` is a float: it is not the integer that it would have to be equal to.
        if end == whole
            && digits != "-0"
            && let Ok(integer) = digits.parse()
        {
            return Some(Content::Int(integer));
        }
        match digits.parse::<f64>() {
            Ok(float) if float.is_finite() => Some(Content::Float(float)),
            _ => self.refuse_at(start, JsonFault::NumberOutOfRange),
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
