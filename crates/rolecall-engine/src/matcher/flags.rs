//! Flags: what is asked most often, answered for all roles at once.
//!
//! Each of up to 64 comparisons has a bit. What a token's claim says is looked up once, and gives the bits of all
//! comparisons that hold; whether a role's comparisons are among them is one operation.

mod build;

pub(super) use build::{FlagBuilder, MAX_FLAGS, can_have_flag};

use super::view::{View, Words};
use super::word::Word;
use crate::claim_type::{ClaimType, Scalar};
use crate::spelling::Lookup;
use crate::template::ClaimId;

/// The flags of a policy set.
#[derive(Clone, Debug)]
pub(super) struct Flags {
    claims: Box<[ClaimFlags]>,
    ends: Box<[Ends]>,
    count: usize,
}

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
    /// Values, and the flags of the comparisons that ask for each.
    values: Lookup<u64>,
}

/// The flag that a claim ends with one of some texts.
#[derive(Clone, Debug)]
struct Ends {
    claim: ClaimId,
    texts: Box<[Box<str>]>,
    flag: u64,
}

impl Flags {
    /// The flags of all that holds of a token.
    pub(super) fn of(&self, view: &View<'_>) -> u64 {
        let of_claim = |flags: &ClaimFlags| flags.of(view).unwrap_or(flags.absent);
        let flags = self.claims.iter().fold(0, |all, flags| all | of_claim(flags));
        self.ends.iter().fold(flags, |all, ends| all | ends.of(view))
    }

    /// How many flags there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The bytes that the flags take.
    pub(super) fn bytes(&self) -> usize {
        let claims = self
            .claims
            .iter()
            .map(|flags| flags.values.bytes().saturating_add(size_of_val(flags)));
        let ends = self
            .ends
            .iter()
            .flat_map(|ends| &ends.texts)
            .map(|text| text.len());
        claims.chain(ends).sum()
    }
}

impl ClaimFlags {
    /// The flags that are set; `None` if the claim is not there.
    fn of(&self, view: &View<'_>) -> Option<u64> {
        let value = view.value(self.claim)?;
        let held = match view.claim_type(self.claim)? {
            ClaimType::Scalar(scalar) => Word::of(scalar, value).and_then(|word| {
                let held = self.held(&word);
                // A value that policies write belongs to the type. Of any other it only counts if there are opposites.
                (held != 0 || self.opposite == 0 || word.belongs_to(scalar)).then_some(held)
            }),
            ClaimType::List(scalar) => self.held_of_list(scalar, Words::new(scalar, value)),
        };
        Some(self.present | held.map_or(0, |held| held ^ self.opposite))
    }

    /// The flags of what holds of a list; `None` if one of its values is not of its type.
    fn held_of_list(&self, scalar: &Scalar, words: Words<'_>) -> Option<u64> {
        let mut held = 0;
        let mut first = None;
        let mut is_one = true;
        for word in words {
            let word = word.filter(|word| word.belongs_to(scalar))?;
            held |= self.held(&word);
            is_one &= *first.get_or_insert(word) == word;
        }
        Some(if is_one { held } else { held & !self.only })
    }

    #[inline]
    fn held(&self, word: &Word<'_>) -> u64 {
        let held = match word {
            Word::Text(text) => self.values.get(text),
            word => word.written(|text| self.values.get(text)),
        };
        held.copied().unwrap_or_default()
    }
}

impl Ends {
    /// The flag, if it is set.
    fn of(&self, view: &View<'_>) -> u64 {
        let has = |text: &str| self.texts.iter().any(|end| text.ends_with(&**end));
        match view.word(self.claim) {
            Some(word) if word.as_text().is_some_and(has) => self.flag,
            _ => 0,
        }
    }
}
