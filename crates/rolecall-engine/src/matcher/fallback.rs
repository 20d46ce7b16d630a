//! The roles that no key leads to, found by their flags: a bitmap for each flag says which groups ask for it.

use super::groups::{Block, Group};

/// Which of the groups that no key leads to ask for which flags.
#[derive(Clone, Debug, Default)]
pub(super) struct Fallback {
    /// For each flag that is asked for, the groups that ask for it: a bit for each.
    askers: Box<[(u64, Box<[u64]>)]>,
}

impl Fallback {
    /// The bitmaps of the groups of a block.
    pub(super) fn new(block: Option<Block<'_>>) -> Self {
        let flags = block.map(|block| block.flags()).unwrap_or_default();
        let asked = flags.iter().fold(0, |all, flags| all | flags);
        let each = (0..u64::BITS)
            .map(|bit| 1_u64 << bit)
            .filter(|flag| asked & flag != 0);
        let askers = each.map(|flag| {
            let bits = flags.chunks(64).map(|chunk| {
                let asks = chunk.iter().rev().map(|flags| flags & flag != 0);
                asks.fold(0, |bits, asks| bits << 1 | u64::from(asks))
            });
            (flag, bits.collect())
        });
        Self {
            askers: askers.collect(),
        }
    }

    /// The flags that groups ask for.
    pub(super) fn flags(&self) -> u64 {
        self.askers.iter().fold(0, |all, (flag, _)| all | flag)
    }

    /// Shows each group of the block that does not ask for a flag that is not set.
    pub(super) fn candidates<'s>(&self, block: Block<'s>, set: u64, mut show: impl FnMut(Group<'s>)) {
        for place in 0..block.len().div_ceil(64) {
            let unmet = self.askers.iter().filter(|(flag, _)| set & flag == 0);
            let out = unmet.fold(0, |out, (_, bits)| {
                out | bits.get(place).copied().unwrap_or_default()
            });
            let mut left = !out;
            while left != 0 {
                let bit = usize::try_from(left.trailing_zeros()).unwrap_or_default();
                // After the last group there are bits, too.
                let Some(group) = block.group(place.saturating_mul(64).saturating_add(bit)) else {
                    break;
                };
                show(group);
                left &= left.wrapping_sub(1);
            }
        }
    }

    /// The bytes that the bitmaps take.
    pub(super) fn bytes(&self) -> usize {
        self.askers.iter().map(|(_, bits)| size_of_val(&**bits)).sum()
    }
}
