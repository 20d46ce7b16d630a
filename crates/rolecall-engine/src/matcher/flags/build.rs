//! Builder of flags.

use super::{ClaimFlags, Flags, Source, SuffixFlags};
use crate::certain::certain;
use crate::hashed_str::HashedStr;
use crate::hole::Hole;
use crate::id::ClaimId;
use crate::ir::{Atom, Question};
use crate::static_map::StaticMap;
use std::collections::BTreeMap;

/// The maximum number of flags.
pub(in crate::matcher) const MAX_FLAGS: usize = 64;

/// Gives out flags, one for each comparison.
#[derive(Default)]
pub(in crate::matcher) struct FlagBuilder {
    claims: BTreeMap<ClaimId, Claim>,
    /// The flags of the suffixes of each claim, and for each text its flag.
    ends: BTreeMap<ClaimId, (u64, Vec<(HashedStr, u64)>)>,
    /// The flags of claims that fit into grants.
    fits: Vec<(Hole, u64)>,
    /// All flags that were given out.
    given: u64,
}

/// The flags of a claim so far.
#[derive(Default)]
struct Claim {
    /// All of them.
    flags: u64,
    present: u64,
    absent: u64,
    comparable: u64,
    opposite: u64,
    only: u64,
    values: BTreeMap<String, u64>,
}

/// Returns true if a comparison can have a flag.
pub(in crate::matcher) fn can_have_flag(atom: &Atom, is_derived: bool) -> bool {
    match &atom.question {
        Question::Fits(_) | Question::Only(_) | Question::Present => true,
        // A flag does not test that a derived claim is comparable.
        Question::OneOf(literals) => !is_derived && literals.len() <= MAX_FLAGS,
        Question::ContainsAny(literals) => literals.len() <= MAX_FLAGS,
        _ => false,
    }
}

impl FlagBuilder {
    /// Returns a flag for a comparison, or for the negated one, if there is one left.
    pub(in crate::matcher) fn comparison(
        &mut self,
        claim: ClaimId,
        question: &Question,
        negated: bool,
    ) -> Option<u64> {
        let literals = match question {
            Question::Fits(filter) if !negated => {
                let filter = *filter;
                return self.fits(Hole { claim, filter });
            }
            Question::Present => None,
            Question::Only(literal) => Some(std::slice::from_ref(literal)),
            Question::OneOf(literals) | Question::ContainsAny(literals) => Some(&**literals),
            _ => return None,
        };
        let flag = self.next()?;
        let claim = self.claims.entry(claim).or_default();
        claim.flags |= flag;
        match (literals, negated) {
            (None, false) => claim.present |= flag,
            (None, true) => claim.absent |= flag,
            (Some(_), true) => claim.opposite |= flag,
            (Some(_), false) => {}
        }
        if matches!(question, Question::Only(_)) {
            claim.only |= flag;
        }
        for literal in literals.into_iter().flatten() {
            *claim.values.entry(literal.to_string()).or_default() |= flag;
        }
        Some(flag)
    }

    /// Returns a flag for a claim that is comparable.
    pub(in crate::matcher) fn comparable(&mut self, claim: ClaimId) -> Option<u64> {
        let flag = self.next()?;
        let claim = self.claims.entry(claim).or_default();
        claim.flags |= flag;
        claim.comparable |= flag;
        Some(flag)
    }

    /// Returns a flag for a claim that ends with one of some texts.
    pub(in crate::matcher) fn ends<'t>(
        &mut self,
        claim: ClaimId,
        texts: impl Iterator<Item = &'t str>,
    ) -> Option<u64> {
        let flag = self.next()?;
        let (flags, ends) = self.ends.entry(claim).or_default();
        *flags |= flag;
        ends.extend(texts.map(|text| (HashedStr::new(text), flag)));
        Some(flag)
    }

    /// Returns a flag for a claim that fits into grants.
    fn fits(&mut self, hole: Hole) -> Option<u64> {
        let flag = self.next()?;
        self.fits.push((hole, flag));
        Some(flag)
    }

    fn next(&mut self) -> Option<u64> {
        let left = !self.given;
        // The lowest one.
        let flag = left & left.wrapping_neg();
        self.given |= flag;
        (flag != 0).then_some(flag)
    }

    pub(in crate::matcher) fn finish(self) -> Flags {
        let claims = self.claims.into_iter();
        let claims: Box<[ClaimFlags]> = claims.map(|(claim, flags)| flags.finish(claim)).collect();
        let ends = self.ends.into_iter().map(|(claim, (flags, texts))| SuffixFlags {
            claim,
            flags,
            texts: texts.into(),
        });
        let ends: Box<[SuffixFlags]> = ends.collect();
        let source = |flag: u32| {
            let has = |flags: u64| flags >> flag & 1 != 0;
            let claim = claims
                .iter()
                .position(|claim| has(claim.flags))
                .map(Source::Claim);
            let fits = || {
                self.fits
                    .iter()
                    .position(|(_, flag)| has(*flag))
                    .map(Source::Fits)
            };
            let ends = || ends.iter().position(|ends| has(ends.flags)).map(Source::Suffix);
            claim.or_else(ends).or_else(fits)
        };
        let sources: Option<_> = (0..self.given.count_ones()).map(source).collect();
        Flags {
            sources: certain(sources, "each flag is about a claim"),
            claims,
            ends,
            fits: self.fits.into(),
        }
    }
}

impl Claim {
    fn finish(self, claim: ClaimId) -> ClaimFlags {
        let spelled = self
            .values
            .iter()
            .map(|(value, flags)| (HashedStr::new(value), *flags));
        ClaimFlags {
            claim,
            flags: self.flags,
            present: self.present,
            absent: self.absent,
            comparable: self.comparable,
            opposite: self.opposite,
            only: self.only,
            values: StaticMap::new(spelled.collect()),
        }
    }
}
