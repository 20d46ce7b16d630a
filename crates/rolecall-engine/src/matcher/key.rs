//! Keys: what of a claim's text roles are looked up by, and its hash.
//!
//! A text is cut at each `/` and each `:`. Its keys are the text itself, each part from its start to a cut, and each part
//! from a cut to its end.

use crate::template::ClaimId;
use std::hash::{BuildHasher, RandomState};

/// Which part of a text a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Part {
    /// From a cut, or the start, to the end.
    End,
    /// From the start to a cut, or the end.
    Start,
    /// All of it.
    Whole,
}

/// What the keys of a claim are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct KeyKind {
    pub(super) claim: ClaimId,
    pub(super) part: Part,
}

/// Hashes keys. The secrets differ from set to set, so that nobody can prepare texts whose hashes collide; even then, a key
/// is found only if its bytes are the same.
#[derive(Clone, Debug)]
pub(super) struct KeyHasher {
    secrets: [u64; 4],
}

/// The characters that a text is cut at.
pub(super) fn is_cut(c: char) -> bool {
    matches!(c, '/' | ':')
}

impl KeyHasher {
    /// A hasher with secrets of its own.
    pub(super) fn new() -> Self {
        let random = RandomState::new();
        let mut place: u64 = 0;
        Self {
            secrets: [(); 4].map(|()| {
                place = place.wrapping_add(1);
                // Odd, so that no secret is zero.
                random.hash_one(place) | 1
            }),
        }
    }

    /// The hash of a key.
    pub(super) fn hash(&self, kind: KeyKind, text: &str) -> u64 {
        let mut hash = self.begin(kind.claim, kind.part == Part::End);
        match kind.part {
            Part::End => text
                .rsplit(is_cut)
                .for_each(|segment| hash = self.add(hash, segment.as_bytes())),
            Part::Start | Part::Whole => {
                text.split(is_cut)
                    .for_each(|segment| hash = self.add(hash, segment.as_bytes()));
            }
        }
        if kind.part == Part::Whole {
            self.whole(hash)
        } else {
            hash
        }
    }

    /// Shows the hash of each start of a text, from short to long, and then that of the whole text.
    #[inline]
    pub(super) fn starts<'t>(&self, claim: ClaimId, text: &'t str, mut show: impl FnMut(Part, u64, &'t str)) {
        let bytes = text.as_bytes();
        let mut hash = self.begin(claim, false);
        let mut start = 0;
        for cut in Cuts::new(bytes) {
            hash = self.add(hash, bytes.get(start..cut).unwrap_or_default());
            show(Part::Start, hash, text.get(..cut).unwrap_or_default());
            start = cut.wrapping_add(1);
        }
        hash = self.add(hash, bytes.get(start..).unwrap_or_default());
        show(Part::Start, hash, text);
        show(Part::Whole, self.whole(hash), text);
    }

    /// Shows the hash of each end of a text, from short to long.
    #[inline]
    pub(super) fn ends<'t>(&self, claim: ClaimId, text: &'t str, mut show: impl FnMut(Part, u64, &'t str)) {
        let mut hash = self.begin(claim, true);
        let mut rest = text;
        while let Some(cut) = rest.bytes().rposition(|byte| matches!(byte, b'/' | b':')) {
            let start = cut.wrapping_add(1);
            hash = self.add(hash, rest.as_bytes().get(start..).unwrap_or_default());
            show(Part::End, hash, text.get(start..).unwrap_or_default());
            rest = rest.get(..cut).unwrap_or_default();
        }
        show(Part::End, self.add(hash, rest.as_bytes()), text);
    }

    /// The hash of a text that is cut nowhere.
    #[inline]
    pub(super) fn text(&self, text: &str) -> u64 {
        let [seed, ..] = self.secrets;
        self.add(seed, text.as_bytes())
    }

    #[inline]
    fn begin(&self, claim: ClaimId, from_end: bool) -> u64 {
        let [seed, _, _, other] = self.secrets;
        let claim = u64::try_from(claim.0).unwrap_or_default();
        let from_end = if from_end { other } else { 0 };
        seed.wrapping_add(claim.wrapping_mul(0x9e37_79b9_7f4a_7c15)) ^ from_end
    }

    #[inline]
    fn whole(&self, hash: u64) -> u64 {
        let [_, first, _, last] = self.secrets;
        fold(hash ^ last, first)
    }

