//! JSON strings (RFC 8259 section 7), unescaped.

use super::{JsonFault, Parser};
use crate::certain::{certain, plus};
use crate::document::Span;
use crate::narrow::{index, number};

impl Parser<'_> {
    /// Reads a string with its quotes. A string with escapes is copied; any other is used where it is.
    pub(super) fn string(&mut self) -> Option<Span> {
        let [b'"', rest @ ..] = self.rest else {
            return self.refuse(JsonFault::Syntax);
        };
        self.rest = rest;
        let length = plain_length(rest);
        match rest.get(length..) {
            Some([b'"', behind @ ..]) if length <= self.limits.text => {
                let start = number(self.at());
                self.rest = behind;
                Some(Span {
                    start,
                    length: number(length),
                })
            }
            _ => self.string_with_escapes(),
        }
    }

    /// Reads the rest of a string after its first quote, and copies it.
    #[cold]
    fn string_with_escapes(&mut self) -> Option<Span> {
        let begin = self.unescaped.len();
        loop {
            self.plain(begin)?;
            match self.peek() {
                Some(b'"') => {
                    self.skip();
                    return Some(Span {
                        start: number(plus(self.text.len(), begin)),
                        length: number(self.copied_since(begin)),
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
        }
    }

    /// Copies the text up to the next quote, backslash or control character, unless the string gets too long.
    /// The text ends before an ASCII character, so never inside of one.
    fn plain(&mut self, begin: usize) -> Option<()> {
        let limit = self.limits.text;
        let start = self.at();
        let length = plain_length(self.rest);
        self.skip_many(length);
        let copied = self.copied_since(begin);
        if limit.checked_sub(copied).is_none_or(|left| length > left) {
            let offset = self.at();
            let length = plus(plus(copied, length), self.rest_of_string());
            return self.refuse_at(offset, JsonFault::TextTooLong { length, limit });
        }
        let plain = self.read_since(start);
        self.unescaped.push_str(plain);
        Some(())
    }

    /// Skips the rest of a string that is too long, and returns its length once unescaped. It ends early at an
    /// error.
    fn rest_of_string(&mut self) -> usize {
        let mut length = 0;
        while self.take(b'\\') {
            let Some(c) = self.escape() else { break };
            let plain = plain_length(self.rest);
            self.skip_many(plain);
            length = plus(length, plus(c.len_utf8(), plain));
        }
        length
    }

    /// Returns the length of the copied text from a position on.
    fn copied_since(&self, begin: usize) -> usize {
        let length = self.unescaped.len().checked_sub(begin);
        certain(length, "copied text is kept")
    }

    /// Reads what follows a backslash.
    fn escape(&mut self) -> Option<char> {
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
        Some(c)
    }

    /// Reads four hexadecimal digits, and the escape after them where the two are one character.
    fn utf16(&mut self) -> Option<char> {
        let start = self.at();
        let first = self.hex4()?;
        let mut units = [first, 0];
        let mut length = 1;
        if (0xd800..0xdc00).contains(&first) {
            if !(self.take(b'\\') && self.take(b'u')) {
                return self.refuse_at(start, JsonFault::LoneSurrogate);
            }
            units = [first, self.hex4()?];
            length = 2;
        }
        match char::decode_utf16(units.into_iter().take(length)).next() {
            Some(Ok(c)) => Some(c),
            _ => self.refuse_at(start, JsonFault::LoneSurrogate),
        }
    }

    fn hex4(&mut self) -> Option<u16> {
        let digits = self.rest.first_chunk::<4>();
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        let value = digits.and_then(|digits| {
            let mut digits = digits.iter().map(digit);
            digits.try_fold(0, |value, digit| Some((value << 4) | digit?))
        });
        let Some(value) = value.and_then(|value| u16::try_from(value).ok()) else {
            return self.refuse(JsonFault::Syntax);
        };
        self.skip_many(4);
        Some(value)
    }
}

/// Returns the number of bytes before the first quote, backslash or control character.
///
/// Most of a token is such bytes, so sixteen are tested at a time.
fn plain_length(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<16>();
    let mut length = 0;
    for word in words {
        let specials = specials(u128::from_le_bytes(*word));
        if specials != 0 {
            return plus(length, index(specials.trailing_zeros() >> 3));
        }
        length = plus(length, 16);
    }
    let is_special = |byte: &u8| *byte < b' ' || *byte == b'"' || *byte == b'\\';
    plus(length, rest.iter().position(is_special).unwrap_or(rest.len()))
}

/// Marks quotes, backslashes and control characters by the highest bits of their bytes. The lowest mark is
/// right; those above it may not be.
fn specials(word: u128) -> u128 {
    const ONES: u128 = u128::from_le_bytes([1; 16]);
    const HIGHS: u128 = u128::from_le_bytes([0x80; 16]);
    const BACKSLASHES: u128 = u128::from_le_bytes([b'\\'; 16]);
    const TWOS: u128 = u128::from_le_bytes([2; 16]);
    const BOUNDS: u128 = u128::from_le_bytes([b' ' + 1; 16]);
    // With their second bits flipped, quotes and control characters are the lowest bytes.
    let quotes_and_controls = (word ^ TWOS).wrapping_sub(BOUNDS);
    let backslashes = (word ^ BACKSLASHES).wrapping_sub(ONES);
    // Subtracting borrows from the bytes above, and can mark them as well.
    (quotes_and_controls | backslashes) & !word & HIGHS
}

#[cfg(test)]
mod tests {
    use super::plain_length;

    #[test]
    fn sixteen_bytes_at_a_time_find_what_one_at_a_time_finds() {
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
