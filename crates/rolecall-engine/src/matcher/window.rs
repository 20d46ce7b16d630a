//! Windows: sixteen bytes of a text, with zeros after its end.

use crate::certain::certain;
use crate::swar::equal_bytes;

/// The number of bytes of a window.
const BYTES: usize = 16;

/// A text of which a window can be read at any offset.
pub(super) struct Windows<'a> {
    text: &'a [u8],
    /// The last bytes of the text, and zeros.
    tail: [u8; 2 * BYTES],
    /// The offset of the tail in the text.
    tail_start: usize,
}

/// Sixteen bytes; the first is the lowest.
#[derive(Clone, Copy)]
pub(super) struct Window(u128);

impl<'a> Windows<'a> {
    #[inline]
    pub(super) fn new(text: &'a [u8]) -> Self {
        let mut tail = [0; 2 * BYTES];
        // A copy of a constant length is much faster.
        match (text.last_chunk::<BYTES>(), tail.first_chunk_mut::<BYTES>()) {
            (Some(last), Some(first)) => *first = *last,
            _ => tail.iter_mut().zip(text).for_each(|(place, byte)| *place = *byte),
        }
        Self {
            text,
            tail,
            // A short text is all tail.
            tail_start: text.len().saturating_sub(BYTES),
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Returns the window at an offset, which is not after the end.
    #[inline]
    pub(super) fn at(&self, place: usize) -> Window {
        let inside = self.text.get(place..).and_then(|rest| rest.first_chunk());
        let bytes = inside.or_else(|| {
            self.tail
                .get(place.wrapping_sub(self.tail_start)..)
                .and_then(|rest| rest.first_chunk())
        });
        Window(u128::from_le_bytes(*bytes.unwrap_or(&[0; BYTES])))
    }
}

impl Window {
    /// The number of bytes of a window.
    pub(super) const BYTES: usize = BYTES;

    /// Returns the first bytes, followed by zeros.
    #[inline]
    pub(super) fn first(self, bytes: usize) -> Self {
        let mask = MASKS.get(bytes.min(BYTES)).copied();
        Self(self.0 & certain(mask, "a window has a mask for each number of bytes"))
    }

    /// Returns the two halves.
    #[inline]
    pub(super) fn halves(self) -> [u64; 2] {
        halves(self.0)
    }

    /// Returns a bit for each byte that a text is cut at.
    #[inline]
    pub(super) fn cuts(self) -> u64 {
        let [first, second] = self.halves();
        cuts_of(first) | cuts_of(second) << 8
    }
}

/// The masks of the first bytes, by their number.
const MASKS: [u128; BYTES + 1] = [
    mask(0),
    mask(1),
    mask(2),
    mask(3),
    mask(4),
    mask(5),
    mask(6),
    mask(7),
    mask(8),
    mask(9),
    mask(10),
    mask(11),
    mask(12),
    mask(13),
    mask(14),
    mask(15),
    mask(16),
];

const fn mask(bytes: u32) -> u128 {
    u128::MAX.unbounded_shr(u128::BITS.wrapping_sub(bytes.wrapping_mul(8)))
}

/// Returns the two halves of a number, the lower one first.
#[inline]
pub(super) fn halves(number: u128) -> [u64; 2] {
    // Never fails: the number has 64 bits.
    let low = |number: u128| u64::try_from(number & u128::from(u64::MAX)).unwrap_or(u64::MAX);
    [low(number), low(number >> 64)]
}

/// Returns a bit for each byte of a word that a text is cut at.
#[inline]
fn cuts_of(word: u64) -> u64 {
    let bytes = (equal_bytes(word, b'/') | equal_bytes(word, b':')) >> 7;
    // Moves the lowest bit of each byte to the highest byte.
    bytes.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]
mod tests {
    use super::{Window, Windows};

    #[test]
    fn windows_show_the_text_and_then_zeros() {
        let text: Vec<u8> = (1..=70).collect();
        for length in 0..text.len() {
            let windows = Windows::new(&text[..length]);
            for place in 0..=length {
                let mut expected = [0; 16];
                let shown = &text[place..length.min(place + 16)];
                expected[..shown.len()].copy_from_slice(shown);
                let [low, high] = windows.at(place).halves();
                assert_eq!([low.to_le_bytes(), high.to_le_bytes()].concat(), expected);
                let [low, high] = windows.at(place).first(3).halves();
                assert_eq!(
                    (low, high),
                    (
                        u64::from_le_bytes(expected[..8].try_into().unwrap()) & 0xff_ffff,
                        0
                    )
                );
            }
        }
    }

    #[test]
    fn cuts_are_slashes_and_colons() {
        for byte in 0..=u8::MAX {
            for place in 0..16 {
                let mut text = [b'x'; 16];
                text[place] = byte;
                let window: Window = Windows::new(&text).at(0);
                let expected = u64::from(matches!(byte, b'/' | b':')) << place;
                assert_eq!(window.cuts(), expected, "{byte}");
            }
        }
    }
}
