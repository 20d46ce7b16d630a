//! Demands: the conditions in addition to a key. Frequent comparisons become flags, the others residuals.

use super::claim_table::ClaimTable;
use super::flags::{FlagBuilder, Flags, MAX_FLAGS, can_have_flag};
use super::groups::Demand;
use super::key::Part;
use super::nnf::Nnf;
use super::residual::{ResidualBuilder, Residuals};
use crate::certain::{next, plus};
use crate::id::ClaimId;
use crate::ir::{Atom, Question};
use crate::pattern::{Pattern, Rest};
use hashbrown::HashMap;
use std::borrow::Cow;
use std::sync::Arc;

/// The test that a flag stands for.
#[derive(PartialEq, Eq, Hash)]
enum FlagTest<'f> {
    /// A comparison, identified by its question; with `true` the negated one.
    Comparison(ClaimId, &'f Question, bool),
    /// A claim ends with one of some texts. This follows from many patterns that differ in their start, which
    /// is their key.
    Suffix(ClaimId, Box<[Cow<'f, str>]>),
    /// A claim is comparable. Each role that is looked up by a pattern or by a derived claim asks this.
    Comparable(ClaimId),
}

/// The part of a comparison that its key does not decide.
pub(super) enum KeyRemainder<'f> {
    /// The claim is comparable.
    Comparable(ClaimId),
    /// The whole comparison.
    Comparison(&'f Arc<Atom>),
    Nothing,
    /// The claim is comparable, and its text without the key, which is this part, has one of these forms.
    Rests(ClaimId, Part, Vec<Rest>),
}

/// Builds demands.
pub(super) struct Demands<'f> {
    claims: &'f ClaimTable,
    /// The comparisons and the negated ones by their addresses, and how often each occurs. Equal comparisons of many
    /// roles are mostly shared: their tests are made once.
    counts: HashMap<(*const Atom, bool), (&'f Atom, usize)>,
    /// Flags and residuals of the comparisons and of the negated ones, by their addresses.
    known: HashMap<(*const Atom, bool), (u64, Option<u32>)>,
    /// The tests that get a flag, and the flags that were given out.
    chosen: HashMap<FlagTest<'f>, Option<u64>>,
    flags: FlagBuilder,
    residuals: ResidualBuilder,
}

impl<'f> Demands<'f> {
    pub(super) fn new(claims: &'f ClaimTable) -> Self {
        Self {
            claims,
            counts: HashMap::new(),
            known: HashMap::new(),
            chosen: HashMap::new(),
            flags: FlagBuilder::default(),
            residuals: ResidualBuilder::new(),
        }
    }

    /// Counts the comparisons of a condition that must all hold.
    pub(super) fn count(&mut self, condition: Nnf<'f>) {
        let (atom, negated) = match condition {
            Nnf::All(parts) => return parts.iter().for_each(|part| self.count(part)),
            Nnf::Is(atom) => (atom, false),
            Nnf::IsNot(atom) => (atom, true),
            Nnf::Any(_) | Nnf::Unknown => return,
        };
        let (_, count) = self
            .counts
            .entry((Arc::as_ptr(atom), negated))
            .or_insert((atom, 0));
        *count = next(*count);
    }

    /// Returns the tests of a comparison, or of the negated one, that can have flags.
    fn tests(&self, atom: &'f Atom, negated: bool) -> impl Iterator<Item = FlagTest<'f>> + use<'f> {
        let comparison = self.comparison_of(atom, negated);
        let others = match negated {
            true => [None, None],
            false => [ends_of(atom), Some(FlagTest::Comparable(atom.claim))],
        };
        comparison.into_iter().chain(others.into_iter().flatten())
    }

    /// Returns the test of a comparison, or of the negated one, if it can have a flag.
    fn comparison_of(&self, atom: &'f Atom, negated: bool) -> Option<FlagTest<'f>> {
        let can = can_have_flag(atom, self.claims.is_derived(atom.claim));
        can.then_some(FlagTest::Comparison(atom.claim, &atom.question, negated))
    }

    /// Chooses the most frequent tests.
    pub(super) fn choose_flags(&mut self) {
        let mut counts: HashMap<FlagTest<'f>, usize> = HashMap::new();
        for ((_, negated), (atom, times)) in std::mem::take(&mut self.counts) {
            for test in self.tests(atom, negated) {
                let count = counts.entry(test).or_default();
                *count = plus(*count, times);
            }
        }
        let mut counts: Vec<(FlagTest<'f>, usize)> = counts.into_iter().collect();
        if counts.len() > MAX_FLAGS {
            counts.select_nth_unstable_by_key(MAX_FLAGS, |(_, count)| std::cmp::Reverse(*count));
            counts.truncate(MAX_FLAGS);
        }
        self.chosen = counts.into_iter().map(|(asked, _)| (asked, None)).collect();
    }

    /// Returns a demand extended by conditions and by the remainder of a key.
    pub(super) fn and(&mut self, asked: Demand, parts: &[Nnf<'f>], remainder: KeyRemainder<'f>) -> Demand {
        let mut demand = (asked.flags, self.residuals.parts(asked.residual));
        match remainder {
            KeyRemainder::Comparable(claim) => self.add_comparable(claim, &mut demand),
            KeyRemainder::Comparison(atom) => self.add_comparison(atom, false, &mut demand),
            KeyRemainder::Nothing => {}
            KeyRemainder::Rests(claim, part, rests) => {
                if !rests.contains(&Rest::Anything) {
                    demand.1.push(self.residuals.rests(claim, part, rests));
                }
                self.add_comparable(claim, &mut demand);
            }
        }
        for part in parts {
            self.add(*part, &mut demand);
        }
        let (flags, residuals) = demand;
        Demand {
            flags,
            residual: self.residuals.all(residuals),
        }
    }

    fn add(&mut self, condition: Nnf<'f>, demand: &mut (u64, Vec<u32>)) {
        match condition {
            Nnf::All(parts) => parts.iter().for_each(|part| self.add(part, demand)),
            Nnf::Is(atom) => self.add_comparison(atom, false, demand),
            Nnf::IsNot(atom) => self.add_comparison(atom, true, demand),
            Nnf::Any(_) | Nnf::Unknown => demand.1.push(self.residuals.condition(condition)),
        }
    }

    fn add_comparison(
        &mut self,
        atom: &'f Arc<Atom>,
        negated: bool,
        (flags, residuals): &mut (u64, Vec<u32>),
    ) {
        let address = (Arc::as_ptr(atom), negated);
        let (flag, residual) = match self.known.get(&address) {
            Some(known) => *known,
            None => {
                let demand = self.demand_of(atom, negated);
                self.known.insert(address, demand);
                demand
            }
        };
        *flags |= flag;
        residuals.extend(residual);
    }

    /// Returns the flags and the residual of a comparison, or of the negated one.
    fn demand_of(&mut self, atom: &'f Arc<Atom>, negated: bool) -> (u64, Option<u32>) {
        if let Some(asked) = self.comparison_of(atom, negated)
            && let Some(flag) = self.flag(&asked)
        {
            return (flag, None);
        }
        let ends = if negated { None } else { ends_of(atom) };
        let flag = ends.and_then(|asked| self.flag(&asked));
        (
            flag.unwrap_or_default(),
            Some(self.residuals.comparison(atom, negated)),
        )
    }

    fn add_comparable(&mut self, claim: ClaimId, (flags, residuals): &mut (u64, Vec<u32>)) {
        match self.flag(&FlagTest::Comparable(claim)) {
            Some(flag) => *flags |= flag,
            None => residuals.push(self.residuals.comparable(claim)),
        }
    }

    /// Returns the flag of a test, if it was chosen.
    fn flag(&mut self, asked: &FlagTest<'f>) -> Option<u64> {
        let flag = self.chosen.get_mut(asked)?;
        if flag.is_none() {
            *flag = match asked {
                FlagTest::Comparison(claim, question, negated) => {
                    self.flags.comparison(*claim, question, *negated)
                }
                FlagTest::Suffix(claim, ends) => self.flags.ends(*claim, ends.iter().map(|end| &**end)),
                FlagTest::Comparable(claim) => self.flags.comparable(*claim),
            };
        }
        *flag
    }

    pub(super) fn finish(self) -> (Flags, Residuals) {
        (self.flags.finish(), self.residuals.finish())
    }
}

/// Returns the test that a claim ends with one of the ends of its patterns, if each pattern has one.
fn ends_of(atom: &Atom) -> Option<FlagTest<'_>> {
    let Question::Pattern(patterns) = &atom.question else {
        return None;
    };
    let ends: Option<Box<[_]>> = patterns.iter().map(Pattern::end).collect();
    ends.map(|ends| FlagTest::Suffix(atom.claim, ends))
}
