//! Conditions: comparisons of claims, joined by `&&`, `||` and `!`.

use crate::claim_type::Literal;
use crate::diagnostic::Location;
use crate::id::ClaimId;
use crate::pattern::Pattern;
use crate::template::{Filter, Template};
use std::sync::Arc;

/// A condition over the claims of one profile. Cloning one is cheap.
#[derive(Clone, Debug)]
pub enum Formula {
    /// All parts hold. Without parts: TRUE.
    All(Arc<[Self]>),
    /// One part holds. Without parts: FALSE.
    Any(Arc<[Self]>),
    /// A comparison and its location. Equal comparisons may be shared; locations are not.
    Atom(Arc<Atom>, Location),
    /// A condition on the request that no token decides: UNKNOWN. Policies have no spelling for it.
    External(Arc<External>, Location),
    /// The negation; UNKNOWN stays UNKNOWN.
    Not(Arc<Self>),
    /// A comparison of a claim that the profile does not have: UNKNOWN. Only assertions over several issuers
    /// have it.
    Unknown,
}

impl Formula {
    /// Returns TRUE.
    pub fn always() -> Self {
        Self::All(Arc::new([]))
    }

    /// Returns FALSE.
    pub fn never() -> Self {
        Self::Any(Arc::new([]))
    }

    /// Returns a comparison that is not in any file.
    pub fn compare(claim: ClaimId, question: Question) -> Self {
        Self::Atom(Arc::new(Atom { claim, question }), Location::NOWHERE)
    }

    /// Returns an external condition that is not in any file.
    pub fn external(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::External(Arc::new(External { text }), Location::NOWHERE)
    }

    /// Returns the condition with other conditions instead of those parts for which `with` returns one. The
    /// outermost parts are tried first.
    #[must_use]
    pub fn replace(&self, with: &dyn Fn(&Self) -> Option<Self>) -> Self {
        let parts = |parts: &[Self]| parts.iter().map(|part| part.replace(with)).collect();
        with(self).unwrap_or_else(|| match self {
            Self::All(all) => Self::All(parts(all)),
            Self::Any(any) => Self::Any(parts(any)),
            Self::Not(part) => Self::Not(Arc::new(part.replace(with))),
            Self::Atom(..) | Self::External(..) | Self::Unknown => self.clone(),
        })
    }

    /// Calls `show` with each comparison and its location, in the order of the text.
    pub fn each_atom<'f>(&'f self, show: &mut dyn FnMut(&'f Atom, Location)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.each_atom(show)),
            Self::Atom(atom, location) => show(atom, *location),
            Self::Not(part) => part.each_atom(show),
            Self::External(..) | Self::Unknown => {}
        }
    }

    /// Calls `show` with each external condition, in the order of the text.
    pub fn each_external<'f>(&'f self, show: &mut dyn FnMut(&'f Arc<External>)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.each_external(show)),
            Self::External(external, _) => show(external),
            Self::Not(part) => part.each_external(show),
            Self::Atom(..) | Self::Unknown => {}
        }
    }
}

/// A condition on the request that no token decides, such as its source address.
///
/// It is a part of conditions that are not written in `.policy` files. Equal texts are the same condition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct External {
    /// The text, as it is shown.
    pub text: String,
}

/// A comparison: a claim and a question about it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Atom {
    /// The claim.
    pub claim: ClaimId,
    /// The question.
    pub question: Question,
}

impl Atom {
    /// Returns the claims that the comparison reads: its own, and those that it compares it with. The claims that
    /// these are derived from are not among them.
    pub fn claims(&self) -> impl Iterator<Item = ClaimId> {
        std::iter::once(self.claim).chain(self.question.other_claims())
    }
}

/// A question about the value of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Question {
    /// `contains all`: each literal is an element.
    ContainsAll(Literals),
    /// `contains`, `contains any`: one of the literals is an element.
    ContainsAny(Literals),
    /// `contains like`, `glob`, `under`, `matches`: an element matches one of the patterns.
    ContainsPattern(Arc<[Pattern]>),
    /// `== "…{claim}…"`: the value is the text of the template.
    Filled(Arc<Template>),
    /// The value may stand in a grant, after this filter: it reads as in a comparison, the filter has a value,
    /// and the value has one meaning wherever it stands. Never UNKNOWN. It is in no text: see
    /// [`Clause::fits`](super::Clause::fits).
    Fits(Option<Filter>),
    /// `is null`: the token has the claim, and it is null. Never UNKNOWN.
    Null,
    /// `has`
    Present,
    /// `==`, `in`: the value is one of the literals.
    OneOf(Literals),
    /// `aud ==`: the literal is the only element.
    Only(Literal),
    /// `<`, `<=`, `>` or `>=` a number; of times, seconds since 1970.
    Order(Order, i64),
    /// `like`, `glob`, `under`, `matches`: the text matches one of the patterns.
    Pattern(Arc<[Pattern]>),
    /// `==` another claim.
    SameAs(ClaimId),
}

impl Question {
    /// Returns the claims that it compares the claim with.
    pub fn other_claims(&self) -> impl Iterator<Item = ClaimId> {
        let (same, template) = match self {
            Self::SameAs(other) => (Some(*other), None),
            Self::Filled(template) => (None, Some(template)),
            _ => (None, None),
        };
        let filled = template.into_iter().flat_map(|template| template.claims());
        same.into_iter().chain(filled.map(|(claim, _)| claim))
    }
}

/// Literals, sorted and without duplicates, so that one of many is found fast. Cloning them is cheap.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Literals(Arc<[Literal]>);

impl FromIterator<Literal> for Literals {
    fn from_iter<I: IntoIterator<Item = Literal>>(literals: I) -> Self {
        let mut literals: Vec<Literal> = literals.into_iter().collect();
        literals.sort_unstable();
        literals.dedup();
        Self(literals.into())
    }
}

impl From<Literal> for Literals {
    fn from(literal: Literal) -> Self {
        Self([literal].into())
    }
}

impl std::ops::Deref for Literals {
    type Target = [Literal];

    fn deref(&self) -> &[Literal] {
        &self.0
    }
}

/// An order between numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
}

impl Order {
    /// Returns true if the two numbers are in this order.
    pub fn holds(self, left: i64, right: i64) -> bool {
        match self {
            Self::Greater => left > right,
            Self::GreaterEqual => left >= right,
            Self::Less => left < right,
            Self::LessEqual => left <= right,
        }
    }
}
