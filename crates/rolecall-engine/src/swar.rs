//! SIMD within a register: operations on eight bytes of a word at a time.

/// Returns fewer than eight bytes as a word, from the lowest byte up.
#[inline]
pub(crate) fn few_bytes(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        // They overlap in the middle.
        let shift = bytes.len().wrapping_sub(4).wrapping_mul(8);
        u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (shift & 63)
    } else {
        match bytes {
            [one] => u64::from(*one),
            [one, two] => u64::from(u16::from_le_bytes([*one, *two])),
            [one, two, three] => u64::from(u32::from_le_bytes([*one, *two, *three, 0])),
            _ => 0,
        }
    }
}

/// Returns a word with the highest bit of each byte that is equal to `byte`.
#[inline]
pub(crate) fn equal_bytes(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let difference = word ^ u64::from_le_bytes([byte; 8]);
    !((difference & LOW).wrapping_add(LOW) | difference | LOW)
}

/// Returns the indices of the bits that are set, over several words.
pub(crate) fn set_bits(words: &[u64]) -> impl Iterator<Item = usize> {
    words.iter().enumerate().flat_map(|(place, word)| {
        let mut left = *word;
        std::iter::from_fn(move || {
            let bit = usize::try_from(left.trailing_zeros())
                .ok()
                .filter(|_| left != 0)?;
            left &= left.wrapping_sub(1);
            Some(place.wrapping_mul(64).wrapping_add(bit))
        })
    })
}
