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
    /// Which of the claims, and after them of the ends, each flag is about.
    sources: Box<[u8]>,
    /// All flags.
    given: u64,
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

/// The flags of a token, as far as they were asked for.
#[derive(Clone, Copy, Default)]
pub(super) struct Known {
    /// Those that were looked at.
    asked: u64,
    /// Those of them that are set.
    set: u64,
}

impl Known {
    /// The flags that are known not to be set.
    #[inline]
    pub(super) fn unset(&self) -> u64 {
        self.asked & !self.set
    }
}

impl Flags {
    /// Asks for the first flag, if nothing was asked yet: what roles ask for first, most of them ask for.
    #[inline]
    pub(super) fn begin(&self, known: &mut Known, view: &View<'_>) {
        if known.asked == 0 && self.given != 0 {
            self.find_out(self.given, known, view);
        }
    }

    /// Whether all of these are set. What is not known yet is found out, claim by claim, as long as it matters.
    #[inline]
    pub(super) fn are_set(&self, wanted: u64, known: &mut Known, view: &View<'_>) -> bool {
        loop {
            if wanted & known.unset() != 0 {
                return false;
            }
            let missing = wanted & !known.asked;
            if missing == 0 {
                return true;
            }
            self.find_out(missing, known, view);
        }
    }

    /// All flags that are set.
    pub(super) fn all(&self, known: &mut Known, view: &View<'_>) -> u64 {
        while known.asked != self.given {
            self.find_out(self.given & !known.asked, known, view);
        }
        known.set
    }

    /// Looks at the claim of the first of these flags.
    fn find_out(&self, missing: u64, known: &mut Known, view: &View<'_>) {
        let first = usize::try_from(missing.trailing_zeros()).unwrap_or_default();
        let source = self
            .sources
            .get(first)
            .copied()
            .map(usize::from)
            .unwrap_or_default();
        let claims = self.claims.len();
        if let Some(claim) = self.claims.get(source) {
            known.asked |= claim.flags;
            known.set |= claim.of(view).unwrap_or(claim.absent);
        } else if let Some(ends) = self.ends.get(source.wrapping_sub(claims)) {
            known.asked |= ends.flag;
            known.set |= ends.of(view);
        } else {
            // There are no other flags.
            known.asked = u64::MAX;
        }
    }

    /// The claims that flags are about.
    pub(super) fn claims(&self) -> impl Iterator<Item = ClaimId> {
        self.claims.iter().map(|flags| flags.claim)
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
