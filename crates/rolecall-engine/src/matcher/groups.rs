//! Blocks: a key followed by its groups, in one row. The roles of a group share all remaining conditions.
//!
//! A block is a row of 64-bit words: the kind of the key and its length; the number of groups; the bytes of
//! the key; the flags of each group; and for each group its residual with its posting, or with the offset of
//! its postings. The first words distinguish most keys, and rule out most groups.

use super::key::KeyKind;
use super::residual::ALWAYS;
use crate::certain::certain;
use crate::narrow::{high_half, index, low_half, number};
use crate::swar::few_bytes;

/// The conditions of a role in addition to its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Demand {
    /// The flags that must all be set.
    pub(super) flags: u64,
    /// The residual that must hold.
    pub(super) residual: u32,
}

impl Demand {
    /// No condition.
    pub(super) const NOTHING: Self = Self {
        flags: 0,
        residual: ALWAYS,
    };
}

/// A way to a role: the role, the clause, and a bit for another way to the same role. A set has a million
/// roles at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting(u32);

/// The blocks of an index.
#[derive(Clone, Debug, Default)]
pub(super) struct Blocks {
    words: Box<[u64]>,
    /// The postings of the groups that have several. Each group begins with their number.
    postings: Box<[u32]>,
}

/// Builds blocks.
#[derive(Default)]
pub(super) struct BlockBuilder {
    words: Vec<u64>,
    postings: Vec<u32>,
}

/// A key and its groups.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    kind: Option<KeyKind>,
    /// The length of the key in bytes.
    length: u32,
    key: &'a [u64],
    flags: &'a [u64],
    heads: &'a [u64],
    postings: &'a [u32],
}

/// A group: the roles that share all remaining conditions.
#[derive(Clone, Copy)]
pub(super) struct Group<'a> {
    pub(super) residual: u32,
    /// A posting, or the offset of several postings.
    roles: u32,
    postings: &'a [u32],
}

/// The roles of a group. Its postings are all ambiguous, or all unambiguous.
pub(super) enum Roles<'a> {
    One(Posting),
    Many(&'a [u32]),
}

impl Posting {
    /// The last clause that has a number of its own. It also stands for all clauses after it.
    pub(super) const LAST_CLAUSE: u32 = (1 << 10) - 1;

    pub(super) fn new(role: u32, clause: u32) -> Self {
        let posting = Self(role << 12 | clause.min(Self::LAST_CLAUSE) << 2);
        if clause >= Self::LAST_CLAUSE {
            posting.ambiguous()
        } else {
            posting
        }
    }

    pub(super) fn of(word: u32) -> Self {
        Self(word)
    }

    #[must_use]
    pub(super) fn ambiguous(self) -> Self {
        Self(self.0 | 2)
    }

    #[inline]
    pub(super) fn is_ambiguous(self) -> bool {
        self.0 & 2 != 0
    }

    #[inline]
    pub(super) fn role(self) -> u32 {
        self.0 >> 12
    }

    #[inline]
    pub(super) fn clause(self) -> u32 {
        (self.0 >> 2) & Self::LAST_CLAUSE
    }
}

impl BlockBuilder {
    /// Returns the offset of the next block.
    pub(super) fn len(&self) -> u32 {
        number(self.words.len())
    }

    /// Adds a block for a key, or for the roles without one, and returns its offset. The postings must be
    /// sorted by their demands and then by whether they are ambiguous. Calls `place` with each posting and
    /// its group.
    pub(super) fn push(
        &mut self,
        key: Option<(KeyKind, &str)>,
        postings: &[(Demand, Posting)],
        mut place: impl FnMut(Posting, u32),
    ) -> u32 {
        let at = self.len();
        let (kind, text) = key.map_or((0, ""), |(kind, text)| (kind.to_word(), text));
        let identity = |(demand, posting): &(Demand, Posting)| (*demand, posting.is_ambiguous());
        let groups = || postings.chunk_by(|left, right| identity(left) == identity(right));
        self.words.push(pair(kind, number(text.len())));
        self.words.push(u64::from(number(groups().count())));
        let (words, tail) = text.as_bytes().as_chunks::<8>();
        self.words
            .extend(words.iter().map(|word| u64::from_le_bytes(*word)));
        if !tail.is_empty() {
            self.words.push(few_bytes(tail));
        }
        self.words
            .extend(groups().filter_map(|group| Some(group.first()?.0.flags)));
        for (name, group) in groups().enumerate() {
            let Some((demand, first)) = group.first() else {
                continue;
            };
            group
                .iter()
                .for_each(|(_, posting)| place(*posting, number(name)));
            // Equal postings are kept once.
            let mut all: Vec<u32> = group.iter().map(|(_, posting)| posting.0).collect();
            all.dedup();
            let roles = if all.len() == 1 {
                first.0
            } else {
                let start = number(self.postings.len());
                self.postings.push(number(all.len()));
                self.postings.append(&mut all);
                start << 1 | 1
            };
            self.words.push(pair(demand.residual, roles));
        }
        at
    }

