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
        let claims: Box<[ClaimFlags]> = self
            .claims
            .into_iter()
            .map(|(claim, flags)| flags.finish(claim))
            .collect();
        let all = claims
            .iter()
            .map(|claim| claim.flags)
            .chain(self.ends.iter().map(|ends| ends.flag));
        let all: Vec<u64> = all.collect();
        let source = |flag: u64| all.iter().position(|flags| flags & flag != 0);
        let flags = (0..self.given).filter_map(|bit| 1_u64.checked_shl(bit));
        let sources = flags.map(|flag| {
            source(flag)
                .and_then(|source| u8::try_from(source).ok())
                .unwrap_or(u8::MAX)
        });
        Flags {
            sources: sources.collect(),
            given: all.iter().fold(0, |all, flags| all | flags),
            claims,
            ends: self.ends.into(),
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
            flags: values | self.present | self.absent,
            present: self.present,
            absent: self.absent,
            opposite: self.opposite,
            only: self.only,
            values: Lookup::new(spelled.collect()),
        }
    }
}
