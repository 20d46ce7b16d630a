//! Keys: what of a claim's text roles are looked up by, and its hash.
//!
//! A text is cut at each `/` and each `:`. Its keys are the text itself, each part from its start to a cut, and each part
//! from a cut to its end.

use crate::template::ClaimId;
use crate::words::{equal_bytes, few_bytes};
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

/// A claim that keys are made of, and of which of its parts: a bit for each number of segments.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyedClaim {
    pub(super) claim: ClaimId,
    starts: u64,
    ends: u64,
}

/// Hashes keys. The secrets differ from set to set, so that nobody can prepare texts whose hashes collide; even then, a key
/// is found only if its bytes are the same.
///
/// A text is read in words of eight bytes, from its start or from its end. So the hash of a part takes no more than the
/// words that were read before, and what of the next word belongs to it.
#[derive(Clone, Debug)]
pub(super) struct KeyHasher {
    secrets: [u64; 3],
}

/// The number of segments that stands for itself and all above.
const MANY: u32 = u64::BITS - 1;

impl KeyedClaim {
    pub(super) fn new(claim: ClaimId) -> Self {
        Self {
            claim,
            starts: 0,
            ends: 0,
        }
    }

    /// Notes that there is a key.
    pub(super) fn add(&mut self, part: Part, text: &str) {
        let cuts = text.bytes().filter(|byte| is_cut(*byte)).count();
        let segments = u32::try_from(cuts).unwrap_or(MANY).saturating_add(1).min(MANY);
        match part {
            Part::End => self.ends |= 1 << segments,
            Part::Start => self.starts |= 1 << segments,
            Part::Whole => {}
        }
    }
}

/// Whether a text is cut at this byte.
fn is_cut(byte: u8) -> bool {
    matches!(byte, b'/' | b':')
}

impl KeyHasher {
    /// A hasher with secrets of its own.
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

    /// The hash of a key.
    pub(super) fn hash(&self, kind: KeyKind, text: &str) -> u64 {
        let start = self.begin(kind.claim, kind.part);
        match kind.part {
            Part::End => {
                let (head, words) = text.as_bytes().as_rchunks::<8>();
                let hash = words
                    .iter()
                    .rev()
                    .fold(start, |hash, word| self.add(hash, u64::from_be_bytes(*word)));
                self.finish(hash, last_bytes(head), text.len())
            }
            Part::Start => self.text(start, text),
            Part::Whole => self.whole(self.text(start, text)),
        }
    }

    /// Shows the keys of a text that there may be: the part, the hash, and where the part ends or, of an end, begins.
    #[inline]
    pub(super) fn keys(&self, keyed: KeyedClaim, text: &str, mut show: impl FnMut(Part, u64, usize)) {
        let bytes = text.as_bytes();
        let start = self.begin(keyed.claim, Part::Start);
        let hash = if keyed.starts == 0 {
            self.text(start, text)
        } else {
            let (words, tail) = bytes.as_chunks::<8>();
            let words = words.iter().map(|word| u64::from_le_bytes(*word));
            let words = words.chain([few_bytes(tail)]);
            let mut show = |hash, cut| show(Part::Start, hash, cut);
            let (last, wanted) = self.cuts(words, start, keyed.starts, &mut show);
            let hash = self.finish(last, few_bytes(tail), bytes.len());
            if wanted {
                show(hash, bytes.len());
            }
            hash
        };
        show(Part::Whole, self.whole(hash), bytes.len());
        if keyed.ends != 0 {
            let (head, words) = bytes.as_rchunks::<8>();
            let words = words.iter().rev().map(|word| u64::from_be_bytes(*word));
            let words = words.chain([last_bytes(head)]);
            let mut show = |hash, length: usize| show(Part::End, hash, bytes.len().wrapping_sub(length));
            let start = self.begin(keyed.claim, Part::End);
            let (last, wanted) = self.cuts(words, start, keyed.ends, &mut show);
            if wanted {
                show(self.finish(last, last_bytes(head), bytes.len()), bytes.len());
            }
        }
    }

