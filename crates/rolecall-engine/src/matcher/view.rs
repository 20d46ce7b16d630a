//! A token as an issuer's profile reads it: claims are found, typed, and held against what they are made of.

use super::word::Word;
use crate::arena::Arena;
use crate::claim_type::{ClaimType, Scalar};
use crate::claims::{Answers, Read};
use crate::document::{Document, Held, Items, Json};
use crate::id::ClaimId;
use crate::ir::{ClaimDefinition, TrustedIssuer};
use crate::spelling::Spelling;
use hashbrown::HashMap;

/// Where the claims of an issuer's tokens are, and what they are.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    claims: Arena<ClaimId, Slot>,
    /// The claims that are asked for most often: their values are at hand, in this order.
    held: Box<[ClaimId]>,
}

/// Where a claim is.
#[derive(Clone, Debug)]
struct Slot {
    /// The member of the token.
    name: Spelling,
    /// The members inside of it, from the outside in.
    inner: Box<[String]>,
    claim_type: ClaimType,
    /// The places of its derivations among those of the issuer.
    derivations: Box<[usize]>,
    /// The place of its value among those that are at hand.
    held: Option<u8>,
}

/// A token, read as an issuer's.
pub(super) struct View<'a> {
    pub(super) issuer: &'a TrustedIssuer,
    layout: &'a Layout,
    pub(super) document: &'a Document,
    read: &'a Read,
}

impl Layout {
    pub(super) fn new(issuer: &TrustedIssuer) -> Self {
        let mut derivations: HashMap<ClaimId, Vec<usize>> = HashMap::new();
        for (place, derivation) in issuer.derivations.iter().enumerate() {
            derivations.entry(derivation.claim).or_default().push(place);
        }
        let slot = |id: ClaimId, claim: &ClaimDefinition| {
            let (first, inner) = claim.path.split_first()?;
            let derived = derivations.get(&id).map(Vec::as_slice);
            Some(Slot {
                name: Spelling::new(first),
                inner: inner.into(),
                claim_type: claim.claim_type.clone(),
                derivations: derived.unwrap_or_default().into(),
                held: None,
            })
        };
        Self {
            claims: issuer.profile.claims().map_while(slot),
            held: Box::default(),
        }
    }

    /// Has the values of these claims at hand from now on, as far as there is room.
    pub(super) fn keep(&mut self, claims: impl Iterator<Item = ClaimId>) {
        let mut held: Vec<ClaimId> = Vec::new();
        for claim in claims {
            let Some(slot) = self.claims.get_mut(claim) else {
                continue;
            };
            let is_new = slot.inner.is_empty() && !held.contains(&claim) && held.len() < Read::HELD;
            if let (true, Ok(place)) = (is_new, u8::try_from(held.len())) {
                slot.held = Some(place);
                held.push(claim);
            }
        }
        self.held = held.into();
    }

    /// What is at hand of a token.
    pub(super) fn hold(&self, document: &Document, held: &mut [Held; Read::HELD]) {
        let names = self.held.iter().filter_map(|claim| self.claims.find(*claim));
        for (held, slot) in held.iter_mut().zip(names) {
            *held = document.hold(&slot.name);
        }
    }

    /// Whether a claim is made of others.
    pub(super) fn is_derived(&self, claim: ClaimId) -> bool {
        self.claims
            .find(claim)
            .is_some_and(|slot| !slot.derivations.is_empty())
    }
}

impl<'a> View<'a> {
    pub(super) fn new(
        issuer: &'a TrustedIssuer,
        layout: &'a Layout,
        document: &'a Document,
        read: &'a Read,
    ) -> Self {
        Self {
            issuer,
            layout,
            document,
            read,
        }
    }

