//! Strict JSON: one reading of a text, or none.
//!
//! Two parsers that read one text differently are how a refused token becomes an accepted one. So nothing is repaired
//! here: RFC 8259 to the letter, each member once (RFC 7519 section 4), no lone surrogates, and limits on depth, members,
//! items and text. It is written by hand because a general parser has switches that any other crate of a build can flip
//! for everybody, and because each refusal has to say which rule it was, and where.

mod error;
mod text;

use rolecall_engine::{Object, Value};

pub use error::{JsonError, JsonFault};

/// How much of everything a document may hold.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// Objects and lists inside one another, the outermost included.
    pub(crate) depth: usize,
    /// Items of one list.
    pub(crate) items: usize,
    /// Members of one object.
    pub(crate) members: usize,
    /// Members of all objects together.
    pub(crate) members_in_all: usize,
    /// Bytes of one string or name, after unescaping.
    pub(crate) text: usize,
}

impl Limits {
    /// What a token's header or claims may hold: several times what any CI system sends.
    pub(crate) const CLAIMS: Self = Self {
        depth: 16,
        items: 1_000,
        members: 256,
        members_in_all: 256,
        text: 8 * 1024,
    };
}

/// Reads the claims of a token: a JSON object and nothing else.
///
/// Refused are duplicate members at any depth (compared after unescaping, RFC 7519 section 4), anything that is not JSON
/// (RFC 8259) or not UTF-8, a byte order mark, lone surrogates, trailing bytes, numbers too large for a float of 64 bits,
/// more than 16 levels, more than 256 members in all, more than 1,000 items in a list, and strings over 8 KiB.
///
/// Integers of 64 bits become [`Value::Int`]; every other number becomes [`Value::Float`], on which no comparison of the
/// language holds, so that two ids beyond 2^53 are never taken for one another.
///
/// # Errors
/// [`JsonError`] says which rule was broken, and at which byte.
pub fn parse_json_object(bytes: &[u8]) -> Result<Object, JsonError> {
    parse(bytes, Limits::CLAIMS)
}

/// Reads a JSON object within limits.
pub(crate) fn parse(bytes: &[u8], limits: Limits) -> Result<Object, JsonError> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            return Err(JsonError {
                fault: JsonFault::NotUtf8,
                offset: error.valid_up_to(),
            });
        }
    };
    let mut parser = Parser {
        text,
        at: 0,
        members: 0,
        limits,
    };
    if text.starts_with('\u{feff}') {
        return parser.refuse(JsonFault::ByteOrderMark);
    }
    parser.skip_whitespace();
    let start = parser.at;
    let value = parser.value(0)?;
    parser.skip_whitespace();
    if parser.peek().is_some() {
        return parser.refuse(JsonFault::TrailingBytes);
    }
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(JsonError {
            fault: JsonFault::NotAnObject,
            offset: start,
        }),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    members: usize,
    limits: Limits,
}

impl Parser<'_> {
    fn refuse<T>(&self, fault: JsonFault) -> Result<T, JsonError> {
        Err(JsonError {
            fault,
            offset: self.at,
        })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// Takes the next byte if it is this one.
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.skip();
        }
        found
    }

    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.skip();
        }
    }

    /// Reads a value that stands inside `depth` objects and lists. The depth is bounded, and so is the recursion.
    fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        match self.peek() {
            Some(b'{') => self.object(self.deeper(depth)?).map(Value::Object),
            Some(b'[') => self.list(self.deeper(depth)?).map(Value::List),
            Some(b'"') => self.string().map(Value::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Null),
            _ => self.refuse(JsonFault::Syntax),
        }
    }

    fn deeper(&self, depth: usize) -> Result<usize, JsonError> {
        let limit = self.limits.depth;
        if depth >= limit {
            self.refuse(JsonFault::TooDeep { limit })
        } else {
            Ok(depth.saturating_add(1))
        }
    }

    fn literal(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        if !self
            .text
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(word))
        {
            return self.refuse(JsonFault::Syntax);
        }
        self.at = self.at.saturating_add(word.len());
        Ok(value)
    }

    fn object(&mut self, depth: usize) -> Result<Object, JsonError> {
        let mut object = Object::new();
        self.skip();
        self.skip_whitespace();
        if self.take(b'}') {
            return Ok(object);
        }
        loop {
            self.member(&mut object, depth)?;
            self.skip_whitespace();
            if self.take(b'}') {
                return Ok(object);
            }
            if !self.take(b',') {
                return self.refuse(JsonFault::Syntax);
            }
            self.skip_whitespace();
        }
    }

    fn member(&mut self, object: &mut Object, depth: usize) -> Result<(), JsonError> {
        let limits = self.limits;
        for (members, limit) in [
            (object.len(), limits.members),
            (self.members, limits.members_in_all),
        ] {
            if members >= limit {
                return self.refuse(JsonFault::TooManyMembers { limit });
            }
        }
        self.members = self.members.saturating_add(1);

        let start = self.at;
        let name = self.string()?;
        self.skip_whitespace();
        if !self.take(b':') {
            return self.refuse(JsonFault::Syntax);
        }
        self.skip_whitespace();
        let value = self.value(depth)?;
        object.insert(name, value).map_err(|_| JsonError {
            fault: JsonFault::DuplicateMember,
            offset: start,
        })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Value>, JsonError> {
        let mut items = Vec::new();
        self.skip();
        self.skip_whitespace();
        if self.take(b']') {
            return Ok(items);
        }
        loop {
            let limit = self.limits.items;
            if items.len() >= limit {
                return self.refuse(JsonFault::TooManyItems { limit });
            }
            items.push(self.value(depth)?);
            self.skip_whitespace();
            if self.take(b']') {
                return Ok(items);
            }
            if !self.take(b',') {
                return self.refuse(JsonFault::Syntax);
            }
            self.skip_whitespace();
        }
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        self.take(b'-');
        // No zeros in front: after a zero comes a fraction, an exponent, or the end of the number.
        if !self.take(b'0') {
            self.digits()?;
        }
        let whole = self.at;
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

        let digits = self.text.get(start..self.at).unwrap_or_default();
        // `-0` is a float: it is not the integer that it would have to be equal to.
        if self.at == whole
            && digits != "-0"
            && let Ok(integer) = digits.parse()
        {
            return Ok(Value::Int(integer));
        }
        match digits.parse::<f64>() {
            Ok(float) if float.is_finite() => Ok(Value::Float(float)),
            _ => Err(JsonError {
                fault: JsonFault::NumberOutOfRange,
                offset: start,
            }),
        }
    }

    /// Skips one digit or more.
    fn digits(&mut self) -> Result<(), JsonError> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return self.refuse(JsonFault::Syntax);
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.skip();
        }
        Ok(())
    }
}
