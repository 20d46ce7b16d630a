//! Anchors: the index keys chosen for a condition.
//!
//! A token for which a condition holds has one of its keys. Of several ways to look up a condition, the
//! cheapest is chosen: the one whose keys the fewest roles ask for.

use super::claim_table::ClaimTable;
use super::key::{KeyHasher, KeyKind, MAX_SEGMENTS, Part, segments};
use super::nnf::Nnf;
use super::table::Entry;
use crate::certain::{next, plus};
use crate::claim_type::{Literal, Scalar, Typed};
use crate::ir::{Atom, Profile, Question};
use crate::narrow::word;
use crate::pattern::{Affix, Pattern};
use hashbrown::HashMap;
use std::borrow::Cow;
use std::num::Saturating;
use std::sync::Arc;

/// The maximum number of keys of a clause.
const MAX_KEYS: usize = 1_024;

/// A key that a condition asks for.
#[derive(Clone)]
pub(super) struct Key<'f> {
    pub(super) hash: u64,
    pub(super) kind: KeyKind,
    pub(super) text: Cow<'f, str>,
}

/// The cost of a lookup by some keys, and their number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Price {
    cost: Saturating<u64>,
    keys: usize,
}

/// Chooses anchors over the claims of an issuer.
pub(super) struct Anchors<'a> {
    pub(super) profile: &'a Profile,
    pub(super) claims: &'a ClaimTable,
    pub(super) hasher: &'a KeyHasher,
    /// The comparisons by their addresses, and how often each was counted. Equal comparisons of many roles are mostly
    /// shared: their keys are made once.
    counted: HashMap<*const Atom, (&'a Atom, usize)>,
    /// The number of clauses that could be looked up by a key, by its hash.
    demand: HashMap<u64, usize>,
    /// The costs of looking up the comparisons; `None` for one that has no keys.
    prices: HashMap<*const Atom, Option<Price>>,
}

impl<'a> Anchors<'a> {
    pub(super) fn new(profile: &'a Profile, claims: &'a ClaimTable, hasher: &'a KeyHasher) -> Self {
        Self {
            profile,
            claims,
            hasher,
            counted: HashMap::new(),
            demand: HashMap::new(),
            prices: HashMap::new(),
        }
    }

    /// Counts the comparisons that a condition could be looked up by.
    pub(super) fn count(&mut self, condition: Nnf<'a>) {
        match condition {
            Nnf::All(parts) | Nnf::Any(parts) => parts.iter().for_each(|part| self.count(part)),
            Nnf::Is(atom) => {
                let (_, count) = self.counted.entry(Arc::as_ptr(atom)).or_insert((atom, 0));
                *count = next(*count);
            }
            Nnf::IsNot(_) | Nnf::Unknown => {}
        }
    }