    pub(super) fn finish(self) -> Blocks {
        Blocks {
            words: self.words.into(),
            postings: self.postings.into(),
        }
    }
}

impl Blocks {
    /// Returns the block at an offset.
    #[inline]
    pub(super) fn at(&self, place: u32) -> Option<Block<'_>> {
        let [head, count, rest @ ..] = self.words.get(index(place)..)? else {
            return None;
        };
        let (kind, length) = halves(*head);
        let (key, rest) = rest.split_at_checked(index(length).div_ceil(8))?;
        let count = usize::try_from(*count).ok()?;
        let (flags, rest) = rest.split_at_checked(count)?;
        Some(Block {
            kind: KeyKind::of_word(kind),
            length,
            key,
            flags,
            heads: rest.get(..count)?,
            postings: &self.postings,
        })
    }

    /// Reads a word, so that memory fetches it.
    #[inline]
    pub(super) fn touch(&self, place: u32) -> u64 {
        // A free slot leads to no block, and there is nothing to fetch.
        self.words.get(index(place)).copied().unwrap_or_default()
    }

    /// Returns the bytes that the blocks take.
    pub(super) fn bytes(&self) -> usize {
        [size_of_val(&*self.words), size_of_val(&*self.postings)]
            .iter()
            .sum()
    }
}

impl<'a> Block<'a> {
    /// Returns true if this is the block of a key.
    #[inline]
    pub(super) fn is_of(&self, kind: KeyKind, key: &[u8]) -> bool {
        self.kind == Some(kind) && self.has_key(key)
    }

    /// Returns true if these are the bytes of the key.
    #[inline]
    pub(super) fn has_key(&self, key: &[u8]) -> bool {
        let (words, tail) = key.as_chunks::<8>();
        let pairs = || words.iter().zip(self.key);
        index(self.length) == key.len()
            && pairs().all(|(word, known)| u64::from_le_bytes(*word) == *known)
            && (tail.is_empty() || self.key.last() == Some(&few_bytes(tail)))
    }

    /// Returns the kind of the key; `None` in the block of the roles without a key.
    #[inline]
    pub(super) fn kind(&self) -> Option<KeyKind> {
        self.kind
    }

    /// Returns the length of the key in bytes.
    #[inline]
    pub(super) fn key_length(&self) -> usize {
        index(self.length)
    }

    /// Returns the number of groups.
    pub(super) fn len(&self) -> usize {
        self.flags.len()
    }

    /// Returns the flags of each group.
    pub(super) fn flags(&self) -> &'a [u64] {
        self.flags
    }

    /// Returns a group.
    #[inline]
    pub(super) fn group(&self, place: usize) -> Option<Group<'a>> {
        self.heads.get(place).map(|head| self.open(*head))
    }

    /// Returns all groups, each with its flags.
    #[inline]
    pub(super) fn groups(self) -> impl Iterator<Item = (u64, Group<'a>)> {
        let groups = self.flags.iter().zip(self.heads);
        groups.map(move |(flags, head)| (*flags, self.open(*head)))
    }

    #[inline]
    fn open(&self, head: u64) -> Group<'a> {
        let (residual, roles) = halves(head);
        Group {
            residual,
            roles,
            postings: self.postings,
        }
    }
}

impl<'a> Group<'a> {
    /// Returns its roles.
    #[inline]
    pub(super) fn roles(&self) -> Roles<'a> {
        if self.roles & 1 == 0 {
            return Roles::One(Posting(self.roles));
        }
        let from = self.postings.get(index(self.roles >> 1)..);
        let all = from
            .and_then(<[u32]>::split_first)
            .and_then(|(count, rest)| rest.get(..index(*count)));
        Roles::Many(certain(all, "the postings of a group are in the table"))
    }
}

#[inline]
fn pair(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

#[inline]
fn halves(word: u64) -> (u32, u32) {
    (high_half(word), low_half(word))
}
