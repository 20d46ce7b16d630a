//! The roles that no key leads to, found by their flags: a bitmap for each flag says which groups ask for it.

use super::table::{Demand, Groups, push_groups};
use crate::document::index;

/// Groups of roles that no key leads to.
#[derive(Clone, Debug, Default)]
pub(super) struct Fallback {
    /// The groups, as behind a key.
    groups: Box<[u32]>,
    /// Where each group begins.
    starts: Box<[u32]>,
    /// For each flag that is asked for, the groups that ask for it: a bit for each.
    askers: Box<[(u64, Box<[u64]>)]>,
}

impl Fallback {
    /// Puts them together. The demands are taken in any order.
    pub(super) fn new(mut demands: Vec<(Demand, u32)>) -> Self {
        demands.sort_unstable();
        let mut words = Vec::new();
        push_groups(demands.into_iter(), &mut words);
        let groups: Vec<(Demand, &[u32])> = Groups::new(&words).collect();
        let asked = groups.iter().fold(0, |all, (demand, _)| all | demand.flags);
        let flags = (0..u64::BITS)
            .map(|bit| 1_u64 << bit)
            .filter(|flag| asked & flag != 0);
        let askers = flags.map(|flag| {
            let bits = groups.chunks(64).map(|chunk| {
                let asks = chunk.iter().map(|(demand, _)| demand.flags & flag != 0);
                asks.rev().fold(0, |bits, asks| bits << 1 | u64::from(asks))
            });
            (flag, bits.collect())
        });
        let askers = askers.collect();
        let mut next: u32 = 1;
        let starts = groups.iter().map(|(_, postings)| {
            let start = next;
            next = next
                .saturating_add(crate::document::number(postings.len()))
                .saturating_add(4);
            start
        });
        let starts = starts.collect();
        Self {
            groups: words.into(),
            starts,
            askers,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Shows the residual and the roles of each group that does not ask for a flag that is not set.
    pub(super) fn candidates(&self, flags: u64, mut show: impl FnMut(u32, &[u32])) {
        for (place, starts) in self.starts.chunks(64).enumerate() {
            let unmet = self.askers.iter().filter(|(flag, _)| flags & flag == 0);
            let out = unmet.fold(0, |out, (_, bits)| {
                out | bits.get(place).copied().unwrap_or_default()
            });
            let mut left = !out;
            while let Some(start) = usize::try_from(left.trailing_zeros())
                .ok()
                .and_then(|bit| starts.get(bit))
            {
                self.show(*start, &mut show);
                left &= left.wrapping_sub(1);
            }
        }
    }

    fn show(&self, start: u32, show: &mut impl FnMut(u32, &[u32])) {
        let words = self.groups.get(index(start)..).unwrap_or_default();
        if let Some(([_, _, residual, count], rest)) = words.split_first_chunk::<4>() {
            show(*residual, rest.get(..index(*count)).unwrap_or_default());
        }
    }

    /// How many groups there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The bytes that they take.
    pub(super) fn bytes(&self) -> usize {
        let bits = self.askers.iter().map(|(_, bits)| size_of_val(&**bits));
        size_of_val(&*self.groups)
            .saturating_add(size_of_val(&*self.starts))
            .saturating_add(bits.sum())
    }
}
