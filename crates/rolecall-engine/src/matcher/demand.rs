//! What is asked for besides a key: the comparisons that are asked most often become flags, the rest residuals.

use super::flags::{FlagBuilder, Flags, MAX_FLAGS, can_have_flag};
use super::groups::Demand;
use super::key::Part;
use super::nnf::Nnf;
use super::residual::{ResidualBuilder, Residuals};
use super::view::Layout;
use crate::ir::{Atom, Question};
use crate::pattern::{Pattern, Rest};
use crate::template::ClaimId;
use hashbrown::HashMap;
use std::borrow::Cow;
use std::sync::Arc;

/// What a flag can stand for.
#[derive(PartialEq, Eq, Hash)]
enum Asked<'f> {
    /// A comparison, told from others by what it asks; with `true` its opposite.
    Comparison(ClaimId, &'f Question, bool),
    /// That a claim ends with one of some texts. It follows from many patterns that differ in what they begin with, which is
    /// what they are looked up by.
    Ends(ClaimId, Box<[Cow<'f, str>]>),
    /// That a claim can be compared. Whoever is looked up by a pattern of a claim, or a part of what it is made of, asks that.
    Known(ClaimId),
}

/// What is asked for besides the parts of a condition.
pub(super) enum More<'f> {
    /// That what is left of a claim beside the key, which is this part of it, has one of these forms.
    Beside(ClaimId, Part, Vec<Rest>),
    /// A comparison.
    Comparison(&'f Arc<Atom>),
    /// That a claim can be compared.
    Known(ClaimId),
    Nothing,
}

/// Makes demands.
pub(super) struct Demands<'f> {
    layout: &'f Layout,
    /// How often each thing is asked for that can have a flag.
    counts: HashMap<Asked<'f>, u64>,
    /// What is worth a flag, and the flags of what was asked for.
    chosen: HashMap<Asked<'f>, Option<u64>>,
    flags: FlagBuilder,
    residuals: ResidualBuilder,
}

impl<'f> Demands<'f> {
    pub(super) fn new(layout: &'f Layout) -> Self {
        Self {
            layout,
            counts: HashMap::new(),
            chosen: HashMap::new(),
            flags: FlagBuilder::default(),
            residuals: ResidualBuilder::new(),
        }
    }

    /// Counts the comparisons of a condition that all have to hold.
    pub(super) fn count(&mut self, condition: Nnf<'f>) {
        let asked = match condition {
            Nnf::All(parts) => return parts.iter().for_each(|part| self.count(part)),
            Nnf::Is(atom) => [
                self.comparison_of(atom, false),
                ends_of(atom),
                Some(Asked::Known(atom.claim)),
            ],
            Nnf::IsNot(atom) => [self.comparison_of(atom, true), None, None],
            Nnf::Any(_) | Nnf::Unknown => return,
        };
        for asked in asked.into_iter().flatten() {
            let count = self.counts.entry(asked).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// What a comparison, or its opposite, asks, if that can have a flag.
    fn comparison_of(&self, atom: &'f Atom, negated: bool) -> Option<Asked<'f>> {
        let can = can_have_flag(atom, self.layout.is_derived(atom.claim));
        can.then_some(Asked::Comparison(atom.claim, &atom.question, negated))
    }

    /// Chooses what is asked most often.
    pub(super) fn choose_flags(&mut self) {
        let mut counts: Vec<(Asked<'f>, u64)> = std::mem::take(&mut self.counts).into_iter().collect();
        if counts.len() > MAX_FLAGS {
            counts.select_nth_unstable_by_key(MAX_FLAGS, |(_, count)| std::cmp::Reverse(*count));
            counts.truncate(MAX_FLAGS);
        }
        self.chosen = counts.into_iter().map(|(asked, _)| (asked, None)).collect();
    }

    /// The demand that all of these hold, besides what was asked before, and more.
    pub(super) fn and(&mut self, asked: Demand, parts: &[Nnf<'f>], more: More<'f>) -> Demand {
        let mut demand = (asked.flags, self.residuals.parts(asked.residual));
        match more {
            More::Beside(claim, part, rests) => {
                if !rests.contains(&Rest::Anything) {
                    demand.1.push(self.residuals.beside(claim, part, rests));
                }
                self.add_known(claim, &mut demand);
            }
            More::Comparison(atom) => self.add_comparison(atom, false, &mut demand),
            More::Known(claim) => self.add_known(claim, &mut demand),
            More::Nothing => {}
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
        if let Some(asked) = self.comparison_of(atom, negated)
            && let Some(flag) = self.flag(&asked)
        {
            *flags |= flag;
            return;
        }
        if !negated
            && let Some(asked) = ends_of(atom)
            && let Some(flag) = self.flag(&asked)
        {
            *flags |= flag;
        }
        residuals.push(self.residuals.comparison(atom, negated));
    }

    fn add_known(&mut self, claim: ClaimId, (flags, residuals): &mut (u64, Vec<u32>)) {
        match self.flag(&Asked::Known(claim)) {
            Some(flag) => *flags |= flag,
            None => residuals.push(self.residuals.known(claim)),
        }
    }

    /// The flag of what is asked, if it is worth one.
    fn flag(&mut self, asked: &Asked<'f>) -> Option<u64> {
        let flag = self.chosen.get_mut(asked)?;
        if flag.is_none() {
            *flag = match asked {
                Asked::Comparison(claim, question, negated) => {
                    self.flags.comparison(*claim, question, *negated)
                }
                Asked::Ends(claim, ends) => self.flags.ends(*claim, ends.iter().map(|end| &**end)),
                Asked::Known(claim) => self.flags.known(*claim),
            };
        }
        *flag
    }

    pub(super) fn finish(self) -> (Flags, Residuals) {
        (self.flags.finish(), self.residuals.finish())
    }
}

/// The texts of which a claim ends with one if a pattern of it holds.
fn ends_of(atom: &Atom) -> Option<Asked<'_>> {
    let Question::Pattern(patterns) = &atom.question else {
        return None;
    };
    let ends: Option<Box<[_]>> = patterns.iter().map(Pattern::end).collect();
    ends.map(|ends| Asked::Ends(atom.claim, ends))
}