    /// Computes the prices of the comparisons, once all are counted.
    pub(super) fn set_prices(&mut self) {
        for (atom, times) in self.counted.values() {
            let mut demand = |key: &Key<'_>| {
                let count = self.demand.entry(key.hash).or_default();
                *count = plus(*count, *times);
            };
            match &atom.question {
                Question::Pattern(patterns) => {
                    for pattern in patterns.iter().take(MAX_KEYS) {
                        let ways = ways_of(self.profile, self.hasher, atom, pattern);
                        ways.iter().flatten().for_each(&mut demand);
                    }
                }
                question => {
                    let literals = literals(question).iter();
                    let keys = literals.filter_map(|literal| whole_key(self.hasher, atom, literal));
                    keys.for_each(|key| demand(&key));
                }
            }
        }
        let prices = self.counted.iter();
        let prices = prices.map(|(address, (atom, _))| (*address, self.price_of_atom(atom)));
        self.prices = prices.collect();
    }

    /// Returns the cost of looking up a condition; `None` if it has no keys.
    pub(super) fn price(&self, condition: Nnf<'_>) -> Option<Price> {
        let price = match condition {
            Nnf::All(parts) => parts.iter().filter_map(|part| self.price(part)).min(),
            Nnf::Any(parts) => parts
                .iter()
                .try_fold(Price::default(), |sum, part| Some(sum.and(self.price(part)?))),
            Nnf::Is(atom) => self.prices.get(&Arc::as_ptr(atom)).copied().flatten(),
            Nnf::IsNot(_) => None,
            Nnf::Unknown => Some(Price::default()),
        };
        price.filter(|price| price.keys <= MAX_KEYS)
    }

    /// Returns the cost of looking up a comparison; `None` if it has no keys.
    fn price_of_atom(&self, atom: &Atom) -> Option<Price> {
        let whole = |literal| whole_key(self.hasher, atom, literal).map(|key| self.price_of(&[key]));
        match &atom.question {
            question @ Question::ContainsAll(_) => literals(question).iter().filter_map(whole).min(),
            Question::Pattern(patterns) => Some(self.price_of(&self.patterns(atom, patterns)?)),
            question if literals(question).is_empty() => None,
            question => literals(question)
                .iter()
                .try_fold(Price::default(), |sum, literal| Some(sum.and(whole(literal)?))),
        }
    }

    /// Returns the keys of a comparison: a token for which it holds has one of them.
    pub(super) fn keys<'f>(&self, atom: &'f Atom) -> Option<Vec<Key<'f>>> {
        let whole = |literal| whole_key(self.hasher, atom, literal);
        match &atom.question {
            question @ Question::ContainsAll(_) => {
                let keys = literals(question).iter().filter_map(whole);
                let best = keys.min_by_key(|key| self.price_of(std::slice::from_ref(key)));
                best.map(|key| vec![key])
            }
            Question::Pattern(patterns) => self.patterns(atom, patterns),
            question => literals(question).iter().map(whole).collect(),
        }
    }

    /// Returns true if no token finds a role twice, by two of these keys or by a way without a key.
    pub(super) fn are_exclusive(&self, entries: &[Entry<'_>], unanchored: usize) -> bool {
        let Some(first) = entries.first() else {
            return unanchored < 2;
        };
        // A list may have the same value twice.
        let claim = &self.profile[first.kind.claim()];
        if unanchored > 0 || claim.claim_type.is_list() {
            return false;
        }
        if entries.len() == 1 {
            return true;
        }
        let is_simple =
            |entry: &Entry<'_>| entry.kind.claim() == first.kind.claim() && entry.kind.part() != Part::End;
        let mut texts: Vec<&str> = entries.iter().map(|entry| &*entry.text).collect();
        texts.sort_unstable();
        let apart = |pair: &[&str]| matches!(pair, [short, long] if !long.starts_with(short));
        entries.iter().all(is_simple) && texts.windows(2).all(apart)
    }

    fn price_of(&self, keys: &[Key<'_>]) -> Price {
        keys.iter().fold(Price::default(), |sum, key| {
            let others = self.demand.get(&key.hash).copied().unwrap_or(0);
            let cost = Saturating(word(others)) * self.frequency(key.kind);
            sum.and(Price { cost, keys: 1 })
        })
    }

    /// Returns about how often a token that does not get a role has such a key of it. There are many projects
    /// and few names of branches, and more tokens share a start than a whole value.
    fn frequency(&self, kind: KeyKind) -> Saturating<u64> {
        let claim: u64 = match self.profile[kind.claim()].claim_type.scalar() {
            Scalar::Id(_) | Scalar::Path(_) => 1,
            Scalar::Text if self.claims.is_derived(kind.claim()) => 1,
            Scalar::Text => 8,
            _ => 32,
        };
        let part: u64 = match kind.part() {
            Part::Whole => 2,
            Part::Start => 3,
            Part::End => 4,
        };
        Saturating(claim) * Saturating(part)
    }

    /// Returns the cheapest way to look up several patterns.
    fn patterns<'f>(&self, atom: &Atom, patterns: &'f [Pattern]) -> Option<Vec<Key<'f>>> {
        if patterns.len() > MAX_KEYS {
            return None;
        }
        let each: Vec<Vec<Vec<Key<'f>>>> = patterns
            .iter()
            .map(|pattern| ways_of(self.profile, self.hasher, atom, pattern))
            .collect();
        // All patterns by their starts, or all by their ends: a token often has a key of each kind, and would
        // find the role twice.
        let without = |part: Part| {
            let is_alike = move |way: &&Vec<Key<'f>>| way.iter().all(|key| key.kind.part() != part);
            self.cheapest(each.iter().map(|ways| ways.iter().filter(is_alike)))
        };
        let best = [Part::End, Part::Start].into_iter().filter_map(without);
        best.min_by_key(|keys| self.price_of(keys))
            .or_else(|| self.cheapest(each.iter().map(|ways| ways.iter())))
    }

    /// Returns the keys of the cheapest way of each pattern.
    fn cheapest<'k, 'f: 'k, W: Iterator<Item = &'k Vec<Key<'f>>>>(
        &self,
        each: impl Iterator<Item = W>,
    ) -> Option<Vec<Key<'f>>> {
        let mut keys: Vec<Key<'f>> = Vec::new();
        for ways in each {
            let best = ways.min_by_key(|way| self.price_of(way))?;
            keys.extend(best.iter().cloned());
            if keys.len() > MAX_KEYS {
                return None;
            }
        }
        keys.sort_unstable_by(|left, right| (left.kind, &left.text).cmp(&(right.kind, &right.text)));
        keys.dedup_by(|next, first| (next.kind, &next.text) == (first.kind, &first.text));
        Some(keys)
    }
}

