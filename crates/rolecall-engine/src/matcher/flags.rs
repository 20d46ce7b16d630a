//! Flags: what is asked most often, answered for all roles at once.
//!
//! Each of up to 64 comparisons has a bit. What a token's claim says is looked up once, and gives the bits of all
//! comparisons that hold; whether a role's comparisons are among them is one operation.

mod build;

pub(super) use build::{FlagBuilder, MAX_FLAGS, can_have_flag};

use super::view::{View, Words};
use super::word::Word;
use crate::claim_type::{ClaimType, Scalar};
use crate::document::index;
use crate::id::ClaimId;
use crate::spelling::{Lookup, Spelling};

/// The flags of a policy set.
#[derive(Clone, Debug)]
pub(super) struct Flags {
    claims: Box<[ClaimFlags]>,
    ends: Box<[Ends]>,
    /// Which of the claims, and after them of the ends, each flag is about.
    sources: Box<[u8]>,
}

/// The flags of a claim.
#[derive(Clone, Debug)]
struct ClaimFlags {
    claim: ClaimId,
    /// All of them.
    flags: u64,
    /// Those that are set when the claim is there.
    present: u64,
    /// Those that are set when it is not.
    absent: u64,
    /// Those that are set when it can be compared.
    known: u64,
    /// Those of opposites: set when the claim is there and well typed, and the comparison does not hold.
    opposite: u64,
    /// Those that hold only if the list has no other element.
    only: u64,
    /// Values, and the flags of the comparisons that ask for each.
    values: Lookup<u64>,
}

/// The flags that a claim ends with one of some texts.
#[derive(Clone, Debug)]
struct Ends {
    claim: ClaimId,
    /// All of them.
    flags: u64,
    texts: Box<[(Spelling, u64)]>,
}

impl Flags {
    /// Whether all of these are set. What is not known yet is found out, claim by claim, as long as it matters.
    #[inline]
    pub(super) fn are_set(&self, wanted: u64, view: &View<'_>) -> bool {
        loop {
            let (asked, set) = view.flags().get();
            if wanted & asked & !set != 0 {
                return false;
            }
            let missing = wanted & !asked;
            if missing == 0 {
                return true;
            }
            self.find_out(missing, view);
        }
    }

    /// The flags of these that are set.
    pub(super) fn set(&self, wanted: u64, view: &View<'_>) -> u64 {
        loop {
            let (asked, set) = view.flags().get();
            let missing = wanted & !asked;
            if missing == 0 {
                return wanted & set;
            }
            self.find_out(missing, view);
        }
    }

    /// Looks at the claim of the first of these flags.
    fn find_out(&self, missing: u64, view: &View<'_>) {
        let source = self.sources.get(index(missing.trailing_zeros()));
        let source = source.copied().map_or(usize::MAX, usize::from);
        let ends = source.wrapping_sub(self.claims.len());
        if let Some(claim) = self.claims.get(source) {
            view.flags().add(claim.flags, claim.of(view));
        } else if let Some(ends) = self.ends.get(ends) {
            view.flags().add(ends.flags, ends.of(view));
        } else {
            // There are no such flags, and so they are not set.
            view.flags().add(missing, 0);
        }
    }

    /// The claims that flags are about.
    pub(super) fn claims(&self) -> impl Iterator<Item = ClaimId> {
        let claims = self.claims.iter().map(|flags| flags.claim);
        claims.chain(self.ends.iter().map(|ends| ends.claim))
    }

    /// How many flags there are.
    pub(super) fn len(&self) -> usize {
        self.sources.len()
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
            .map(|text| size_of_val(text).saturating_add(text.0.text().len()));
        claims.chain(ends).sum()
    }
}

impl ClaimFlags {
    /// The flags that are set.
    fn of(&self, view: &View<'_>) -> u64 {
        let (Some(value), Some(claim_type)) = (view.value(self.claim), view.claim_type(self.claim)) else {
            return self.absent;
        };
        let held = match claim_type {
            ClaimType::Scalar(scalar) => Word::of(scalar, value).and_then(|word| {
                let held = self.held(&word);
                // A value that policies write belongs to the type. Of any other it only counts if there are opposites.
                (held != 0 || self.opposite == 0 || word.belongs_to(scalar)).then_some(held)
            }),
            ClaimType::List(scalar) => self.held_of_list(scalar, Words::new(scalar, value)),
        };
        let known = if self.known != 0 && view.is_known(self.claim) {
            self.known
        } else {
            0
        };
        self.present | known | held.map_or(0, |held| held ^ self.opposite)
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
    /// The flags that are set.
    fn of(&self, view: &View<'_>) -> u64 {
        let word = view.word(self.claim);
        let Some(text) = word.as_ref().and_then(Word::as_text) else {
            return 0;
        };
        let set = self.texts.iter().filter(|(end, _)| end.ends(text.as_bytes()));
        set.fold(0, |all, (_, flag)| all | flag)
    }
}
