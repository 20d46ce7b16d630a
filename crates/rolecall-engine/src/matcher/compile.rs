//! Compiler of the index: finds the keys of each clause, its flags, and its residual.

use super::RoleClause;
use super::anchor::{Anchors, Key};
use super::claim_table::ClaimTable;
use super::demand::{Demands, KeyRemainder};
use super::fallback::Fallback;
use super::groups::{BlockBuilder, Demand, Posting};
use super::index::Index;
use super::key::{KeyHasher, KeyKind, KeyedClaim, Part};
use super::nnf::Nnf;
use super::table::{Entry, Table};
use crate::certain::next;
use crate::id::RoleId;
use crate::ir::{Atom, Clause, Program, Question, TrustedIssuer};
use crate::narrow::number;
use crate::pattern::{Affix, Pattern, Rest};
use hashbrown::HashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Builds the index of an issuer.
struct Compiler<'f> {
    anchors: Anchors<'f>,
    demands: Demands<'f>,
    entries: Vec<Entry<'f>>,
    unanchored: Vec<(Demand, Posting)>,
    /// The number of roles with keys of a kind, and the last of them.
    by_key: BTreeMap<KeyKind, (usize, Option<u32>)>,
    by_nothing: Vec<RoleId>,
}

impl Index {
    /// Returns the index of an issuer's clauses. Calls `place` with each way to a role, its block and its
    /// group.
    pub(super) fn new(
        program: &Program,
        issuer: &TrustedIssuer,
        claims: &ClaimTable,
        clauses: &[RoleClause],
        place: impl FnMut(Posting, u32, u32),
    ) -> Self {
        let hasher = KeyHasher::new();
        let mut compiler = Compiler {
            anchors: Anchors::new(&issuer.profile, claims, &hasher),
            demands: Demands::new(claims),
            entries: Vec::with_capacity(clauses.len()),
            unanchored: Vec::new(),
            by_key: BTreeMap::new(),
            by_nothing: Vec::new(),
        };
        for clause in clauses.iter().filter_map(|clause| clause_at(program, *clause)) {
            for part in conditions(clause) {
                compiler.anchors.count(part);
                compiler.demands.count(part);
            }
        }
        compiler.anchors.set_prices();
        compiler.demands.choose_flags();
        for role in clauses.chunk_by(|left, right| left.0 == right.0) {
            compiler.role(program, role);
        }
        compiler.finish(&hasher, place)
    }
}

/// Returns all conditions of a clause.
fn conditions(clause: &Clause) -> impl Iterator<Item = Nnf<'_>> {
    clause.conditions().map(Nnf::new)
}

/// Adds the parts that must all hold for a condition to hold.
fn flatten<'f>(condition: Nnf<'f>, parts: &mut Vec<Nnf<'f>>) {
    match condition {
        Nnf::All(inner) => inner.iter().for_each(|part| flatten(part, parts)),
        _ => parts.push(condition),
    }
}

fn clause_at(program: &Program, (role, number): RoleClause) -> Option<&Clause> {
    program.clauses(role).get(number)
}

impl<'f> Compiler<'f> {
    /// Adds the clauses of a role.
    fn role(&mut self, program: &'f Program, clauses: &[RoleClause]) {
        let (entries, unanchored) = (self.entries.len(), self.unanchored.len());
        for (role, clause) in clauses {
            if let Some(found) = clause_at(program, (*role, *clause)) {
                let posting = Posting::new(number(program.roles().position(*role)), number(*clause));
                let mut parts = Vec::new();
                conditions(found).for_each(|part| flatten(part, &mut parts));
                self.all(parts, Demand::NOTHING, posting);
            }
        }
        let (_, entries) = self.entries.split_at_mut(entries);
        let (_, unanchored) = self.unanchored.split_at_mut(unanchored);
        for entry in &*entries {
            let (count, last) = self.by_key.entry(entry.kind).or_default();
            // A role counts once for all its keys of a kind.
            if last.replace(entry.posting.role()) != Some(entry.posting.role()) {
                *count = next(*count);
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

    /// Adds a posting that is allowed if all parts and a demand hold. One of the parts becomes the anchor.
    fn all(&mut self, mut parts: Vec<Nnf<'f>>, asked: Demand, posting: Posting) {
        let prices = parts.iter().enumerate();
        let prices = prices.filter_map(|(place, part)| Some((self.anchors.price(*part)?, place)));
        let Some((_, best)) = prices.min() else {
            let demand = self.demands.and(asked, &parts, KeyRemainder::Nothing);
            self.unanchored.push((demand, posting));
            return;
        };
        let part = parts.swap_remove(best);
        // The demand is the same for all keys of the part.
        let asked = self.demands.and(asked, &parts, KeyRemainder::Nothing);
        self.part(part, asked, posting);
    }

    /// Adds a posting that is allowed if a demand and this condition, which is the anchor, hold.
    fn part(&mut self, condition: Nnf<'f>, asked: Demand, posting: Posting) {
        match condition {
            Nnf::All(_) => {
                let mut parts = Vec::new();
                flatten(condition, &mut parts);
                self.all(parts, asked, posting);
            }
            Nnf::Any(parts) => parts.iter().for_each(|part| self.part(part, asked, posting)),
            Nnf::Is(atom) => {
                let keys = self.anchors.keys(atom);
                debug_assert!(keys.is_some(), "a comparison with a price has keys");
                let patterns = patterns_by_key(&atom.question);
                for key in keys.into_iter().flatten() {
                    let remainder = self.remainder(atom, &key, &patterns);
                    let demand = self.demands.and(asked, &[], remainder);
                    self.entries.push(entry(key, demand, posting));
                }
            }
            // A condition that never holds has no keys.
            Nnf::IsNot(_) | Nnf::Unknown => {}
        }
    }

    /// Returns what a comparison asks for in addition to its key.
    fn remainder(
        &self,
        atom: &'f Arc<Atom>,
        key: &Key<'f>,
        patterns: &PatternsByKey<'f>,
    ) -> KeyRemainder<'f> {
        match &atom.question {
            // The key of a scalar is its whole value. A derived claim must also agree with its derivations.
            Question::OneOf(_) if self.anchors.claims.is_derived(atom.claim) => {
                KeyRemainder::Comparable(atom.claim)
            }
            Question::OneOf(_) => KeyRemainder::Nothing,
            Question::Pattern(_) => {
                let mine = patterns.get(&(key.kind.part(), key.text.clone()));
                let rests: Option<Vec<Vec<Rest>>> = mine
                    .into_iter()
                    .flatten()
                    .map(|pattern| rests(pattern, key))
                    .collect();
                match rests {
                    Some(rests) => KeyRemainder::Rests(atom.claim, key.kind.part(), rests.concat()),
                    None => KeyRemainder::Comparison(atom),
                }
            }
            _ => KeyRemainder::Comparison(atom),
        }
    }

    fn finish(mut self, hasher: &KeyHasher, mut place: impl FnMut(Posting, u32, u32)) -> Index {
        let mut keyed: Vec<KeyedClaim> = Vec::new();
        for entry in &self.entries {
            let known = keyed.iter().position(|keyed| keyed.claim == entry.kind.claim());
            let at = known.unwrap_or(keyed.len());
            if at == keyed.len() {
                keyed.push(KeyedClaim::new(entry.kind.claim()));
            }
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

/// The patterns of a comparison, by their keys.
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

/// Returns what a pattern asks of the rest of a value that has the key; `None` if that can't be stated.
fn rests(pattern: &Pattern, key: &Key<'_>) -> Option<Vec<Rest>> {
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
