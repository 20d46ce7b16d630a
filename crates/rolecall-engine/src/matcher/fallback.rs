//! Fallback for roles without a key, by their flags: each flag has a bitmap of the groups that ask for it.

use super::groups::{Block, Group};
use crate::certain::certain;
use crate::narrow::index;

/// The flags of the groups without a key.
#[derive(Clone, Debug, Default)]
pub(super) struct Fallback {
    /// Each flag, with a bit for each group that asks for it.
    askers: Box<[(u64, Box<[u64]>)]>,
}

impl Fallback {
    /// Returns the bitmaps of the groups of a block.
    pub(super) fn new(block: Option<Block<'_>>) -> Self {
        let flags = block.map_or(&[][..], |block| block.flags());
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

    /// Returns all flags that groups ask for.
    pub(super) fn flags(&self) -> u64 {
        self.askers.iter().fold(0, |all, (flag, _)| all | flag)
    }

    /// Shows each group of the block whose flags are all set.
    pub(super) fn candidates<'s>(&self, block: Block<'s>, set: u64, mut show: impl FnMut(Group<'s>)) {
        for place in 0..block.len().div_ceil(64) {
            let unmet = self.askers.iter().filter(|(flag, _)| set & flag == 0);
            let out = unmet.fold(0, |out, (_, bits)| {
                out | certain(bits.get(place).copied(), "a flag has a bit for each group")
            });
            let mut left = !out;
            while left != 0 {
                let bit = index(left.trailing_zeros());
                // There are bits after the last group as well.
                let Some(group) = block.group(place << 6 | bit) else {
                    break;
                };
                show(group);
                left &= left.wrapping_sub(1);
            }
        }
    }

    /// Returns the bytes that the bitmaps take.
    pub(super) fn bytes(&self) -> usize {
        self.askers.iter().map(|(_, bits)| size_of_val(&**bits)).sum()
    }
}
