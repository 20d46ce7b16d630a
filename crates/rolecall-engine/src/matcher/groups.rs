//! Groups of roles that ask for the same, side by side in memory.
//!
//! In words of 64 bits: how many groups there are; the flags that each asks for; for each its residual, and where its roles
//! are; and for each of them how many roles there are, and they. So whether a group can be met is known of many groups at
//! once, before any of them is looked at.

/// What a role asks for besides its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Demand {
    /// The flags that must all be set.
    pub(super) flags: u64,
    /// The residual that must hold.
    pub(super) residual: u32,
}

/// Some groups.
#[derive(Clone, Copy)]
pub(super) struct Groups<'a> {
    flags: &'a [u64],
    heads: &'a [u64],
    roles: &'a [u64],
}

/// Adds groups of these postings to memory. They come in the order of their demands.
pub(super) fn push_groups(postings: &[(Demand, u32)], memory: &mut Vec<u64>) {
    let groups = || postings.chunk_by(|left, right| left.0 == right.0);
    memory.push(count(groups().count()));
    memory.extend(groups().filter_map(|group| Some(group.first()?.0.flags)));
    let mut roles: Vec<u64> = Vec::new();
    for group in groups() {
        let Some((demand, _)) = group.first() else {
            continue;
        };
        memory.push(pair(demand.residual, crate::document::number(roles.len())));
        let mut numbers: Vec<u32> = group.iter().map(|(_, posting)| *posting).collect();
        // The same role by the same way counts once.
        numbers.dedup();
        roles.push(count(numbers.len()));
        roles.extend(numbers.chunks(2).map(|two| match two {
            [first, second] => pair(*first, *second),
            [first] => pair(*first, 0),
            _ => 0,
        }));
    }
    memory.append(&mut roles);
}

impl<'a> Groups<'a> {
    /// The groups at the start of some memory.
    #[inline]
    pub(super) fn read(memory: &'a [u64]) -> Option<Self> {
        let (count, rest) = memory.split_first()?;
        let count = usize::try_from(*count).ok()?;
        let (flags, rest) = rest.split_at_checked(count)?;
        let (heads, roles) = rest.split_at_checked(count)?;
        Some(Self { flags, heads, roles })
    }

    /// How many groups there are.
    pub(super) fn len(&self) -> usize {
        self.flags.len()
    }

    /// The flags that each group asks for.
    pub(super) fn flags(&self) -> &'a [u64] {
        self.flags
    }

    /// The residual of a group, and its roles.
    #[inline]
    pub(super) fn get(&self, group: usize) -> Option<(u32, Roles<'a>)> {
        let (residual, start) = halves(*self.heads.get(group)?);
        let (count, rest) = self.roles.get(crate::document::index(start)..)?.split_first()?;
        let roles = Roles {
            left: *count,
            words: rest,
        };
        Some((residual, roles))
    }
}

/// The roles of a group.
#[derive(Clone)]
pub(super) struct Roles<'a> {
    left: u64,
    words: &'a [u64],
}

impl Roles<'_> {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        usize::try_from(self.left).unwrap_or_default()
    }

    /// Shows the posting of each.
    #[inline]
    pub(super) fn each(self, mut show: impl FnMut(u32)) {
        let (pairs, odd) = (self.left >> 1, self.left & 1 != 0);
        let mut words = self.words.iter();
        for word in words.by_ref().take(usize::try_from(pairs).unwrap_or_default()) {
            let (first, second) = halves(*word);
            show(first);
            show(second);
        }
        if let (true, Some(word)) = (odd, words.next()) {
            show(halves(*word).0);
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

fn pair(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

#[inline]
fn halves(word: u64) -> (u32, u32) {
    let low = u32::try_from(word & u64::from(u32::MAX)).unwrap_or_default();
    (u32::try_from(word >> 32).unwrap_or_default(), low)
}
