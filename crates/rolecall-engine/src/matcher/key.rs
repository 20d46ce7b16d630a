//! Index keys: the part of a claim's text that roles are indexed by, and its hash.
//!
//! A text is cut at each `/` and each `:`. Its keys are the text itself, each part from its start to a cut,
//! and each part from a cut to its end.

use super::window::{Window, Windows, halves};
use crate::id::ClaimId;
use crate::narrow::index;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;

/// The part of a text that a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part {
    /// From a cut, or the start, to the end.
    End,
    /// From the start to a cut, or the end.
    Start,
    /// The whole text.
    Whole,
}

/// The kind of a key: its claim and its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct KeyKind(NonZeroU32);

/// A claim that has keys, and the lengths of its keys: a bit for each number of segments.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyedClaim {
    pub(super) claim: ClaimId,
    starts: u32,
    ends: u32,
}

/// Hashes keys. The secrets differ from set to set, so that texts with colliding hashes cannot be prepared. A
/// key is found only if its bytes are equal, whatever its hash.
///
/// The hash of a part is that of its segments in order, so one pass over a text gives the hashes of all its
/// parts. A whole text is hashed without regard to its cuts.
#[derive(Clone, Debug)]
pub(super) struct KeyHasher {
    secrets: [u64; 3],
}

/// The maximum number of segments of a key that is not a whole text. A text may have more.
pub(super) const MAX_SEGMENTS: usize = 16;

/// The number of bytes that are searched for cuts at a time.
const BLOCK: usize = 64;

impl KeyKind {
    #[inline]
    pub(super) fn new(claim: ClaimId, part: Part) -> Self {
        let part = match part {
            Part::End => NonZeroU32::MIN,
            Part::Start => NonZeroU32::MIN | 2,
            Part::Whole => NonZeroU32::MIN | 4,
        };
        Self(part | claim.number() << 3)
    }

    /// Returns the kind as a number, which is not zero.
    #[inline]
    pub(super) fn to_word(self) -> u32 {
        self.0.get()
    }

    /// Returns the kind of a number, or `None` for zero.
    #[inline]
    pub(super) fn of_word(word: u32) -> Option<Self> {
        NonZeroU32::new(word).map(Self)
    }

    #[inline]
    pub(super) fn claim(self) -> ClaimId {
        ClaimId::of_number(self.0.get() >> 3)
    }

    #[inline]
    pub(super) fn part(self) -> Part {
        match (self.0.get() >> 1) & 3 {
            0 => Part::End,
            1 => Part::Start,
            _ => Part::Whole,
        }
    }
}

impl KeyedClaim {
    pub(super) fn new(claim: ClaimId) -> Self {
        let (starts, ends) = (0, 0);
        Self { claim, starts, ends }
    }

    /// Adds a key.
    pub(super) fn add(&mut self, part: Part, text: &str) {
        let lengths = match part {
            Part::End => &mut self.ends,
            Part::Start => &mut self.starts,
            Part::Whole => return,
        };
        let cuts = u32::try_from(text.matches(is_cut).count()).ok();
        let bit = cuts.and_then(|cuts| 1_u32.checked_shl(cuts));
        debug_assert!(bit.is_some(), "a key has {MAX_SEGMENTS} segments at most");
        if let Some(bit) = bit {
            *lengths |= bit;
        }
    }
}

/// Returns the number of segments of a text.
pub(super) fn segments(text: &str) -> usize {
    text.split(is_cut).count()
}

/// Returns true if a text is cut at this character.
pub(super) fn is_cut(char: char) -> bool {
    matches!(char, '/' | ':')
}

impl KeyHasher {
    /// Returns a hasher with new secrets.
    pub(super) fn new() -> Self {
        let random = RandomState::new();
        let mut place: u64 = 0;
        Self {
            secrets: [(); 3].map(|()| {
                place = place.wrapping_add(1);
                // Odd, so that no secret is zero.
                random.hash_one(place) | 1
            }),
        }
    }

