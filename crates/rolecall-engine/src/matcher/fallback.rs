//! The roles that no key leads to, found by their flags: a bitmap for each flag says which groups ask for it.

use super::groups::{Demand, Groups, Roles, push_groups};

/// Groups of roles that no key leads to.
#[derive(Clone, Debug, Default)]
pub(super) struct Fallback {
    /// The groups, as behind a key.
    groups: Box<[u64]>,
    /// For each flag that is asked for, the groups that ask for it: a bit for each.
    askers: Box<[(u64, Box<[u64]>)]>,
}

impl Fallback {
    /// Puts them together. The demands are taken in any order.
    pub(super) fn new(mut demands: Vec<(Demand, u32)>) -> Self {
        demands.sort_unstable();
        let mut memory = Vec::new();
        push_groups(&demands, &mut memory);
        let groups: Box<[u64]> = memory.into();
        let flags = Groups::read(&groups)
            .map(|groups| groups.flags())
            .unwrap_or_default();
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
            groups,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Shows the residual and the roles of each group that does not ask for a flag that is not set.
    pub(super) fn candidates<'s>(&'s self, flags: u64, mut show: impl FnMut(u32, Roles<'s>)) {
        let Some(groups) = Groups::read(&self.groups) else {
            return;
        };
        for place in 0..groups.len().div_ceil(64) {
            let unmet = self.askers.iter().filter(|(flag, _)| flags & flag == 0);
            let out = unmet.fold(0, |out, (_, bits)| {
                out | bits.get(place).copied().unwrap_or_default()
            });
            let mut left = !out;
            while left != 0 {
                let bit = usize::try_from(left.trailing_zeros()).unwrap_or_default();
                // After the last group there are bits, too.
                let Some((residual, roles)) = groups.get(place.saturating_mul(64).saturating_add(bit)) else {
                    break;
                };
                show(residual, roles);
                left &= left.wrapping_sub(1);
            }
        }
    }

    /// How many groups there are.
    pub(super) fn len(&self) -> usize {
        Groups::read(&self.groups).map_or(0, |groups| groups.len())
    }

    /// The bytes that they take.
    pub(super) fn bytes(&self) -> usize {
        let bits = self.askers.iter().map(|(_, bits)| size_of_val(&**bits));
        size_of_val(&*self.groups).saturating_add(bits.sum())
    }
}
