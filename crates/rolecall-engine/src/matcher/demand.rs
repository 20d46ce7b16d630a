//! What is asked for besides a key: the comparisons that are asked most often become flags, the rest residuals.

use super::compile::Signed;
use super::flags::{Flags, MAX_FLAGS};
use super::key::KeyHasher;
use super::residual::{ResidualBuilder, Residuals};
use super::table::Demand;
use super::view::Layout;
use crate::ir::{Atom, Formula, Question};
use crate::template::ClaimId;
use std::collections::HashMap;
use std::sync::Arc;

/// A comparison, told from others by what it asks; with `true` its opposite.
type Comparison<'f> = (ClaimId, &'f Question, bool);

/// Makes demands.
pub(super) struct Demands<'f> {
    layout: &'f Layout,
    hasher: &'f KeyHasher,
    /// How often each comparison is asked for that can have a flag.
    counts: HashMap<Comparison<'f>, u64>,
    /// The comparisons that are worth a flag, and the flags of those that were asked for.
    chosen: HashMap<Comparison<'f>, Option<u64>>,
    /// How many flags were given out.
    given: u32,
    flags: Flags,
    residuals: ResidualBuilder,
}

impl<'f> Demands<'f> {
    pub(super) fn new(layout: &'f Layout, hasher: &'f KeyHasher) -> Self {
        Self {
            layout,
            hasher,
            counts: HashMap::new(),
            chosen: HashMap::new(),
            given: 0,
            flags: Flags::default(),
            residuals: ResidualBuilder::new(),
        }
    }

    /// Counts the comparisons of a condition that all have to hold.
    pub(super) fn count(&mut self, part: Signed<'f>) {
        match part {
            (Formula::All(parts), false) | (Formula::Any(parts), true) => {
                parts.iter().for_each(|inner| self.count((inner, part.1)));
            }
            (Formula::Not(inner), negated) => self.count((inner, !negated)),
            (Formula::Atom(atom), negated) if Flags::can_have(atom, self.layout.is_derived(atom.claim)) => {
                let comparison = (atom.claim, &atom.question, negated);
                let count = self.counts.entry(comparison).or_default();
                *count = count.saturating_add(1);
            }
            _ => {}
        }
    }

    /// Chooses the comparisons that are asked most often.
    pub(super) fn choose_flags(&mut self) {
        let mut counts: Vec<(Comparison<'f>, u64)> = std::mem::take(&mut self.counts).into_iter().collect();
        if counts.len() > MAX_FLAGS {
            counts.select_nth_unstable_by_key(MAX_FLAGS, |(_, count)| std::cmp::Reverse(*count));
            counts.truncate(MAX_FLAGS);
        }
        self.chosen = counts
            .into_iter()
            .map(|(comparison, _)| (comparison, None))
            .collect();
    }

    /// The demand that all of these hold, and a residual besides.
    pub(super) fn of(&mut self, parts: &[Signed<'f>], also: Option<u32>) -> Demand {
        let mut flags = 0;
        let mut residuals: Vec<u32> = also.into_iter().collect();
        for part in parts {
            self.add(*part, &mut flags, &mut residuals);
        }
        Demand {
            flags,
            residual: self.residuals.all(residuals),
        }
    }

    fn add(&mut self, part: Signed<'f>, flags: &mut u64, residuals: &mut Vec<u32>) {
        match part {
            (Formula::All(parts), false) | (Formula::Any(parts), true) => {
                for inner in parts.iter() {
                    self.add((inner, part.1), flags, residuals);
                }
            }
            (Formula::Not(inner), negated) => self.add((inner, !negated), flags, residuals),
            (Formula::Atom(atom), negated) => match self.flag(atom, negated) {
                Some(flag) => *flags |= flag,
                None => residuals.push(self.residuals.comparison(atom, negated)),
            },
            (formula, negated) => residuals.push(self.residuals.formula(formula, negated)),
        }
    }

    /// The flag of a comparison, if it is worth one.
    fn flag(&mut self, atom: &'f Arc<Atom>, negated: bool) -> Option<u64> {
        let flag = self.chosen.get_mut(&(atom.claim, &atom.question, negated))?;
        if flag.is_none() {
            let new = 1_u64.checked_shl(self.given)?;
            self.given = self.given.saturating_add(1);
            self.flags.add(atom, negated, new, self.hasher);
            *flag = Some(new);
        }
        *flag
    }

    /// The residual of a comparison.
    pub(super) fn comparison(&mut self, atom: &Arc<Atom>) -> u32 {
        self.residuals.comparison(atom, false)
    }

    /// The residual that a derived claim says what it is made of.
    pub(super) fn agreement(&mut self, claim: ClaimId) -> u32 {
        self.residuals.agrees(claim)
    }

    pub(super) fn finish(self) -> (Flags, Residuals) {
        (self.flags, self.residuals.finish())
    }
}
