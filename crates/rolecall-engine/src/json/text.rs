//! Strings of JSON (RFC 8259 section 7), unescaped.

use super::{JsonError, JsonFault, Parser};
use crate::document::{Span, number};

impl Parser<'_> {
    /// Reads a string with its quotes. Without escapes it stays where it is; with some, it is written out.
    pub(super) fn string(&mut self) -> Result<Span, JsonError> {
        if !self.take(b'"') {
            return self.refuse(JsonFault::Syntax);
        }
        let start = self.at;
        let length = self.plain(0)?;
        if self.take(b'"') {
            return Ok(Span {
                start: number(start),
                length: number(length),
            });
        }

        let begin = self.unescaped.len();
        self.copy(start);
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.skip();
                    return Ok(Span {
                        start: number(self.text.len().saturating_add(begin)),
                        length: number(self.unescaped.len().saturating_sub(begin)),
                    });
                }
                Some(b'\\') => {
                    self.skip();
                    let c = self.escape()?;
                    self.unescaped.push(c);
                }
                // The end of the document, or a control character that should have been escaped.
                _ => return self.refuse(JsonFault::Syntax),
            }
            let start = self.at;
            self.plain(self.unescaped.len().saturating_sub(begin))?;
            self.copy(start);
        }
    }

    /// Skips the text up to the next quote, backslash or control character, if with what there is of the string already
    /// it is not too long. It ends at ASCII, so never inside a character.
    fn plain(&mut self, before: usize) -> Result<usize, JsonError> {
        let limit = self.limits.text;
        let length = plain_length(self.text.as_bytes().get(self.at..).unwrap_or_default());
        if before.saturating_add(length) > limit {
            self.at = self.at.saturating_add(length);
            return self.refuse(JsonFault::TextTooLong { limit });
        }
        self.at = self.at.saturating_add(length);
        Ok(length)
    }

    /// Writes out the text from this place to where the parser is.
    fn copy(&mut self, start: usize) {
        let plain = self.text.get(start..self.at).unwrap_or_default();
        self.unescaped.push_str(plain);
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

/// How many bytes from the first on mean themselves in a string: no quote, no backslash, no control character.
///
/// Most of a token is such bytes, so they are looked at eight at a time.
fn plain_length(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut length: usize = 0;
    for word in words {
        match first_special(u64::from_le_bytes(*word)) {
            8 => length = length.saturating_add(8),
            before => return length.saturating_add(before),
        }
    }
    let is_special = |byte: &u8| *byte < b' ' || *byte == b'"' || *byte == b'\\';
    length.saturating_add(rest.iter().position(is_special).unwrap_or(rest.len()))
}

/// How many bytes of a word come before its first that does not mean itself: 8 if there is none.
fn first_special(word: u64) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHS: u64 = u64::from_le_bytes([0x80; 8]);
    const QUOTES: u64 = u64::from_le_bytes([b'"'; 8]);
    const BACKSLASHES: u64 = u64::from_le_bytes([b'\\'; 8]);
    const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
    // Subtracting borrows from above, so that only the lowest mark can be relied on: it is the one that is asked for.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word;
    let controls = word.wrapping_sub(SPACES) & !word;
    let marks = (zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES) | controls) & HIGHS;
    usize::try_from(marks.trailing_zeros() >> 3).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::plain_length;

    #[test]
    fn eight_bytes_at_a_time_find_what_one_at_a_time_finds() {
        let slow = |bytes: &[u8]| {
            bytes
                .iter()
                .take_while(|b| !matches!(**b, 0..32 | b'"' | b'\\'))
                .count()
        };
        let neighbours = [
            0x00, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x5b, 0x5c, 0x5d, 0x7f, 0x80, 0x9f, 0xa2, 0xdc, 0xff,
        ];
        for place in 0..20 {
            for first in 0..=255 {
                for next in neighbours {
                    let mut bytes = [b'x'; 21];
                    bytes[place] = first;
                    bytes[place + 1] = next;
                    assert_eq!(plain_length(&bytes), slow(&bytes), "{bytes:?}");
                }
            }
        }
    }
}
