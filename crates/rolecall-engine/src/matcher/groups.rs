//! Blocks: a key, and behind it the groups of roles that ask for the same besides, side by side in memory.
//!
//! In words of 64 bits: the kind of the key and its length; how many groups there are; the bytes of the key; the flags that
//! each group asks for; and for each its residual, and its posting or where its postings are. So a key is told from another,
//! and a group that can't be met from one that can, before anything else is looked at.

use super::key::KeyKind;
use super::residual::ALWAYS;
use crate::document::{index, number};
use crate::words::few_bytes;

/// What a role asks for besides its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Demand {
    /// The flags that must all be set.
    pub(super) flags: u64,
    /// The residual that must hold.
    pub(super) residual: u32,
}

impl Demand {
    /// Nothing besides.
    pub(super) const NOTHING: Self = Self {
        flags: 0,
        residual: ALWAYS,
    };
}

/// A way to a role: the role, the clause, and whether there may be another way to the same role. There are a million roles
/// in a set at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting(u32);

/// The blocks of an index.
#[derive(Clone, Debug, Default)]
pub(super) struct Blocks {
    words: Box<[u64]>,
    /// The postings of the groups that have several, for each group with their number before them.
    postings: Box<[u32]>,
}

/// Puts blocks together.
#[derive(Default)]
pub(super) struct BlockBuilder {
    words: Vec<u64>,
    postings: Vec<u32>,
}

/// A key and the groups behind it.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    kind: Option<KeyKind>,
    /// The bytes of the key.
    length: u32,
    key: &'a [u64],
    flags: &'a [u64],
    heads: &'a [u64],
    postings: &'a [u32],
}

/// A group: those that ask for the same besides the key.
#[derive(Clone, Copy)]
pub(super) struct Group<'a> {
    pub(super) residual: u32,
    /// A posting, or where postings are.
    roles: u32,
    postings: &'a [u32],
}

/// The roles of a group. Either all of its postings are ambiguous, or none.
pub(super) enum Roles<'a> {
    One(Posting),
    Many(&'a [u32]),
}

impl Posting {
    /// The last clause that has a number of its own here; it stands for all after it, too.
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
    /// Where the next block will be.
    pub(super) fn len(&self) -> u32 {
        number(self.words.len())
    }

    /// Adds a block for a key, or for what no key leads to, and says where it is. The postings come in the order of their
    /// demands, and of equal ones those that are ambiguous last. `place` is told of each posting in which group it is.
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
            // The same role by the same way counts once.
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
    /// The block at a place.
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

    /// A word at a place, whatever it is.
    #[inline]
    pub(super) fn touch(&self, place: u32) -> u64 {
        self.words.get(index(place)).copied().unwrap_or_default()
    }

    /// The bytes that they take.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.words).saturating_add(size_of_val(&*self.postings))
    }
}

impl<'a> Block<'a> {
    /// Whether this is the block of a key.
    #[inline]
    pub(super) fn is_of(&self, kind: KeyKind, key: &[u8]) -> bool {
        self.kind == Some(kind) && self.has_key(key)
    }

    /// Whether these are the bytes of the key.
    #[inline]
    pub(super) fn has_key(&self, key: &[u8]) -> bool {
        let (words, tail) = key.as_chunks::<8>();
        let pairs = || words.iter().zip(self.key);
        index(self.length) == key.len()
            && pairs().all(|(word, known)| u64::from_le_bytes(*word) == *known)
            && (tail.is_empty() || self.key.last() == Some(&few_bytes(tail)))
    }

    /// The kind of the key; `None` if no key leads here.
    #[inline]
    pub(super) fn kind(&self) -> Option<KeyKind> {
        self.kind
    }

    /// The bytes of the key.
    #[inline]
    pub(super) fn key_length(&self) -> usize {
        index(self.length)
    }

    /// How many groups there are.
    pub(super) fn len(&self) -> usize {
        self.flags.len()
    }

    /// The flags that each group asks for.
    pub(super) fn flags(&self) -> &'a [u64] {
        self.flags
    }

    /// A group.
    #[inline]
    pub(super) fn group(&self, place: usize) -> Option<Group<'a>> {
        self.heads.get(place).map(|head| self.open(*head))
    }

    /// All groups, and the flags that each asks for.
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
    /// Its roles.
    #[inline]
    pub(super) fn roles(&self) -> Roles<'a> {
        if self.roles & 1 == 0 {
            return Roles::One(Posting(self.roles));
        }
        let from = self.postings.get(index(self.roles >> 1)..).unwrap_or_default();
        let all = from
            .split_first()
            .and_then(|(count, rest)| rest.get(..index(*count)));
        Roles::Many(all.unwrap_or_default())
    }
}

#[inline]
fn pair(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

#[inline]
fn halves(word: u64) -> (u32, u32) {
    let low = u32::try_from(word & u64::from(u32::MAX)).unwrap_or_default();
    (u32::try_from(word >> 32).unwrap_or_default(), low)
}