    /// The hash of what was hashed and a segment after it.
    #[inline]
    fn add(&self, hash: u64, segment: &[u8]) -> u64 {
        let [_, first, second, last] = self.secrets;
        let length = u64::try_from(segment.len()).unwrap_or_default();
        let mut state = length;
        let mut rest = segment;
        while rest.len() > 16
            && let Some((words, after)) = rest.split_first_chunk::<16>()
        {
            let (left, right) = halves(words);
            state = fold(left ^ first ^ state, right ^ second);
            rest = after;
        }
        let (left, right) = ends(rest);
        // The segment's own hash does not wait for what came before it.
        let own = fold(left ^ first ^ state, right ^ second);
        fold(hash ^ own, last)
    }
}

/// Two words of at most 16 bytes, which together are made of all of them.
#[inline]
fn ends(bytes: &[u8]) -> (u64, u64) {
    if let (Some(start), Some(end)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (u64::from_le_bytes(*start), u64::from_le_bytes(*end))
    } else if let (Some(start), Some(end)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (
            u64::from(u32::from_le_bytes(*start)),
            u64::from(u32::from_le_bytes(*end)),
        )
    } else {
        match bytes {
            [one] => (u64::from(*one), 0),
            [one, two] => (u64::from(*one), u64::from(*two)),
            [one, two, three] => (u64::from(*one), u64::from(u16::from_le_bytes([*two, *three]))),
            _ => (0, 0),
        }
    }
}

#[inline]
fn halves(words: &[u8; 16]) -> (u64, u64) {
    let both = u128::from_le_bytes(*words);
    (low(both), low(both >> 64))
}

/// The two halves of a product, one on the other.
#[inline]
fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left).wrapping_mul(u128::from(right));
    low(product) ^ low(product >> 64)
}

#[inline]
fn low(number: u128) -> u64 {
    u64::try_from(number & u128::from(u64::MAX)).unwrap_or_default()
}

/// The places where a text is cut, eight bytes at a time.
struct Cuts<'a> {
    rest: &'a [u8],
    /// Where the bytes at hand begin.
    base: usize,
    /// Of the bytes at hand, the highest bit of each where a cut is.
    cuts: u64,
}

impl<'a> Cuts<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let mut cuts = Self {
            rest: bytes,
            base: 0,
            cuts: 0,
        };
        cuts.load();
        cuts
    }

    #[inline]
    fn load(&mut self) {
        let word = match self.rest.split_first_chunk::<8>() {
            Some((word, rest)) => {
                self.rest = rest;
                u64::from_le_bytes(*word)
            }
            None => {
                let mut word = [0; 8];
                for (to, from) in word.iter_mut().zip(self.rest) {
                    *to = *from;
                }
                self.rest = &[];
                u64::from_le_bytes(word)
            }
        };
        self.cuts = equal_bytes(word, b'/') | equal_bytes(word, b':');
    }
}

impl Iterator for Cuts<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.cuts == 0 {
            if self.rest.is_empty() {
                return None;
            }
            self.base = self.base.wrapping_add(8);
            self.load();
        }
        let place = usize::try_from(self.cuts.trailing_zeros() >> 3).unwrap_or_default();
        self.cuts &= self.cuts.wrapping_sub(1);
        Some(self.base.wrapping_add(place))
    }
}

/// The highest bit of each byte that is this one.
#[inline]
fn equal_bytes(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let difference = word ^ u64::from_le_bytes([byte; 8]);
    !((difference & LOW).wrapping_add(LOW) | difference | LOW)
}

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test may stop where something is odd"
)]
mod tests {
    use super::{KeyHasher, KeyKind, Part, is_cut};
    use crate::template::ClaimId;

    /// What is shown of a token is what is compiled of a policy.
    #[test]
    fn keys_of_texts_and_keys_of_policies_are_the_same() {
        let (hasher, claim) = (KeyHasher::new(), ClaimId(3));
        for text in [
            "",
            "/",
            "a",
            "a/b",
            "a:b/",
            "/a//b:",
            "project_path:acme/web/shop-12:ref_type:branch:ref:main",
            "é/ü:\u{1f980}/x",
        ] {
            let mut shown = Vec::new();
            hasher.starts(claim, text, |part, hash, key| shown.push((part, hash, key)));
            hasher.ends(claim, text, |part, hash, key| shown.push((part, hash, key)));
            let cuts = text.match_indices(is_cut);
            let expected =
                cuts.flat_map(|(cut, _)| [(Part::Start, &text[..cut]), (Part::End, &text[cut + 1..])]);
            let all = [(Part::Start, text), (Part::Whole, text), (Part::End, text)];
            let expected: Vec<_> = expected.chain(all).collect();
            assert_eq!(shown.len(), expected.len(), "{text}");
            for (part, key) in expected {
                assert!(
                    shown.contains(&(part, hasher.hash(KeyKind { claim, part }, key), key)),
                    "{part:?} {key} of {text}"
                );
            }
        }
    }
}