    /// Returns the hash of a key.
    pub(super) fn hash(&self, kind: KeyKind, text: &str) -> u64 {
        let windows = Windows::new(text.as_bytes());
        let mut place: usize = 0;
        let segments = text.split(is_cut).map(|segment| {
            let start = place;
            let end = start.wrapping_add(segment.len());
            place = end.wrapping_add(1);
            (start, end)
        });
        let begin = self.begin(kind);
        let add = |hash, (start, end)| self.add(hash, &windows, start, end);
        match kind.part() {
            Part::End => segments.collect::<Vec<_>>().into_iter().rfold(begin, add),
            Part::Start => segments.fold(begin, add),
            Part::Whole => add(begin, (0, text.len())),
        }
    }

    /// Shows each part of a text that may be a key: its kind, its hash, its start and its end.
    #[inline]
    pub(super) fn keys(
        &self,
        keyed: KeyedClaim,
        text: &[u8],
        mut show: impl FnMut(KeyKind, u64, usize, usize),
    ) {
        let text = Windows::new(text);
        let whole = KeyKind::new(keyed.claim, Part::Whole);
        show(
            whole,
            self.add(self.begin(whole), &text, 0, text.len()),
            0,
            text.len(),
        );
        if keyed.starts != 0 {
            self.starts(keyed, &text, &mut show);
        }
        if keyed.ends != 0 {
            self.ends(keyed, &text, &mut show);
        }
    }

    /// Shows the parts from the start that may be keys.
    #[inline]
    fn starts(
        &self,
        keyed: KeyedClaim,
        text: &Windows<'_>,
        show: &mut impl FnMut(KeyKind, u64, usize, usize),
    ) {
        let kind = KeyKind::new(keyed.claim, Part::Start);
        let (mut wanted, mut hash, mut start) = (keyed.starts, self.begin(kind), 0);
        let mut cuts = Cuts::from_start(text);
        loop {
            let cut = cuts.next();
            let end = cut.unwrap_or(text.len());
            hash = self.add(hash, text, start, end);
            start = end.wrapping_add(1);
            if wanted & 1 != 0 {
                show(kind, hash, 0, end);
            }
            wanted >>= 1;
            if wanted == 0 || cut.is_none() {
                return;
            }
        }
    }

    /// Shows the parts to the end that may be keys.
    #[inline]
    fn ends(&self, keyed: KeyedClaim, text: &Windows<'_>, show: &mut impl FnMut(KeyKind, u64, usize, usize)) {
        let kind = KeyKind::new(keyed.claim, Part::End);
        let (mut wanted, mut hash, mut end) = (keyed.ends, self.begin(kind), text.len());
        let mut cuts = Cuts::from_end(text);
        loop {
            let cut = cuts.next_back();
            let start = cut.map_or(0, |cut| cut.wrapping_add(1));
            hash = self.add(hash, text, start, end);
            end = start.wrapping_sub(1);
            if wanted & 1 != 0 {
                show(kind, hash, start, text.len());
            }
            wanted >>= 1;
            if wanted == 0 || cut.is_none() {
                return;
            }
        }
    }