    /// Shows the hashes of what stands before each cut, and where that is. Gives the hash of all words but the last, and
    /// whether all of the text is wanted, too.
    ///
    /// Eight words are read at a time: where they are cut is known before the first hash is shown, so that the processor does
    /// not have to guess.
    #[inline]
    fn cuts(
        &self,
        mut words: impl Iterator<Item = u64>,
        start: u64,
        mut wanted: u64,
        show: &mut impl FnMut(u64, usize),
    ) -> (u64, bool) {
        let (mut hash, mut last, mut base) = (start, start, 0_usize);
        loop {
            // For each word the hash of what comes before it, and the word.
            let mut block = [(0, 0); 8];
            let (mut cuts, mut count) = (0_u64, 0_u32);
            for (slot, word) in block.iter_mut().zip(&mut words) {
                *slot = (hash, word);
                last = hash;
                cuts |= cuts_of(word) << count;
                count = count.wrapping_add(8);
                hash = self.add(hash, word);
            }
            while cuts != 0 {
                let bit = cuts.trailing_zeros();
                if next(&mut wanted)
                    && let Some((before, word)) = usize::try_from(bit >> 3).ok().and_then(|at| block.get(at))
                {
                    let inside = word & (1_u64 << ((bit & 7) << 3)).wrapping_sub(1);
                    let cut = base.wrapping_add(usize::try_from(bit).unwrap_or_default());
                    show(self.finish(*before, inside, cut), cut);
                }
                cuts &= cuts.wrapping_sub(1);
            }
            if count < 64 {
                return (last, next(&mut wanted));
            }
            base = base.wrapping_add(64);
        }
    }

    #[inline]
    fn text(&self, start: u64, text: &str) -> u64 {
        let (words, tail) = text.as_bytes().as_chunks::<8>();
        let hash = words
            .iter()
            .fold(start, |hash, word| self.add(hash, u64::from_le_bytes(*word)));
        self.finish(hash, few_bytes(tail), text.len())
    }

    #[inline]
    fn begin(&self, claim: ClaimId, part: Part) -> u64 {
        let [seed, ..] = self.secrets;
        let claim = u64::try_from(claim.0).unwrap_or_default();
        let from_end = u64::from(part == Part::End);
        seed.wrapping_add((claim << 1 | from_end).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    #[inline]
    fn add(&self, hash: u64, word: u64) -> u64 {
        let [_, inside, _] = self.secrets;
        fold(hash ^ word, inside)
    }

    /// The hash of what was hashed, and of the last bytes of a part of this length.
    #[inline]
    fn finish(&self, hash: u64, last: u64, length: usize) -> u64 {
        let [_, inside, end] = self.secrets;
        let length = u64::try_from(length).unwrap_or_default();
        fold(fold(hash ^ last, end ^ length), inside)
    }

    #[inline]
    fn whole(&self, hash: u64) -> u64 {
        let [_, _, end] = self.secrets;
        hash ^ end
    }
}

/// Counts a segment, and says whether keys of so many are wanted.
#[inline]
fn next(wanted: &mut u64) -> bool {
    // The last bit stays where it is: it stands for all above.
    *wanted = *wanted >> 1 | *wanted & (1 << MANY);
    *wanted & 1 != 0
}

/// Fewer than eight bytes as a word, from the last one up.
fn last_bytes(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))
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

/// A bit for each byte of a word that a text is cut at.
#[inline]
fn cuts_of(word: u64) -> u64 {
    let bytes = (equal_bytes(word, b'/') | equal_bytes(word, b':')) >> 7;
    // Moves the lowest bit of each byte to the highest byte.
    bytes.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test may stop where something is odd"
)]
mod tests {
    use super::{KeyHasher, KeyKind, KeyedClaim, Part};
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
            let mut keyed = KeyedClaim::new(claim);
            (keyed.starts, keyed.ends) = (u64::MAX, u64::MAX);
            let mut shown = Vec::new();
            hasher.keys(keyed, text, |part, hash, cut| {
                let key = if part == Part::End {
                    &text[cut..]
                } else {
                    &text[..cut]
                };
                shown.push((part, hash, key));
            });
            let cuts = text.match_indices(['/', ':']);
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
