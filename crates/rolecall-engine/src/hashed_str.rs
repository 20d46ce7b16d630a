//! Texts that many others are compared with, and their hashes.

use crate::narrow::word;
use crate::swar::few_bytes;

/// A text with its edge words and its hash. Edge words hold a short text, and distinguish most longer ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HashedStr {
    text: Box<str>,
    edges: EdgeWords,
    hash: u64,
}

/// The first and the last eight bytes of a text, which may overlap, and its length. Of a text with fewer than
/// eight bytes the first word is all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EdgeWords {
    first: u64,
    last: u64,
    length: usize,
}

impl HashedStr {
    pub(crate) fn new(text: &str) -> Self {
        let edges = EdgeWords::of(text.as_bytes());
        Self {
            text: text.into(),
            edges,
            hash: edges.hash(),
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the hash of its edge words.
    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    /// Returns true if these are its bytes.
    #[inline]
    pub(crate) fn is(&self, bytes: &[u8]) -> bool {
        self.has(EdgeWords::of(bytes), bytes)
    }

    /// Returns true if these bytes end with it.
    #[inline]
    pub(crate) fn ends(&self, bytes: &[u8]) -> bool {
        let start = bytes.len().checked_sub(self.edges.length);
        let end = start.and_then(|start| bytes.get(start..));
        // The last bytes tell most texts apart.
        end.is_some_and(|end| match end.last_chunk::<8>() {
            Some(last) => u64::from_le_bytes(*last) == self.edges.last && self.text.as_bytes() == end,
            None => self.text.as_bytes() == end,
        })
    }

    /// Returns true if these are its bytes, whose edge words these are.
    #[inline]
    pub(crate) fn has(&self, edges: EdgeWords, bytes: &[u8]) -> bool {
        self.edges == edges && (bytes.len() <= 16 || self.text.as_bytes() == bytes)
    }
}

impl EdgeWords {
    #[inline]
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let length = bytes.len();
        match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(first), Some(last)) => Self {
                first: u64::from_le_bytes(*first),
                last: u64::from_le_bytes(*last),
                length,
            },
            _ => Self {
                first: few_bytes(bytes),
                last: 0,
                length,
            },
        }
    }

    /// Returns a hash in which all bits are well mixed.
    #[inline]
    pub(crate) fn hash(self) -> u64 {
        let mixed =
            (self.first ^ self.last.rotate_left(29) ^ word(self.length)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ mixed >> 32
    }
}
