//! Flags given out one by one.

use super::{ClaimFlags, Ends, Flags};
use crate::ir::{Atom, Question};
use crate::spelling::{Lookup, Spelling};
use crate::template::ClaimId;
use std::collections::BTreeMap;

/// How many flags there are at most.
pub(in crate::matcher) const MAX_FLAGS: usize = 64;

/// Gives out flags.
#[derive(Default)]
pub(in crate::matcher) struct FlagBuilder {
    claims: BTreeMap<ClaimId, Claim>,
    ends: Vec<Ends>,
    given: u32,
}

/// The flags of a claim so far.
#[derive(Default)]
struct Claim {
    present: u64,
    absent: u64,
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

    /// A flag that a claim ends with one of some texts.
    pub(in crate::matcher) fn ends(&mut self, claim: ClaimId, texts: Box<[Box<str>]>) -> Option<u64> {
        let flag = self.next()?;
        self.ends.push(Ends { claim, texts, flag });
        Some(flag)
    }

    fn next(&mut self) -> Option<u64> {
        let flag = 1_u64.checked_shl(self.given)?;
        self.given = self.given.saturating_add(1);
        Some(flag)
    }

    pub(in crate::matcher) fn finish(self) -> Flags {
        let claims = self.claims.into_iter().map(|(claim, flags)| ClaimFlags {
            claim,
            present: flags.present,
            absent: flags.absent,
            opposite: flags.opposite,
            only: flags.only,
            values: Lookup::new(
                flags
                    .values
                    .iter()
                    .map(|(value, flags)| (Spelling::new(value), *flags))
                    .collect(),
            ),
        });
        Flags {
            claims: claims.collect(),
            ends: self.ends.into(),
            count: usize::try_from(self.given).unwrap_or_default(),
        }
    }
}