    #[inline]
    fn begin(&self, kind: KeyKind) -> u64 {
        let [seed, ..] = self.secrets;
        seed.wrapping_add(u64::from(kind.to_word()).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// Returns a hash that is continued by a part of a text.
    #[inline]
    fn add(&self, mut hash: u64, text: &Windows<'_>, start: usize, end: usize) -> u64 {
        let [_, low, high] = self.secrets;
        let mut at = start;
        loop {
            let left = end.wrapping_sub(at);
            let [first, second] = text.at(at).first(left).halves();
            hash = fold(hash ^ low ^ first, high ^ second);
            if left <= Window::BYTES {
                return hash;
            }
            at = at.wrapping_add(Window::BYTES);
        }
    }
}

/// The offsets at which a text is cut, from one of its ends.
struct Cuts<'w, 't> {
    text: &'w Windows<'t>,
    /// The start of the current block of bytes.
    base: usize,
    /// A bit for each cut of the block that was not returned yet.
    left: u64,
}

impl<'w, 't> Cuts<'w, 't> {
    #[inline]
    fn from_start(text: &'w Windows<'t>) -> Self {
        Self::in_block(text, 0)
    }

    #[inline]
    fn from_end(text: &'w Windows<'t>) -> Self {
        Self::in_block(text, text.len() & !(BLOCK.wrapping_sub(1)))
    }

    #[inline]
    fn in_block(text: &'w Windows<'t>, base: usize) -> Self {
        let (mut left, mut place, mut shift) = (0, base, 0);
        while shift < u64::BITS && place < text.len() {
            left |= text.at(place).cuts() << shift;
            place = place.wrapping_add(Window::BYTES);
            shift = shift.wrapping_add(16);
        }
        Self { text, base, left }
    }

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.left == 0 {
            let next = self.base.wrapping_add(BLOCK);
            if next >= self.text.len() {
                return None;
            }
            *self = Self::in_block(self.text, next);
        }
        let bit = self.left.trailing_zeros();
        self.left &= self.left.wrapping_sub(1);
        Some(self.base.wrapping_add(index(bit)))
    }

    #[inline]
    fn next_back(&mut self) -> Option<usize> {
        while self.left == 0 {
            *self = Self::in_block(self.text, self.base.checked_sub(BLOCK)?);
        }
        let bit = 63_u32.wrapping_sub(self.left.leading_zeros());
        self.left ^= 1 << bit;
        Some(self.base.wrapping_add(index(bit)))
    }
}

/// Returns the exclusive or of the two halves of a product.
#[inline]
fn fold(left: u64, right: u64) -> u64 {
    let [low, high] = halves(u128::from(left).wrapping_mul(u128::from(right)));
    low ^ high
}

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test may panic"
)]
mod tests {
    use super::{KeyHasher, KeyKind, KeyedClaim, MAX_SEGMENTS, Part, segments};
    use crate::id::ClaimId;

    /// The hashes of a token's parts are those of a policy's keys.
    #[test]
    fn keys_of_texts_and_keys_of_policies_are_the_same() {
        let (hasher, claim) = (KeyHasher::new(), ClaimId::of_number(3));
        for text in [
            "",
            "/",
            "a",
            "a/b",
            "a:b/",
            "project_path:acme/web/shop-12:ref_type:branch:ref:main",
            "é/ü:\u{1f980}/x",
            &"a-segment-that-is-longer-than-a-window/".repeat(9),
            &"/:".repeat(50),
        ] {
            let mut keyed = KeyedClaim::new(claim);
            (keyed.starts, keyed.ends) = (0xffff, 0xffff);
            let mut shown = Vec::new();
            hasher.keys(keyed, text.as_bytes(), |kind, hash, start, end| {
                let part = kind.part();
                let key = &text[start..end];
                let part_segments = segments(key);
                if part == Part::Whole || part_segments <= MAX_SEGMENTS {
                    shown.push((part, hash, key));
                }
            });
            let cuts = text.match_indices(['/', ':']);
            let expected =
                cuts.flat_map(|(cut, _)| [(Part::Start, &text[..cut]), (Part::End, &text[cut + 1..])]);
            let all = [(Part::Start, text), (Part::Whole, text), (Part::End, text)];
            let expected: Vec<_> = expected
                .chain(all)
                .filter(|(part, key)| *part == Part::Whole || segments(key) <= MAX_SEGMENTS)
                .collect();
            assert_eq!(shown.len(), expected.len(), "{text}");
            for (part, key) in expected {
                assert!(
                    shown.contains(&(part, hasher.hash(KeyKind::new(claim, part), key), key)),
                    "{part:?} {key} of {text}"
                );
            }
        }
    }

    #[test]
    fn kinds_are_claims_and_parts() {
        for part in [Part::End, Part::Start, Part::Whole] {
            let kind = KeyKind::new(ClaimId::of_number(77), part);
            assert_eq!((kind.claim(), kind.part()), (ClaimId::of_number(77), part));
        }
    }
}
