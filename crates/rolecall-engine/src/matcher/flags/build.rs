//! Builder of flags.

use super::{ClaimFlags, Flags, Source, SuffixFlags};
use crate::hashed_str::HashedStr;
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
    ends: BTreeMap<ClaimId, Vec<(HashedStr, u64)>>,
    given: u32,
}

/// The flags of a claim so far.
#[derive(Default)]
struct Claim {
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
        Question::Only(_) | Question::Present => true,
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
        let flag = self.next()?;
        let claim = self.claims.entry(claim).or_default();
        let literals = match question {
            Question::Present => {
                *(if negated {
                    &mut claim.absent
                } else {
                    &mut claim.present
                }) |= flag;
                return Some(flag);
            }
            Question::Only(literal) => {
                claim.only |= flag;
                std::slice::from_ref(literal)
            }
            Question::OneOf(literals) | Question::ContainsAny(literals) => literals,
            _ => return None,
        };
        if negated {
            claim.opposite |= flag;
        }
        for literal in literals {
            *claim.values.entry(literal.to_string()).or_default() |= flag;
        }
        Some(flag)
    }

    /// Returns a flag for a claim that is comparable.
    pub(in crate::matcher) fn comparable(&mut self, claim: ClaimId) -> Option<u64> {
        let flag = self.next()?;
        self.claims.entry(claim).or_default().comparable |= flag;
        Some(flag)
    }

    /// Returns a flag for a claim that ends with one of some texts.
    pub(in crate::matcher) fn ends<'t>(
        &mut self,
        claim: ClaimId,
        texts: impl Iterator<Item = &'t str>,
    ) -> Option<u64> {
        let flag = self.next()?;
        let ends = self.ends.entry(claim).or_default();
        ends.extend(texts.map(|text| (HashedStr::new(text), flag)));
        Some(flag)
    }

    fn next(&mut self) -> Option<u64> {
        let flag = 1_u64.checked_shl(self.given)?;
        self.given = self.given.saturating_add(1);
        Some(flag)
    }

    pub(in crate::matcher) fn finish(self) -> Flags {
        let claims = self.claims.into_iter();
        let claims: Box<[ClaimFlags]> = claims.map(|(claim, flags)| flags.finish(claim)).collect();
        let ends = self.ends.into_iter().map(|(claim, texts)| SuffixFlags {
            claim,
            flags: texts.iter().fold(0, |all, (_, flag)| all | flag),
            texts: texts.into(),
        });
        let ends: Box<[SuffixFlags]> = ends.collect();
        let source = |flag: u32| {
            let has = |flags: u64| flags >> flag & 1 != 0;
            let claim = claims
                .iter()
                .position(|claim| has(claim.flags))
                .map(Source::Claim);
            claim.or_else(|| ends.iter().position(|ends| has(ends.flags)).map(Source::Suffix))
        };
        let sources: Option<_> = (0..self.given).map(source).collect();
        debug_assert!(sources.is_some(), "each flag is about a claim");
        Flags {
            sources: sources.unwrap_or_default(),
            claims,
            ends,
        }
    }
}

impl Claim {
    fn finish(self, claim: ClaimId) -> ClaimFlags {
        let values = self.values.values().fold(0, |all, flags| all | flags);
        let spelled = self
            .values
            .iter()
            .map(|(value, flags)| (HashedStr::new(value), *flags));
        ClaimFlags {
            claim,
            flags: values | self.present | self.absent | self.comparable,
            present: self.present,
            absent: self.absent,
            comparable: self.comparable,
            opposite: self.opposite,
            only: self.only,
            values: StaticMap::new(spelled.collect()),
        }
    }
}
