//! A token as an issuer's profile reads it: claims are found, typed, and held against what they are made of.

use super::word::Word;
use crate::claim_type::{ClaimType, Scalar};
use crate::document::{Document, Items, Json, MemberName};
use crate::ir::TrustedIssuer;
use crate::template::ClaimId;
use std::cell::Cell;

/// Where the claims of an issuer's tokens are.
#[derive(Clone, Debug)]
pub(super) struct Layout(Box<[Slot]>);

/// Where a claim is.
#[derive(Clone, Debug)]
struct Slot {
    /// The member of the token.
    name: MemberName,
    /// The members inside of it, from the outside in.
    inner: Box<[String]>,
    /// The places of its derivations among those of the issuer.
    derivations: Box<[usize]>,
}

/// For how many claims it is remembered whether they say what they are made of.
const REMEMBERED: usize = 64;

/// A token, read as an issuer's.
pub(super) struct View<'a> {
    pub(super) issuer: &'a TrustedIssuer,
    layout: &'a Layout,
    pub(super) document: &'a Document,
    /// Whether each claim says what it is made of, once that was asked.
    agreements: [Cell<Option<bool>>; REMEMBERED],
}

impl Layout {
    pub(super) fn new(issuer: &TrustedIssuer) -> Self {
        let slot = |(id, claim): (usize, &crate::ir::ClaimDefinition)| {
            let (first, inner) = claim.path.split_first()?;
            let derivations = issuer.derivations.iter().enumerate();
            Some(Slot {
                name: MemberName::new(first),
                inner: inner.into(),
                derivations: derivations
                    .filter(|(_, derivation)| derivation.claim == ClaimId(id))
                    .map(|(place, _)| place)
                    .collect(),
            })
        };
        Self(
            issuer
                .profile
                .claims
                .iter()
                .enumerate()
                .filter_map(slot)
                .collect(),
        )
    }

    /// Whether a claim is made of others.
    pub(super) fn is_derived(&self, claim: ClaimId) -> bool {
        self.0
            .get(claim.0)
            .is_some_and(|slot| !slot.derivations.is_empty())
    }
}

impl<'a> View<'a> {
    pub(super) fn new(issuer: &'a TrustedIssuer, layout: &'a Layout, document: &'a Document) -> Self {
        Self {
            issuer,
            layout,
            document,
            agreements: [const { Cell::new(None) }; REMEMBERED],
        }
    }

    /// What the token has at the place of a claim, if anything but null.
    pub(super) fn value(&self, claim: ClaimId) -> Option<Json<'a>> {
        let slot = self.layout.0.get(claim.0)?;
        let mut value = self.document.member(&slot.name)?;
        for name in &slot.inner {
            let Json::Object(object) = value else { return None };
            value = object.get(name)?;
        }
        (value != Json::Null).then_some(value)
    }

    /// The type of a claim.
    pub(super) fn claim_type(&self, claim: ClaimId) -> Option<&'a ClaimType> {
        Some(&self.issuer.profile.claim(claim)?.claim_type)
    }

    /// A claim of a single value, if it is there and of its type. Whether it says what it is made of is another question.
    pub(super) fn word(&self, claim: ClaimId) -> Option<Word<'a>> {
        let ClaimType::Scalar(scalar) = self.claim_type(claim)? else {
            return None;
        };
        Word::of(scalar, self.value(claim)?).filter(|word| word.belongs_to(scalar))
    }

    /// A list claim, if it is there and each of its values is of its type.
    pub(super) fn words(&self, claim: ClaimId) -> Option<Words<'a>> {
        let ClaimType::List(scalar) = self.claim_type(claim)? else {
            return None;
        };
        let words = Words::new(scalar, self.value(claim)?);
        words
            .clone()
            .all(|word| word.is_some_and(|word| word.belongs_to(scalar)))
            .then_some(words)
    }

    /// Whether a claim says what it is made of, if it is made of others.
    pub(super) fn agrees(&self, claim: ClaimId) -> bool {
        let Some(slot) = self
            .layout
            .0
            .get(claim.0)
            .filter(|slot| !slot.derivations.is_empty())
        else {
            return true;
        };
        let remembered = self.agreements.get(claim.0);
        if let Some(known) = remembered.and_then(Cell::get) {
            return known;
        }
        let agrees = self.word(claim).is_some_and(|word| {
            let mut ways = slot
                .derivations
                .iter()
                .filter_map(|way| self.issuer.derivations.get(*way));
            word.written(|text| ways.any(|way| self.makes(way, text)))
        });
        if let Some(remembered) = remembered {
            remembered.set(Some(agrees));
        }
        agrees
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
