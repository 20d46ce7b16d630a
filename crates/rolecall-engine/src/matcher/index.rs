//! Index of an issuer's roles: finds those that a token may take, without a look at most of the others.

use super::fallback::Fallback;
use super::flags::Flags;
use super::groups::{Block, Blocks, Group, Posting, Roles};
use super::key::{KeyHasher, KeyKind, KeyedClaim, Part, is_cut};
use super::residual::{ALWAYS, Residuals};
use super::scalar_value::{ScalarValue, is_textual};
use super::table::Table;
use super::view::{ScalarValues, View};
use crate::cached_decision::{CachedDecision, Outcome};
use crate::certain::certain;
use crate::claim_type::ClaimType;
use crate::document::Json;
use crate::id::{ClaimId, RoleId};
use crate::narrow::index;
use std::hint::black_box;

/// The index of the roles that are allowed from an issuer.
#[derive(Clone, Debug)]
pub(super) struct Index {
    pub(super) hasher: KeyHasher,
    pub(super) table: Table,
    pub(super) blocks: Blocks,
    /// The block of the roles without a key, if there are any.
    pub(super) unkeyed: Option<u32>,
    pub(super) fallback: Fallback,
    /// The claims that have keys.
    pub(super) keyed: Box<[KeyedClaim]>,
    /// The claims that are read of most tokens.
    pub(super) reads: Box<[ClaimId]>,
    pub(super) flags: Flags,
    pub(super) residuals: Residuals,
    /// The number of roles that are looked up by keys of each kind.
    pub(super) anchors: Box<[(KeyKind, usize)]>,
    /// The indices of the roles without a key.
    pub(super) unanchored: Box<[RoleId]>,
}

/// The number of keys that are looked up together, so that memory fetches their slots at the same time.
const WAITING: usize = 8;

/// A part of a claim that may be a key.
#[derive(Clone, Copy)]
struct Candidate<'t> {
    hash: u64,
    kind: KeyKind,
    key: &'t [u8],
}

/// The search for the roles of a token.
struct Search<'s, 'a> {
    index: &'s Index,
    view: &'s View<'a>,
    waiting: [Candidate<'a>; WAITING],
    count: usize,
    found: &'s mut Vec<CachedDecision>,
    /// The number of roles found that may have another way. They come first in `found`.
    ambiguous: usize,
}

impl Index {
    /// Returns the bytes that the index takes.
    pub(super) fn bytes(&self) -> usize {
        let parts = [
            self.table.bytes(),
            self.blocks.bytes(),
            self.flags.bytes(),
            self.residuals.bytes(),
            self.fallback.bytes(),
            size_of_val(&*self.unanchored),
        ];
        parts.iter().sum()
    }

    /// Returns the block of the roles without a key.
    pub(super) fn unkeyed(&self) -> Option<Block<'_>> {
        self.blocks.at(self.unkeyed?)
    }

    /// Fills in the decisions that allow roles. The first may have a role twice; returns their number.
    pub(super) fn search(&self, view: &View<'_>, found: &mut Vec<CachedDecision>) -> usize {
        let none = Candidate {
            hash: 0,
            kind: KeyKind::new(ClaimId::of_number(0), Part::Whole),
            key: &[],
        };
        let mut search = Search {
            index: self,
            view,
            waiting: [none; WAITING],
            count: 0,
            found,
            ambiguous: 0,
        };
        // Here and below, all reads come before the use of any result, so that memory serves them together.
        for some in self.keyed.chunks(4) {
            let value = |place: usize| some.get(place).and_then(|keyed| view.value(keyed.claim));
            let values = [value(0), value(1), value(2), value(3)];
            for (keyed, value) in some.iter().zip(&values) {
                if let Some(value) = value {
                    search.claim(*keyed, value);
                }
            }
        }
        search.look_up();
        search.fall_back();
        search.ambiguous
    }

    /// Returns true if a token meets the conditions of a group of a block.
    pub(super) fn allows(&self, view: &View<'_>, block: u32, group: u32) -> bool {
        let Some(block) = self.blocks.at(block) else {
            return false;
        };
        let (Some(flags), Some(group)) = (block.flags().get(index(group)), block.group(index(group))) else {
            return false;
        };
        // Known answers cost nothing.
        flags & view.flags().no() == 0
            && block.kind().is_none_or(|kind| view.has_key(kind, &block))
            && self.flags.are_set(*flags, view)
            && self.holds(view, &group, block.key_length())
    }

    #[inline]
    fn holds(&self, view: &View<'_>, group: &Group<'_>, key: usize) -> bool {
        group.residual == ALWAYS || self.residuals.holds(group.residual, key, view)
    }
}

impl View<'_> {
    /// Returns true if a claim has the key of a block.
    fn has_key(&self, kind: KeyKind, block: &Block<'_>) -> bool {
        let Some(value) = self.value(kind.claim()) else {
            return false;
        };
        let claim_type = self.claim_type(kind.claim());
        let has = |text: &str| match kind.part() {
            Part::Whole => block.has_key(text.as_bytes()),
            Part::Start => {
                let Some((key, rest)) = text.as_bytes().split_at_checked(block.key_length()) else {
                    return false;
                };
                block.has_key(key) && rest.first().is_none_or(|byte| is_cut(char::from(*byte)))
            }
            Part::End => {
                let Some(cut) = text.len().checked_sub(block.key_length()) else {
                    return false;
                };
                let (rest, key) = text.as_bytes().split_at(cut);
                block.has_key(key) && rest.last().is_none_or(|byte| is_cut(char::from(*byte)))
            }
        };
        match claim_type {
            ClaimType::Scalar(scalar) => ScalarValue::of(scalar, value).is_some_and(|word| word.written(has)),
            ClaimType::List(scalar) => ScalarValues::new(scalar, value)
                .flatten()
                .any(|word| word.written(has)),
        }
    }
}

