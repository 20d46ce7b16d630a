//! Strings of JSON (RFC 8259 section 7), unescaped.

use super::{JsonError, JsonFault, Parser};

impl<'a> Parser<'a> {
    /// Reads a string with its quotes.
    pub(super) fn string(&mut self) -> Result<String, JsonError> {
        if !self.take(b'"') {
            return self.refuse(JsonFault::Syntax);
        }
        let mut text = String::new();
        loop {
            let plain = self.plain();
            let limit = self.limits.text;
            if text.len().saturating_add(plain.len()) > limit {
                return self.refuse(JsonFault::TextTooLong { limit });
            }
            text.push_str(plain);
            match self.peek() {
                Some(b'"') => {
                    self.skip();
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.skip();
                    text.push(self.escape()?);
                }
                // The end of the document, or a control character that should have been escaped.
                _ => return self.refuse(JsonFault::Syntax),
            }
        }
    }

    /// The text up to the next quote, backslash or control character. It is cut at ASCII, so never inside a character.
    fn plain(&mut self) -> &'a str {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|byte| byte >= b' ' && byte != b'"' && byte != b'\\')
        {
            self.skip();
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Reads what follows a backslash.
    fn escape(&mut self) -> Result<char, JsonError> {
        let Some(byte) = self.peek() else {
            return self.refuse(JsonFault::Syntax);
        };
        let c = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.skip();
                return self.utf16();
            }
            _ => return self.refuse(JsonFault::Syntax),
        };
        self.skip();
        Ok(c)
    }

    /// Reads four hexadecimal digits, and the escape after them where the two are one character.
    fn utf16(&mut self) -> Result<char, JsonError> {
        let start = self.at;
        let lone = JsonError {
            fault: JsonFault::LoneSurrogate,
            offset: start,
        };
        let first = self.hex4()?;
        let mut units = [first, 0];
        let mut length = 1;
        if (0xd800..0xdc00).contains(&first) {
            if !(self.take(b'\\') && self.take(b'u')) {
                return Err(lone);
            }
            units = [first, self.hex4()?];
            length = 2;
        }
        match char::decode_utf16(units.into_iter().take(length)).next() {
            Some(Ok(c)) => Ok(c),
            _ => Err(lone),
        }
    }

    fn hex4(&mut self) -> Result<u16, JsonError> {
        let digits = self
            .at
            .checked_add(4)
            .and_then(|end| self.text.get(self.at..end))
            .unwrap_or_default();
        // `from_str_radix` would take a sign, too.
        if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return self.refuse(JsonFault::Syntax);
        }
        self.at = self.at.saturating_add(4);
        u16::from_str_radix(digits, 16).or_else(|_| self.refuse(JsonFault::Syntax))
    }
}
