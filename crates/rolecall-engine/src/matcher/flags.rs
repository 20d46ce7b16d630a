//! Flags: the most frequent comparisons, evaluated once for all roles.
//!
//! Each of up to 64 comparisons has a bit. One lookup of a claim's value gives the bits of all comparisons of
//! the claim that hold. One operation tests whether all comparisons of a role are among them.

mod build;

pub(super) use build::{FlagBuilder, MAX_FLAGS, can_have_flag};

use super::scalar_value::ScalarValue;
use super::view::{ScalarValues, View};
use crate::claim_type::{ClaimType, Scalar};
use crate::hashed_str::HashedStr;
use crate::hole::Hole;
use crate::id::ClaimId;
use crate::narrow::index;
use crate::static_map::StaticMap;

/// The flags of a policy set.
#[derive(Clone, Debug)]
pub(super) struct Flags {
    claims: Box<[ClaimFlags]>,
    ends: Box<[SuffixFlags]>,
    /// The claims that fit into grants, each with its flag.
    fits: Box<[(Hole, u64)]>,
    /// The source of each flag.
    sources: Box<[Source]>,
}

/// The source of a flag's value.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// One of `claims`, by its index.
    Claim(usize),
    /// One of `fits`, by its index.
    Fits(usize),
    /// One of `ends`, by its index.
    Suffix(usize),
}

/// The flags of a claim.
#[derive(Clone, Debug)]
struct ClaimFlags {
    claim: ClaimId,
    /// All of them.
    flags: u64,
    /// Those that are set when the claim is present.
    present: u64,
    /// Those that are set when it is absent.
    absent: u64,
    /// Those that are set when it is comparable.
    comparable: u64,
    /// Those of negated comparisons: set when a present, well typed claim does not fulfil the comparison.
    opposite: u64,
    /// Those that hold only if the list has no other element.
    only: u64,
    /// The flags of each value that is compared.
    values: StaticMap<u64>,
}

/// The flags of suffixes: the claim ends with one of some texts.
#[derive(Clone, Debug)]
struct SuffixFlags {
    claim: ClaimId,
    /// All of them.
    flags: u64,
    texts: Box<[(HashedStr, u64)]>,
}

impl Flags {
    /// Returns true if all of these are set. Evaluates missing flags claim by claim, until one is not set.
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
            self.evaluate(missing, view);
        }
    }

    /// Returns the flags of these that are set.
    pub(super) fn set(&self, wanted: u64, view: &View<'_>) -> u64 {
        loop {
            let (asked, set) = view.flags().get();
            let missing = wanted & !asked;
            if missing == 0 {
                return wanted & set;
            }
            self.evaluate(missing, view);
        }
    }

    /// Evaluates the flags of the claim that the first of these flags is about.
    fn evaluate(&self, missing: u64, view: &View<'_>) {
        let source = self.sources.get(index(missing.trailing_zeros()));
        match source {
            Some(Source::Claim(claim)) => {
                if let Some(claim) = self.claims.get(*claim) {
                    return view.flags().add(claim.flags, claim.of(view));
                }
            }
            Some(Source::Suffix(ends)) => {
                if let Some(ends) = self.ends.get(*ends) {
                    return view.flags().add(ends.flags, ends.of(view));
                }
            }
            Some(Source::Fits(fits)) => {
                if let Some((hole, flag)) = self.fits.get(*fits) {
                    return view.flags().add(*flag, if view.fits(*hole) { *flag } else { 0 });
                }
            }
            None => {}
        }
        debug_assert!(false, "each flag has a source");
        // A flag without a source is never set.
        view.flags().add(missing, 0);
    }

    /// Returns the claims that have flags.
    pub(super) fn claims(&self) -> impl Iterator<Item = ClaimId> {
        let claims = self.claims.iter().map(|flags| flags.claim);
        let ends = self.ends.iter().map(|ends| ends.claim);
        claims
            .chain(ends)
            .chain(self.fits.iter().map(|(hole, _)| hole.claim))
    }

    /// Returns the number of flags.
    pub(super) fn len(&self) -> usize {
        self.sources.len()
    }

    /// Returns the bytes that the flags take.
    pub(super) fn bytes(&self) -> usize {
        let claims = self
            .claims
            .iter()
            .flat_map(|flags| [flags.values.bytes(), size_of_val(flags)]);
        let ends = self
            .ends
            .iter()
            .flat_map(|ends| &ends.texts)
            .flat_map(|text| [size_of_val(text), text.0.text().len()]);
        claims.chain(ends).chain([size_of_val(&*self.fits)]).sum()
    }
}

impl ClaimFlags {
    /// Returns the flags that are set.
    fn of(&self, view: &View<'_>) -> u64 {
        let Some(value) = view.value(self.claim) else {
            return self.absent;
        };
        let held = match view.claim_type(self.claim) {
            ClaimType::Scalar(scalar) => ScalarValue::of(scalar, value).and_then(|word| {
                let held = self.held(&word);
                // A value that a policy compares belongs to its type. Others matter to negated comparisons
                // alone.
                (held != 0 || self.opposite == 0 || word.belongs_to(scalar)).then_some(held)
            }),
            ClaimType::List(scalar) => self.held_of_list(scalar, ScalarValues::new(scalar, value)),
        };
        let comparable = if self.comparable != 0 && view.is_comparable(self.claim) {
            self.comparable
        } else {
            0
        };
        self.present | comparable | held.map_or(0, |held| held ^ self.opposite)
    }

    /// Returns the flags of the comparisons that hold of a list; `None` if one of its values is ill-typed.
    fn held_of_list(&self, scalar: &Scalar, words: ScalarValues<'_>) -> Option<u64> {
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
    fn held(&self, word: &ScalarValue<'_>) -> u64 {
        let held = match word {
            ScalarValue::Text(text) => self.values.get(text),
            word => word.written(|text| self.values.get(text)),
        };
        // Most values are not compared, and have no flags.
        held.copied().unwrap_or(0)
    }
}

impl SuffixFlags {
    /// Returns the flags that are set.
    fn of(&self, view: &View<'_>) -> u64 {
        let word = view.scalar(self.claim);
        let Some(text) = word.as_ref().and_then(ScalarValue::as_text) else {
            return 0;
        };
        let set = self.texts.iter().filter(|(end, _)| end.ends(text.as_bytes()));
        set.fold(0, |all, (_, flag)| all | flag)
    }
}