impl<'a> Search<'_, 'a> {
    /// Looks up the keys of a claim.
    fn claim(&mut self, keyed: KeyedClaim, value: &Json<'a>) {
        let claim = keyed.claim;
        match (self.view.claim_type(claim), value) {
            // Most values. A copy of one waits for the writes of its parts.
            (ClaimType::Scalar(scalar), Json::Text(text)) if is_textual(scalar) => {
                let (text, index) = (text.as_bytes(), self.index);
                index.hasher.keys(keyed, text, |kind, hash, start, end| {
                    let key = certain(text.get(start..end), "a key is a part of the text");
                    self.keep(Candidate { hash, kind, key });
                });
            }
            (ClaimType::Scalar(scalar), value) => {
                if let Some(word) = ScalarValue::of(scalar, *value) {
                    self.word(claim, &word);
                }
            }
            // Whether the list is comparable is tested with the other conditions.
            (ClaimType::List(scalar), value) => {
                for word in ScalarValues::new(scalar, *value).flatten() {
                    self.word(claim, &word);
                }
            }
        }
    }

    /// Looks up a single value.
    fn word(&mut self, claim: ClaimId, word: &ScalarValue<'a>) {
        let kind = KeyKind::new(claim, Part::Whole);
        word.written(|text| {
            let hash = self.index.hasher.hash(kind, text);
            if self.index.table.may_have(hash) {
                self.find(hash, kind, text.as_bytes());
            }
        });
    }

    /// Queues a key if the filter says that it may exist. The slot is written before the test, so that no
    /// unpredictable branch is needed.
    #[inline]
    fn keep(&mut self, candidate: Candidate<'a>) {
        if self.count == WAITING {
            self.look_up();
        }
        if let Some(place) = self.waiting.get_mut(self.count & WAITING.wrapping_sub(1)) {
            *place = candidate;
        }
        let may_have = self.index.table.may_have(candidate.hash);
        self.count = self.count.wrapping_add(usize::from(may_have));
    }

    /// Looks up the queued keys.
    #[inline(never)]
    fn look_up(&mut self) {
        let count = std::mem::take(&mut self.count);
        let mut likely = [0; WAITING];
        for (place, candidate) in likely.iter_mut().zip(&self.waiting).take(count) {
            *place = self.index.table.likely(candidate.hash);
        }
        let likely = likely.iter().take(count);
        let touched = likely.fold(0, |touched, place| touched ^ self.index.blocks.touch(*place));
        black_box(touched);
        for place in 0..count {
            if let Some(Candidate { hash, kind, key }) = self.waiting.get(place).copied() {
                self.find(hash, kind, key);
            }
        }
    }

    /// Looks up a key, and adds its roles whose other conditions hold.
    fn find(&mut self, hash: u64, kind: KeyKind, key: &[u8]) {
        let index = self.index;
        let find = |block| index.blocks.at(block).filter(|block| block.is_of(kind, key));
        let Some(block) = index.table.find(hash, find) else {
            return;
        };
        // Most groups have a flag that is known not to be set.
        let unset = self.view.flags().no();
        for (flags, group) in block.groups().filter(|(flags, _)| flags & unset == 0) {
            if index.flags.are_set(flags, self.view) && index.holds(self.view, &group, key.len()) {
                self.add(&group.roles());
            }
        }
    }

    /// Adds the roles without a key whose conditions hold.
    fn fall_back(&mut self) {
        let index = self.index;
        let Some(block) = index.unkeyed() else {
            return;
        };
        let set = index.flags.set(index.fallback.flags(), self.view);
        index.fallback.candidates(block, set, |group| {
            if index.holds(self.view, &group, 0) {
                self.add(&group.roles());
            }
        });
    }

    #[inline]
    fn add(&mut self, roles: &Roles<'_>) {
        let cached =
            |posting: Posting| CachedDecision::of(posting.role(), Outcome::Allowed(posting.clause()));
        match roles {
            Roles::One(posting) if posting.is_ambiguous() => self.add_ambiguous(cached(*posting)),
            Roles::One(posting) => self.found.push(cached(*posting)),
            Roles::Many(postings) => {
                let cached = postings.iter().map(|posting| cached(Posting::of(*posting)));
                if postings
                    .first()
                    .is_some_and(|first| Posting::of(*first).is_ambiguous())
                {
                    cached.for_each(|cached| self.add_ambiguous(cached));
                } else {
                    self.found.extend(cached);
                }
            }
        }
    }

    fn add_ambiguous(&mut self, cached: CachedDecision) {
        self.found.push(cached);
        let last = self.found.len().wrapping_sub(1);
        self.found.swap(self.ambiguous, last);
        self.ambiguous = self.ambiguous.wrapping_add(1);
    }
}
