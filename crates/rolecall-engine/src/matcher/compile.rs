//! From conditions to the index: for each clause its keys, the flags it asks for, and its residual.

use super::anchor::{Anchors, Key};
use super::demand::{Demands, More};
use super::fallback::Fallback;
use super::groups::{BlockBuilder, Demand, Posting};
use super::index::Index;
use super::key::{KeyHasher, KeyKind, KeyedClaim, Part};
use super::nnf::Nnf;
use super::table::{Entry, Table};
use super::view::Layout;
use crate::document::number;
use crate::ir::{Atom, Clause, Program, Question, TrustedIssuer};
use crate::pattern::{Affix, Pattern, Rest};
use hashbrown::HashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Puts the index of an issuer together.
struct Compiler<'f> {
    anchors: Anchors<'f>,
    demands: Demands<'f>,
    entries: Vec<Entry<'f>>,
    unanchored: Vec<(Demand, Posting)>,
    /// How many roles there are by keys of a kind, and the last of them.
    by_key: BTreeMap<KeyKind, (usize, Option<u32>)>,
    by_nothing: Vec<usize>,
}

impl Index {
    /// The index of the clauses of one issuer, which are given by the places of their roles and their own. `place` is told of
    /// each way to a role where it is: its block, and its group.
    pub(super) fn new(
        program: &Program,
        issuer: &TrustedIssuer,
        layout: &Layout,
        clauses: &[(usize, usize)],
        place: impl FnMut(Posting, u32, u32),
    ) -> Self {
        let hasher = KeyHasher::new();
        let mut compiler = Compiler {
            anchors: Anchors::new(&issuer.profile, layout, &hasher),
            demands: Demands::new(layout),
            entries: Vec::with_capacity(clauses.len()),
            unanchored: Vec::new(),
            by_key: BTreeMap::new(),
            by_nothing: Vec::new(),
        };
        for clause in clauses.iter().filter_map(|places| clause_at(program, *places)) {
            for part in conditions(clause) {
                compiler.anchors.count(part);
                compiler.demands.count(part);
            }
        }
        compiler.demands.choose_flags();
        for role in clauses.chunk_by(|left, right| left.0 == right.0) {
            compiler.role(program, role);
        }
        compiler.finish(&hasher, place)
    }
}

/// What a clause and its guards ask for.
fn conditions(clause: &Clause) -> impl Iterator<Item = Nnf<'_>> {
    let guards = clause.guards.iter().map(|(_, guard)| guard);
    std::iter::once(&clause.condition).chain(guards).map(Nnf::new)
}

/// Adds the parts that must all hold for a condition to hold.
fn flatten<'f>(condition: Nnf<'f>, parts: &mut Vec<Nnf<'f>>) {
    match condition {
        Nnf::All(inner) => inner.iter().for_each(|part| flatten(part, parts)),
        _ => parts.push(condition),
    }
}

fn clause_at(program: &Program, (role, clause): (usize, usize)) -> Option<&Clause> {
    program.roles.get(role)?.clauses.get(clause)
}

impl<'f> Compiler<'f> {
    /// Places the clauses of a role.
    fn role(&mut self, program: &'f Program, clauses: &[(usize, usize)]) {
        let (entries, unanchored) = (self.entries.len(), self.unanchored.len());
        for (role, clause) in clauses {
            if let Some(found) = clause_at(program, (*role, *clause)) {
                let posting = Posting::new(number(*role), number(*clause));
                let mut parts = Vec::new();
                conditions(found).for_each(|part| flatten(part, &mut parts));
                self.all(parts, Demand::NOTHING, posting);
            }
        }
        let entries = self.entries.get_mut(entries..).unwrap_or_default();
        let unanchored = self.unanchored.get_mut(unanchored..).unwrap_or_default();
        for entry in &*entries {
            let (count, last) = self.by_key.entry(entry.kind).or_default();
            // However many keys of a kind lead to the role.
            if last.replace(entry.posting.role()) != Some(entry.posting.role()) {
                *count = count.saturating_add(1);
            }
        }
        if let (false, Some((role, _))) = (unanchored.is_empty(), clauses.first()) {
            self.by_nothing.push(*role);
        }
        if !self.anchors.are_exclusive(entries, unanchored.len()) {
            let postings = entries.iter_mut().map(|entry| &mut entry.posting);
            for posting in postings.chain(unanchored.iter_mut().map(|(_, posting)| posting)) {
                *posting = posting.ambiguous();
            }
        }
    }

    /// Places what holds when each of the parts does, and what was asked before.
    fn all(&mut self, mut parts: Vec<Nnf<'f>>, asked: Demand, posting: Posting) {
        let prices = parts.iter().enumerate();
        let prices = prices.filter_map(|(place, part)| Some((self.anchors.price(*part)?, place)));
        let Some((_, best)) = prices.min() else {
            let demand = self.demands.and(asked, &parts, More::Nothing);
            self.unanchored.push((demand, posting));
            return;
        };
        let part = parts.swap_remove(best);
        // Once for all the keys of the part.
        let asked = self.demands.and(asked, &parts, More::Nothing);
        self.part(part, asked, posting);
    }

