//! Sizes beyond a limit, for the message of an error: of what was not read.
//!
//! The text is only scanned for brackets, commas, colons and strings, once and without recursion. It need not be
//! JSON: then the size is that of its brackets.

use crate::certain::next;

/// The structure of the rest of a text.
struct Scan<'a> {
    rest: &'a [u8],
    /// The levels that are open, counted from the first byte.
    depth: usize,
}

/// Returns the levels of nesting of a value, which begins with a bracket.
pub(super) fn levels(rest: &[u8]) -> usize {
    let mut deepest = 0;
    let mut scan = Scan { rest, depth: 0 };
    while scan.next().is_some() {
        deepest = deepest.max(scan.depth);
        if scan.depth == 0 {
            break;
        }
    }
    deepest
}

/// Returns the number of items of a list or members of an object from one of them on, which is next.
pub(super) fn values(rest: &[u8]) -> usize {
    let mut values = 1;
    let mut scan = Scan { rest, depth: 1 };
    while let Some(byte) = scan.next() {
        if scan.depth == 0 {
            break;
        }
        if byte == b',' && scan.depth == 1 {
            values = next(values);
        }
    }
    values
}

/// Returns the number of members of all objects in the rest of a document.
pub(super) fn members(rest: &[u8]) -> usize {
    let mut members = 0;
    let mut scan = Scan { rest, depth: 0 };
    while let Some(byte) = scan.next() {
        if byte == b':' {
            members = next(members);
        }
    }
    members
}

impl Scan<'_> {
    /// Returns the next byte that is neither in a string nor at the end of one.
    fn next(&mut self) -> Option<u8> {
        let byte = self.take()?;
        match byte {
            b'[' | b'{' => self.depth = next(self.depth),
            // A bracket that was not opened is at the end of what is measured, or no JSON.
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            b'"' => self.skip_string(),
            _ => {}
        }
        Some(byte)
    }

    fn skip_string(&mut self) {
        loop {
            match self.take() {
                None | Some(b'"') => return,
                Some(b'\\') => drop(self.take()),
                Some(_) => {}
            }
        }
    }

    fn take(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }
}

#[cfg(test)]
mod tests {
    use super::{levels, members, values};

    #[test]
    fn sizes_are_counted_outside_of_strings() {
        let rows: [(&str, usize, usize, usize); 7] = [
            ("[]", 1, 1, 0),
            ("[1, [2, 3], {\"a\": \"]\"}] , [[[", 2, 2, 1),
            ("{\"a\\\"]\": [[], [[]]], \"b:\": {\"c\": 1}}}, 5", 4, 1, 3),
            ("1, 2, \",\", [1, 2]], 3", 0, 4, 0),
            ("\"x\\\\\", 1]", 0, 2, 0),
            ("\"never closed, ", 0, 1, 0),
            ("", 0, 1, 0),
        ];
        for (text, deep, many, named) in rows {
            let text = text.as_bytes();
            assert_eq!((levels(text), values(text), members(text)), (deep, many, named));
        }
    }
}
