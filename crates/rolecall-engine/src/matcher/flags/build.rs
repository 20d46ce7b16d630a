//! Flags given out one by one.

use super::{ClaimFlags, Ends, Flags};
use crate::id::ClaimId;
use crate::ir::{Atom, Question};
use crate::spelling::{Lookup, Spelling};
use std::collections::BTreeMap;

/// How many flags there are at most.
pub(in crate::matcher) const MAX_FLAGS: usize = 64;

/// Gives out flags.
#[derive(Default)]
pub(in crate::matcher) struct FlagBuilder {
    claims: BTreeMap<ClaimId, Claim>,
    ends: BTreeMap<ClaimId, Vec<(Spelling, u64)>>,
    given: u32,
}

/// The flags of a claim so far.
#[derive(Default)]
struct Claim {
    present: u64,
    absent: u64,
    known: u64,
    opposite: u64,
    only: u64,
    values: BTreeMap<String, u64>,
}

/// Whether a comparison can have a flag.
pub(in crate::matcher) fn can_have_flag(atom: &Atom, is_derived: bool) -> bool {
    match &atom.question {
        Question::Only(_) | Question::Present => true,
        // Whether a claim says what it is made of is not asked for a flag.
        Question::OneOf(literals) => !is_derived && literals.len() <= MAX_FLAGS,
        Question::ContainsAny(literals) => literals.len() <= MAX_FLAGS,
        _ => false,
    }
}

impl FlagBuilder {
    /// A flag for a comparison, or its opposite, if there is one left.
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

    /// A flag that a claim can be compared.
    pub(in crate::matcher) fn known(&mut self, claim: ClaimId) -> Option<u64> {
        let flag = self.next()?;
        self.claims.entry(claim).or_default().known |= flag;
        Some(flag)
    }

    /// A flag that a claim ends with one of some texts.
    pub(in crate::matcher) fn ends<'t>(
        &mut self,
        claim: ClaimId,
        texts: impl Iterator<Item = &'t str>,
    ) -> Option<u64> {
        let flag = self.next()?;
        let ends = self.ends.entry(claim).or_default();
        ends.extend(texts.map(|text| (Spelling::new(text), flag)));
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
        let ends = self.ends.into_iter().map(|(claim, texts)| Ends {
            claim,
            flags: texts.iter().fold(0, |all, (_, flag)| all | flag),
            texts: texts.into(),
        });
        let ends: Box<[Ends]> = ends.collect();
        let sources = || {
            let claims = claims.iter().map(|claim| claim.flags);
            claims.chain(ends.iter().map(|ends| ends.flags))
        };
        let source = |flag: u32| sources().position(|flags| flags >> flag & 1 != 0);
        let number = |source: Option<usize>| u8::try_from(source?).ok();
        Flags {
            sources: (0..self.given)
                .map(|flag| number(source(flag)).unwrap_or(u8::MAX))
                .collect(),
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
            .map(|(value, flags)| (Spelling::new(value), *flags));
        ClaimFlags {
            claim,
            flags: values | self.present | self.absent | self.known,
            present: self.present,
            absent: self.absent,
            known: self.known,
            opposite: self.opposite,
            only: self.only,
            values: Lookup::new(spelled.collect()),
        }
    }
}
