//! Base64url as RFC 7515 section 2 has it: no padding, no other byte, and one spelling for each value.
//!
//! Reading it is our own: it is a good part of what a token costs besides its signature, and being strict is the point of
//! it. Four characters are looked up in four tables, whose words are put together to three bytes; what is foreign leaves a
//! mark that is looked at once, in the end.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The mark of a byte that is not in the alphabet. It is above the 24 bits of a group.
const FOREIGN: u32 = 1 << 31;

/// What each byte adds to a group of four, for each of its places in it.
static FIRST: [u32; 256] = table(18);
static SECOND: [u32; 256] = table(12);
static THIRD: [u32; 256] = table(6);
static FOURTH: [u32; 256] = table(0);

#[allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "it is computed while compiling, and would fail there"
)]
const fn table(shift: u32) -> [u32; 256] {
    let mut table = [FOREIGN; 256];
    let mut value = 0;
    while value < 64 {
        table[ALPHABET[value] as usize] = (value as u32) << shift;
        value += 1;
    }
    table
}

/// The bytes, or nothing if the text is not their one spelling: the unused bits of its last character must be zero.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let (groups, rest) = text.as_bytes().as_chunks::<4>();
    // Three bytes for each group, and for what is left one less than it has.
    let length = groups
        .len()
        .checked_mul(3)?
        .checked_add(rest.len().saturating_sub(1))?;
    let mut bytes = vec![0; length];
    let (whole, last) = bytes.as_chunks_mut::<3>();
    let mut seen = 0;
    // Two groups at a time, and then perhaps one more.
    let (pairs, single) = groups.as_chunks::<2>();
    let (pairs_of_bytes, single_bytes) = whole.as_chunks_mut::<2>();
    for ([left, right], bytes) in pairs.iter().zip(pairs_of_bytes) {
        let (left, right) = (word(*left), word(*right));
        seen |= left | right;
        let both = (u64::from(left) << 40) | (u64::from(right) << 16);
        let [six @ .., _, _] = both.to_be_bytes();
        bytes.as_flattened_mut().copy_from_slice(&six);
    }
    for (group, bytes) in single.iter().zip(single_bytes) {
        let word = word(*group);
        seen |= word;
        let [_, three @ ..] = word.to_be_bytes();
        *bytes = three;
    }

    let (word, unused) = match *rest {
        [] => (0, 0),
        [first, second] => (word([first, second, b'A', b'A']), 0xffff),
        [first, second, third] => (word([first, second, third, b'A']), 0xff),
        _ => return None,
    };
    for (byte, decoded) in last.iter_mut().zip(word.to_be_bytes().into_iter().skip(1)) {
        *byte = decoded;
    }
    ((seen | word) & FOREIGN == 0 && word & unused == 0).then_some(bytes)
}

/// The 24 bits of a group, or the mark.
#[allow(clippy::indexing_slicing, reason = "there is a place for every byte")]
fn word([first, second, third, fourth]: [u8; 4]) -> u32 {
    FIRST[usize::from(first)]
        | SECOND[usize::from(second)]
        | THIRD[usize::from(third)]
        | FOURTH[usize::from(fourth)]
}

/// The one spelling of the bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn bytes_come_back_from_their_spelling(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn nothing_else_is_read_than_what_a_library_reads(text in "[A-Za-z0-9_-]{0,9}[AQgwEIMzZ09_+/=. \u{e9}-]{0,3}[A-Za-z0-9_-]{0,3}") {
            prop_assert_eq!(decode(&text), URL_SAFE_NO_PAD.decode(&text).ok());
        }
    }

    #[test]
    fn each_byte_is_read_at_each_place_as_a_library_reads_it() {
        for place in 0..7 {
            for byte in 0..=127 {
                let mut text = *b"AAAAAAA";
                text[place] = byte;
                for length in 0..=7 {
                    let text = std::str::from_utf8(&text[..length]).unwrap();
                    assert_eq!(decode(text), URL_SAFE_NO_PAD.decode(text).ok(), "{text:?}");
                }
            }
        }
    }
}