    /// Places what holds when a part, by which it is looked up, does, and what was asked before.
    fn part(&mut self, condition: Nnf<'f>, asked: Demand, posting: Posting) {
        match condition {
            Nnf::All(_) => {
                let mut parts = Vec::new();
                flatten(condition, &mut parts);
                self.all(parts, asked, posting);
            }
            Nnf::Any(parts) => parts.iter().for_each(|part| self.part(part, asked, posting)),
            Nnf::Is(atom) => {
                let keys = self.anchors.keys(atom).unwrap_or_default();
                let patterns = patterns_by_key(&atom.question);
                for key in keys {
                    let more = self.more(atom, &key, &patterns);
                    let demand = self.demands.and(asked, &[], more);
                    self.entries.push(entry(key, demand, posting));
                }
            }
            // What never holds is looked up by no key.
            Nnf::IsNot(_) | Nnf::Unknown => {}
        }
    }

    /// What a comparison asks for besides its key.
    fn more(&self, atom: &'f Arc<Atom>, key: &Key<'f>, patterns: &PatternsByKey<'f>) -> More<'f> {
        match &atom.question {
            // Of a single value the key says it all, but for what the claim is made of.
            Question::OneOf(_) if self.anchors.layout.is_derived(atom.claim) => More::Known(atom.claim),
            Question::OneOf(_) => More::Nothing,
            Question::Pattern(_) => {
                let mine = patterns.get(&(key.kind.part(), key.text.clone()));
                let rests: Option<Vec<Vec<Rest>>> = mine
                    .into_iter()
                    .flatten()
                    .map(|pattern| beside(pattern, key))
                    .collect();
                match rests {
                    Some(rests) => More::Beside(atom.claim, key.kind.part(), rests.concat()),
                    None => More::Comparison(atom),
                }
            }
            _ => More::Comparison(atom),
        }
    }

    fn finish(mut self, hasher: &KeyHasher, mut place: impl FnMut(Posting, u32, u32)) -> Index {
        let mut keyed: Vec<KeyedClaim> = Vec::new();
        for entry in &self.entries {
            let known = keyed.iter().position(|keyed| keyed.claim == entry.kind.claim());
            let at = known.unwrap_or_else(|| {
                keyed.push(KeyedClaim::new(entry.kind.claim()));
                keyed.len().saturating_sub(1)
            });
            if let Some(keyed) = keyed.get_mut(at) {
                keyed.add(entry.kind.part(), &entry.text);
            }
        }
        let (flags, residuals) = self.demands.finish();
        let mut blocks = BlockBuilder::default();
        let table = Table::new(self.entries, &mut blocks, &mut place);
        self.unanchored
            .sort_unstable_by_key(|(demand, posting)| (*demand, posting.is_ambiguous(), *posting));
        let next = blocks.len();
        let unkeyed = (!self.unanchored.is_empty()).then(|| {
            blocks.push(None, &self.unanchored, |posting, group| {
                place(posting, next, group);
            })
        });
        let blocks = blocks.finish();
        Index {
            hasher: hasher.clone(),
            table,
            fallback: Fallback::new(unkeyed.and_then(|place| blocks.at(place))),
            blocks,
            unkeyed,
            reads: keyed
                .iter()
                .map(|keyed| keyed.claim)
                .chain(flags.claims())
                .collect(),
            keyed: keyed.into(),
            flags,
            residuals,
            anchors: self
                .by_key
                .into_iter()
                .map(|(kind, (count, _))| (kind, count))
                .collect(),
            unanchored: self.by_nothing.into(),
        }
    }
}

/// The patterns of a comparison, by the keys that they can be looked up by.
type PatternsByKey<'f> = HashMap<(Part, Cow<'f, str>), Vec<&'f Pattern>>;

fn patterns_by_key(question: &Question) -> PatternsByKey<'_> {
    let mut by_key = PatternsByKey::new();
    let Question::Pattern(patterns) = question else {
        return by_key;
    };
    for pattern in patterns.iter() {
        for affix in pattern.affixes().into_iter().flatten() {
            let key = match affix {
                Affix::End(text) => (Part::End, text),
                Affix::Start(text) => (Part::Start, text),
                Affix::Whole(text) => (Part::Whole, text),
            };
            let known = by_key.entry(key).or_default();
            if known.last().is_none_or(|last| !std::ptr::eq(*last, pattern)) {
                known.push(pattern);
            }
        }
    }
    by_key
}

/// What is left of a pattern beside a key that it is looked up by, if that can be said.
fn beside(pattern: &Pattern, key: &Key<'_>) -> Option<Vec<Rest>> {
    match key.kind.part() {
        Part::End => pattern.before(&key.text).map(|rest| vec![rest]),
        Part::Start => pattern.after(&key.text),
        Part::Whole => Some(vec![Rest::Anything]),
    }
}

fn entry<'f>(key: Key<'f>, demand: Demand, posting: Posting) -> Entry<'f> {
    Entry {
        hash: key.hash,
        kind: key.kind,
        text: key.text,
        demand,
        posting,
    }
}
