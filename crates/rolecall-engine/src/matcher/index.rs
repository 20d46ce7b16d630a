//! The index of an issuer's roles: which of them a token may take, without looking at the others.

use super::fallback::Fallback;
use super::flags::{Flags, Known};
use super::groups::Roles;
use super::key::{KeyHasher, KeyKind, KeyedClaim, Part};
use super::residual::{ALWAYS, Residuals};
use super::table::Table;
use super::view::{View, Words};
use super::word::{Digits, Word};
use crate::claim_type::ClaimType;
use crate::decision::Verdict;
use crate::document::Json;
use crate::template::ClaimId;

/// The index of the roles that are allowed from an issuer.
#[derive(Clone, Debug)]
pub(super) struct Index {
    pub(super) hasher: KeyHasher,
    pub(super) table: Table,
    /// The claims that keys are made of.
    pub(super) keyed: Box<[KeyedClaim]>,
    /// The claims that are asked for of most tokens.
    pub(super) reads: Box<[ClaimId]>,
    pub(super) flags: Flags,
    pub(super) residuals: Residuals,
    pub(super) fallback: Fallback,
    /// How many roles are looked up by keys of each kind.
    pub(super) anchors: Box<[(KeyKind, usize)]>,
    /// The places of the roles that no key leads to.
    pub(super) unanchored: Box<[usize]>,
}

/// A way to a role: the role, the clause, and whether there may be another way to the same role. There are a million roles
/// in a set at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting(pub(super) u32);

/// How many keys of a token wait to be looked up: their places in memory are asked for at once.
const WAITING: usize = 16;

/// A key of a token that somebody may ask for.
#[derive(Clone, Copy)]
struct Candidate<'t> {
    hash: u64,
    kind: KeyKind,
    text: &'t str,
}

/// The search for the roles of a token.
struct Search<'s, 'a> {
    index: &'s Index,
    view: &'s View<'a>,
    /// The flags of the token.
    flags: Known,
    waiting: [Option<Candidate<'a>>; WAITING],
    count: usize,
    found: &'s mut Vec<Verdict>,
    /// How many roles were found to which there may be other ways. They come first.
    ambiguous: usize,
}

impl Posting {
    /// The last clause that has a number of its own here; it stands for all after it, too.
    pub(super) const LAST_CLAUSE: u32 = (1 << 11) - 1;

    pub(super) fn new(role: u32, clause: u32) -> Self {
        let posting = Self(role << 12 | clause.min(Self::LAST_CLAUSE) << 1);
        if clause >= Self::LAST_CLAUSE {
            posting.ambiguous()
        } else {
            posting
        }
    }

    pub(super) fn ambiguous(self) -> Self {
        Self(self.0 | 1)
    }

    pub(super) fn is_ambiguous(self) -> bool {
        self.0 & 1 != 0
    }

    pub(super) fn role(self) -> u32 {
        self.0 >> 12
    }

    pub(super) fn clause(self) -> u32 {
        (self.0 >> 1) & Self::LAST_CLAUSE
    }
}

impl Index {
    /// The bytes that the index takes.
    pub(super) fn bytes(&self) -> usize {
        let parts = [
            self.table.bytes(),
            self.flags.bytes(),
            self.residuals.bytes(),
            self.fallback.bytes(),
            size_of_val(&*self.unanchored),
        ];
        parts.iter().sum()
    }

    /// Fills in the verdicts on what allows roles, first those that may be there twice, and says how many those are.
    pub(super) fn search(&self, view: &View<'_>, found: &mut Vec<Verdict>) -> usize {
        let mut search = Search {
            index: self,
            view,
            flags: Known::default(),
            waiting: [None; WAITING],
            count: 0,
            found,
            ambiguous: 0,
        };
        for keyed in &self.keyed {
            search.claim(*keyed);
        }
        search.look_up();
        search.fall_back();
        search.ambiguous
    }
}

impl<'a> Search<'_, 'a> {
    /// Looks for the keys of a claim.
    fn claim(&mut self, keyed: KeyedClaim) {
        let claim = keyed.claim;
        let (Some(value), Some(claim_type)) = (self.view.value(claim), self.view.claim_type(claim)) else {
            return;
        };
        let scalar = claim_type.scalar();
        match (claim_type, value) {
            (ClaimType::Scalar(_), Json::Text(text)) => {
                let index = self.index;
                let filter = index.table.filter();
                index.hasher.keys(keyed, text, |part, hash, cut| {
                    if filter.may_have(hash) {
                        self.keep(KeyKind { claim, part }, hash, text, cut);
                    }
                });
            }
            (ClaimType::Scalar(_), value) => {
                if let Some(word) = Word::of(scalar, value) {
                    self.word(claim, &word);
                }
            }
            // Whether the other values of the list are of their type is asked with the rest of the condition.
            (ClaimType::List(_), value) => {
                for word in Words::new(scalar, value).flatten() {
                    self.word(claim, &word);
                }
            }
        }
    }