    /// The flags of the token, as far as they were asked for.
    #[inline]
    pub(super) fn flags(&self) -> &'a Answers {
        &self.read.flags
    }

    /// Whether the token is meant for the service that the issuer is trusted by.
    #[inline]
    pub(super) fn is_for_us(&self) -> bool {
        self.read.is_for_us
    }

    /// What the token has at the place of a claim, if anything but null.
    #[inline]
    pub(super) fn value(&self, claim: ClaimId) -> Option<Json<'a>> {
        let slot = &self.layout.claims[claim];
        let held = slot.held.and_then(|place| self.read.held.get(usize::from(place)));
        match held.and_then(|held| self.document.held(*held)) {
            Some(value) => value,
            None => self.look_for(slot),
        }
    }

    fn look_for(&self, slot: &Slot) -> Option<Json<'a>> {
        let mut value = self.document.member(&slot.name)?;
        for name in &slot.inner {
            let Json::Object(object) = value else { return None };
            value = object.get(name)?;
        }
        if matches!(value, Json::Null) {
            None
        } else {
            Some(value)
        }
    }

    /// The type of a claim.
    #[inline]
    pub(super) fn claim_type(&self, claim: ClaimId) -> Option<&'a ClaimType> {
        Some(&self.layout.claims[claim].claim_type)
    }

    /// A claim of a single value, if it is there and the right kind of JSON value. Whether it can be compared is another
    /// question.
    #[inline]
    pub(super) fn word(&self, claim: ClaimId) -> Option<Word<'a>> {
        match self.claim_type(claim)? {
            ClaimType::Scalar(scalar) => Word::of(scalar, self.value(claim)?),
            ClaimType::List(_) => None,
        }
    }

    /// The values of a list claim, each if it is the right kind of JSON value.
    pub(super) fn words(&self, claim: ClaimId) -> Option<Words<'a>> {
        match self.claim_type(claim)? {
            ClaimType::List(scalar) => Some(Words::new(scalar, self.value(claim)?)),
            ClaimType::Scalar(_) => None,
        }
    }

    /// Whether a claim can be compared: it is there, of its type, and says what the claims say that it is made of. If not,
    /// each comparison of it is UNKNOWN.
    pub(super) fn is_known(&self, claim: ClaimId) -> bool {
        let bit = 1_u64.checked_shl(claim.number()).unwrap_or_default();
        let (asked, known) = self.read.known.get();
        if asked & bit != 0 {
            return known & bit != 0;
        }
        let is_known = self.find_out(claim, &self.layout.claims[claim]);
        self.read.known.add(bit, if is_known { bit } else { 0 });
        is_known
    }

    fn find_out(&self, claim: ClaimId, slot: &Slot) -> bool {
        let Some(value) = self.value(claim) else {
            return false;
        };
        match &slot.claim_type {
            ClaimType::List(scalar) => {
                Words::new(scalar, value).all(|word| word.is_some_and(|word| word.belongs_to(scalar)))
            }
            ClaimType::Scalar(scalar) => {
                let word = Word::of(scalar, value).filter(|word| word.belongs_to(scalar));
                let makes = |way: &usize, text: &str| {
                    let derivation = self.issuer.derivations.get(*way);
                    derivation.is_some_and(|derivation| self.makes(derivation, text))
                };
                word.is_some_and(|word| {
                    slot.derivations.is_empty()
                        || word.written(|text| slot.derivations.iter().any(|way| makes(way, text)))
                })
            }
        }
    }
}

/// The values of a list, each as its type if it can be; a value that is no list is one of one.
#[derive(Clone)]
pub(super) struct Words<'a> {
    scalar: &'a Scalar,
    items: Option<Items<'a>>,
    lone: Option<Json<'a>>,
}

impl<'a> Words<'a> {
    pub(super) fn new(scalar: &'a Scalar, value: Json<'a>) -> Self {
        let (items, lone) = match value {
            Json::List(items) => (Some(items), None),
            lone => (None, Some(lone)),
        };
        Self { scalar, items, lone }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Option<Word<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let value = match &mut self.items {
            Some(items) => items.next(),
            None => self.lone.take(),
        }?;
        Some(Word::of(self.scalar, value))
    }
}
