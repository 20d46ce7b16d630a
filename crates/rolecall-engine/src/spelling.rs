//! Texts that many others are compared with.

use crate::words::few_bytes;

/// A text, and its two ends as words: of a short text they are all of it, and of most others they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spelling {
    text: Box<str>,
    ends: Ends,
    hash: u64,
}

/// The first eight bytes of a text and the last eight, which may overlap, and its length. Of a shorter text the first word
/// is all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ends {
    first: u64,
    last: u64,
    length: usize,
}

/// A table of texts, each with a value. It never grows.
///
/// Texts are looked up by their ends. Whoever writes policies may choose texts that share them; whoever writes tokens only
/// chooses which of the texts to ask for, and they are compared to the last byte.
#[derive(Clone, Debug)]
pub(crate) struct Lookup<V>(Box<[Option<(Spelling, V)>]>);

impl Spelling {
    pub(crate) fn new(text: &str) -> Self {
        let ends = Ends::of(text.as_bytes());
        Self {
            text: text.into(),
            ends,
            hash: ends.hash(),
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The hash of its ends.
    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    /// Whether these are its bytes.
    #[inline]
    pub(crate) fn is(&self, bytes: &[u8]) -> bool {
        self.has(Ends::of(bytes), bytes)
    }

    /// Whether these bytes end with it.
    #[inline]
    pub(crate) fn ends(&self, bytes: &[u8]) -> bool {
        let start = bytes.len().checked_sub(self.ends.length);
        let end = start.and_then(|start| bytes.get(start..));
        // The last bytes tell most texts apart.
        end.is_some_and(|end| match end.last_chunk::<8>() {
            Some(last) => u64::from_le_bytes(*last) == self.ends.last && self.text.as_bytes() == end,
            None => self.text.as_bytes() == end,
        })
    }

    #[inline]
    fn has(&self, ends: Ends, bytes: &[u8]) -> bool {
        self.ends == ends && (bytes.len() <= 16 || self.text.as_bytes() == bytes)
    }
}

impl Ends {
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

    /// A number that most texts have for themselves. All of its bits count alike.
    #[inline]
    pub(crate) fn hash(self) -> u64 {
        let length = u64::try_from(self.length).unwrap_or_default();
        let mixed = (self.first ^ self.last.rotate_left(29) ^ length).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ mixed >> 32
    }
}

impl<V> Lookup<V> {
    /// A table of these texts, of which no two are the same.
    pub(crate) fn new(values: Vec<(Spelling, V)>) -> Self {
        let size = values.len().saturating_mul(2).next_power_of_two();
        let mut table: Box<[Option<(Spelling, V)>]> = std::iter::repeat_with(|| None).take(size).collect();
        for (text, value) in values {
            let mut at = Self::first(text.hash, table.len());
            // Half of the slots stay free.
            while table.get(at).is_some_and(Option::is_some) {
                at = Self::after(at, table.len());
            }
            if let Some(slot) = table.get_mut(at) {
                *slot = Some((text, value));
            }
        }
        Self(table)
    }

    /// The value of a text.
    #[inline]
    pub(crate) fn get(&self, text: &str) -> Option<&V> {
        let ends = Ends::of(text.as_bytes());
        let mut at = Self::first(ends.hash(), self.0.len());
        loop {
            let (known, value) = self.0.get(at)?.as_ref()?;
            if known.has(ends, text.as_bytes()) {
                return Some(value);
            }
            at = Self::after(at, self.0.len());
        }
    }

    /// The bytes that the table takes.
    pub(crate) fn bytes(&self) -> usize {
        let texts = self.0.iter().flatten().map(|(known, _)| known.text.len());
        size_of_val(&*self.0).saturating_add(texts.sum())
    }

    #[inline]
    fn first(hash: u64, size: usize) -> usize {
        usize::try_from(hash & u64::from(u32::MAX)).unwrap_or_default() & size.wrapping_sub(1)
    }

    #[inline]
    fn after(at: usize, size: usize) -> usize {
        at.wrapping_add(1) & size.wrapping_sub(1)
    }
}