    /// Looks for a single value.
    fn word(&mut self, claim: ClaimId, word: &Word<'a>) {
        let kind = KeyKind {
            claim,
            part: Part::Whole,
        };
        let mut look = |text: &str| {
            let hash = self.index.hasher.hash(kind, text);
            if self.index.table.filter().may_have(hash) {
                self.find(hash, kind, text);
            }
        };
        match word {
            Word::Int(number) => look(Digits::new(*number).as_str()),
            word => word.written(look),
        }
    }

    /// Keeps a key in mind: a part of a text, up to a cut or, if it is an end, from it on.
    fn keep(&mut self, kind: KeyKind, hash: u64, text: &'a str, cut: usize) {
        if self.count == WAITING {
            self.look_up();
        }
        let text = if kind.part == Part::End {
            text.get(cut..)
        } else {
            text.get(..cut)
        };
        if let (Some(place), Some(text)) = (self.waiting.get_mut(self.count), text) {
            *place = Some(Candidate { hash, kind, text });
            self.count = self.count.wrapping_add(1);
        }
    }

    /// Looks up the keys that wait.
    fn look_up(&mut self) {
        for place in 0..std::mem::take(&mut self.count) {
            if let Some(Some(candidate)) = self.waiting.get(place).copied() {
                self.find(candidate.hash, candidate.kind, candidate.text);
            }
        }
    }

    /// Looks up a key, and adds the roles that it leads to if they get what else they ask for.
    fn find(&mut self, hash: u64, kind: KeyKind, text: &str) {
        let index = self.index;
        let Some(groups) = index.table.find(hash, kind, text) else {
            return;
        };
        index.flags.begin(&mut self.flags, self.view);
        for (place, chunk) in groups.flags().chunks(64).enumerate() {
            // Most groups ask for a flag that is known not to be set.
            let unset = self.flags.unset();
            let bits = chunk.iter().rev().map(|flags| u64::from(flags & unset == 0));
            let mut left = bits.fold(0, |left, bit| left << 1 | bit);
            while left != 0 {
                let bit = usize::try_from(left.trailing_zeros()).unwrap_or_default();
                left &= left.wrapping_sub(1);
                let group = groups.get(place.wrapping_mul(64).wrapping_add(bit));
                if let (Some((residual, roles)), Some(flags)) = (group, chunk.get(bit))
                    && index.flags.are_set(*flags, &mut self.flags, self.view)
                    && self.holds(residual, text.len())
                {
                    self.add(roles);
                }
            }
        }
    }

    /// Looks at the roles that no key leads to.
    fn fall_back(&mut self) {
        let index = self.index;
        if index.fallback.is_empty() {
            return;
        }
        let flags = index.flags.all(&mut self.flags, self.view);
        index.fallback.candidates(flags, |residual, roles| {
            if self.holds(residual, 0) {
                self.add(roles);
            }
        });
    }

    #[inline]
    fn holds(&self, residual: u32, key: usize) -> bool {
        residual == ALWAYS || self.index.residuals.holds(residual, key, self.view)
    }

    fn add(&mut self, roles: Roles<'_>) {
        self.found.reserve(roles.len());
        roles.each(|posting| {
            let posting = Posting(posting);
            self.found
                .push(Verdict::allowed(posting.role(), posting.clause()));
            if posting.is_ambiguous() {
                let last = self.found.len().wrapping_sub(1);
                self.found.swap(self.ambiguous, last);
                self.ambiguous = self.ambiguous.wrapping_add(1);
            }
        });
    }
}
