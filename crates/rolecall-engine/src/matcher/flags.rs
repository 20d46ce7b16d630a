//! Flags: what is asked most often, answered for all roles at once.
//!
//! Each of up to 64 comparisons with single values has a bit. What a token's claim says is looked up once, and gives the
//! bits of all comparisons that hold; whether a role's comparisons are among them is one operation.

use super::key::KeyHasher;
use super::view::{View, Words};
use super::word::Word;
use crate::claim_type::ClaimType;
use crate::ir::{Atom, Question};
use crate::template::ClaimId;

/// How many flags there are at most.
pub(super) const MAX_FLAGS: usize = 64;

/// The flags of a policy set.
#[derive(Clone, Debug, Default)]
pub(super) struct Flags(Vec<ClaimFlags>);

/// The flags of a claim.
#[derive(Clone, Debug)]
struct ClaimFlags {
    claim: ClaimId,
    /// Those that are set when the claim is there.
    present: u64,
    /// Those that are set when it is not.
    absent: u64,
    /// Those of opposites: set when the claim is there and well typed, and the comparison does not hold.
    opposite: u64,
    /// Those that hold only if the list has no other element.
    only: u64,
    values: Values,
}

/// Values, and the flags of the comparisons that ask for each: a hash table.
#[derive(Clone, Debug, Default)]
struct Values {
    table: Vec<Option<(Box<str>, u64)>>,
    count: usize,
}

impl Flags {
    /// Whether a comparison can have a flag.
    pub(super) fn can_have(atom: &Atom, is_derived: bool) -> bool {
        match &atom.question {
            Question::Present => true,
            // What a claim is made of is not looked at for a flag.
            Question::OneOf(literals) => !is_derived && literals.len() <= MAX_FLAGS,
            Question::ContainsAny(literals) => literals.len() <= MAX_FLAGS,
            Question::Only(_) => true,
            _ => false,
        }
    }

    /// Gives a comparison, or its opposite, this flag.
    pub(super) fn add(&mut self, atom: &Atom, negated: bool, flag: u64, hasher: &KeyHasher) {
        let known = self.0.iter().position(|flags| flags.claim == atom.claim);
        let at = known.unwrap_or_else(|| {
            self.0.push(ClaimFlags {
                claim: atom.claim,
                present: 0,
                absent: 0,
                opposite: 0,
                only: 0,
                values: Values::default(),
            });
            self.0.len().saturating_sub(1)
        });
        let Some(flags) = self.0.get_mut(at) else { return };
        let literals = match &atom.question {
            Question::Present if negated => return flags.absent |= flag,
            Question::Present => return flags.present |= flag,
            Question::Only(literal) => {
                flags.only |= flag;
                std::slice::from_ref(literal)
            }
            Question::OneOf(literals) | Question::ContainsAny(literals) => literals,
            _ => return,
        };
        if negated {
            flags.opposite |= flag;
        }
        for literal in literals {
            flags.values.add(&literal.to_string(), flag, hasher);
        }
    }

    /// The flags of all that holds of a token.
    pub(super) fn of(&self, view: &View<'_>, hasher: &KeyHasher) -> u64 {
        let set = |flags: &ClaimFlags| flags.of(view, hasher).unwrap_or(flags.absent);
        self.0.iter().fold(0, |all, flags| all | set(flags))
    }

    /// How many flags there are.
    pub(super) fn len(&self) -> usize {
        let bits = |flags: &ClaimFlags| {
            let held = flags
                .values
                .table
                .iter()
                .flatten()
                .fold(0, |all, (_, flags)| all | flags);
            flags.present | flags.absent | held
        };
        let all = self.0.iter().fold(0, |all, flags| all | bits(flags));
        usize::try_from(all.count_ones()).unwrap_or_default()
    }

    /// The bytes that the flags take.
    pub(super) fn bytes(&self) -> usize {
        self.0
            .iter()
            .map(|flags| flags.values.table.len().saturating_mul(40))
            .sum()
    }
}

impl ClaimFlags {
    /// The flags that are set; `None` if the claim is not there.
    fn of(&self, view: &View<'_>, hasher: &KeyHasher) -> Option<u64> {
        let value = view.value(self.claim)?;
        let held = match view.claim_type(self.claim)? {
            ClaimType::Scalar(scalar) => Word::of(scalar, value).and_then(|word| {
                let held = self.values.get(&word, hasher);
                // A value that policies write belongs to the type. Of any other it only counts if there are opposites.
                (held != 0 || self.opposite == 0 || word.belongs_to(scalar)).then_some(held)
            }),
            ClaimType::List(scalar) => {
                self.held_of_list(Words::new(scalar, value), |word| word.belongs_to(scalar), hasher)
            }
        };
        Some(self.present | held.map_or(0, |held| held ^ self.opposite))
    }

    /// The flags of what holds of a list; `None` if one of its values is not of its type.
    fn held_of_list(
        &self,
        words: Words<'_>,
        is_good: impl Fn(&Word<'_>) -> bool,
        hasher: &KeyHasher,
    ) -> Option<u64> {
        let mut held = 0;
        let mut first = None;
        let mut is_one = true;
        for word in words {
            let word = word.filter(&is_good)?;
            held |= self.values.get(&word, hasher);
            is_one &= *first.get_or_insert(word) == word;
        }
        Some(if is_one { held } else { held & !self.only })
    }
}

impl Values {
    fn add(&mut self, value: &str, flag: u64, hasher: &KeyHasher) {
        if self.count.saturating_mul(2) >= self.table.len() {
            let grown = vec![None; self.table.len().saturating_mul(2).max(8)];
            self.count = 0;
            for (value, flags) in std::mem::replace(&mut self.table, grown).into_iter().flatten() {
                self.put(value, flags, hasher);
            }
        }
        self.put(value.into(), flag, hasher);
    }

    /// Adds a value to a table that has room for it.
    fn put(&mut self, value: Box<str>, flag: u64, hasher: &KeyHasher) {
        let mut at = self.first(&value, hasher);
        while let Some(slot) = self.table.get_mut(at) {
            match slot {
                Some((known, flags)) if *known == value => return *flags |= flag,
                Some(_) => at = at.wrapping_add(1) & self.table.len().wrapping_sub(1),
                None => {
                    *slot = Some((value, flag));
                    self.count = self.count.saturating_add(1);
                    return;
                }
            }
        }
    }

    fn get(&self, word: &Word<'_>, hasher: &KeyHasher) -> u64 {
        word.written(|value| {
            let mut at = self.first(value, hasher);
            while let Some(Some((known, flags))) = self.table.get(at) {
                if **known == *value {
                    return *flags;
                }
                at = at.wrapping_add(1) & self.table.len().wrapping_sub(1);
            }
            0
        })
    }

    fn first(&self, value: &str, hasher: &KeyHasher) -> usize {
        let hash = usize::try_from(hasher.text(value) >> 32).unwrap_or_default();
        hash & self.table.len().wrapping_sub(1)
    }
}