fn whole_key<'f>(hasher: &KeyHasher, atom: &Atom, literal: &'f Literal) -> Option<Key<'f>> {
    match literal {
        // Two values separate too few roles.
        Typed::Bool(_) => None,
        Typed::Int(number) => Some(key(hasher, atom, Part::Whole, Cow::Owned(number.to_string()))),
        Typed::Text(text) => Some(key(hasher, atom, Part::Whole, Cow::Borrowed(text))),
    }
}

/// Returns the ways to look up a pattern.
fn ways_of<'f>(
    profile: &Profile,
    hasher: &KeyHasher,
    atom: &Atom,
    pattern: &'f Pattern,
) -> Vec<Vec<Key<'f>>> {
    let key = |affix: Affix<'f>| {
        let (part, text) = match affix {
            Affix::End(text) => (Part::End, text),
            Affix::Start(text) => (Part::Start, text),
            Affix::Whole(text) => (Part::Whole, text),
        };
        key(hasher, atom, part, text)
    };
    // A JSON integer is looked up as a whole.
    let is_whole = matches!(profile[atom.claim].claim_type.scalar(), Scalar::Id(_));
    let can_be_key = |affix: &Affix<'_>| match affix {
        Affix::End(text) | Affix::Start(text) => !is_whole && segments(text) <= MAX_SEGMENTS,
        Affix::Whole(_) => true,
    };
    let ways = pattern
        .affixes()
        .into_iter()
        .filter(|way| way.iter().all(can_be_key));
    ways.map(|way| way.into_iter().map(key).collect()).collect()
}

fn key<'f>(hasher: &KeyHasher, atom: &Atom, part: Part, text: Cow<'f, str>) -> Key<'f> {
    let kind = KeyKind::new(atom.claim, part);
    Key {
        hash: hasher.hash(kind, &text),
        kind,
        text,
    }
}

/// Returns the values that a question asks for; none if it has no values, or too many for keys.
fn literals(question: &Question) -> &[Literal] {
    match question {
        // One of them becomes the key.
        Question::ContainsAll(literals) => literals.get(..MAX_KEYS).unwrap_or(literals),
        Question::ContainsAny(literals) | Question::OneOf(literals) if literals.len() > MAX_KEYS => &[],
        Question::ContainsAny(literals) | Question::OneOf(literals) => literals,
        Question::Only(literal) => std::slice::from_ref(literal),
        Question::ContainsPattern(_)
        | Question::Filled(_)
        | Question::Fits(_)
        | Question::Null
        | Question::Order(..)
        | Question::Pattern(_)
        | Question::Present
        | Question::SameAs(_) => &[],
    }
}

impl Price {
    fn and(self, other: Self) -> Self {
        Self {
            cost: self.cost + other.cost,
            keys: plus(self.keys, other.keys),
        }
    }
}
