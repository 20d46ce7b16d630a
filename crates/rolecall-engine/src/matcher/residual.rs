//! Residuals: the parts of conditions that are neither keys nor flags. Equal ones are kept once.

use super::key::Part;
use super::nnf::Nnf;
use super::view::View;
use crate::id::ClaimId;
use crate::ir::{Atom, Question};
use crate::narrow::{index, number};
use crate::pattern::Rest;
use hashbrown::HashMap;
use std::sync::Arc;

/// The residual that always holds.
pub(super) const ALWAYS: u32 = 0;

/// The maximum number of parts of a residual that are copied into others: the parts of a condition with many
/// keys would multiply.
const MAX_PARTS: usize = 64;

/// The residuals of an index. A residual refers to others by their indices.
#[derive(Clone, Debug)]
pub(super) struct Residuals(Box<[Residual]>);

/// A condition.
#[derive(Clone, Debug)]
enum Residual {
    /// The claim is comparable.
    Comparable(ClaimId),
    All(Box<[u32]>),
    Any(Box<[u32]>),
    /// The claim's text without the key, which is this part of it, has one of these forms. Does not test that
    /// the claim is comparable.
    Rests(ClaimId, Part, Box<[Rest]>),
    Is(Arc<Atom>),
    IsNot(Arc<Atom>),
    Never,
}

/// The identity of a residual: residuals with equal ones are the same, wherever their comparisons are.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    Comparable(ClaimId),
    All(Box<[u32]>),
    Any(Box<[u32]>),
    Rests(ClaimId, Part, Box<[Rest]>),
    Comparison(ClaimId, Question, bool),
    Never,
}

/// Builds residuals, each once.
pub(super) struct ResidualBuilder {
    residuals: Vec<Residual>,
    numbers: HashMap<Identity, u32>,
}

impl Residuals {
    /// Returns true if a residual holds of a token that has a key of this length.
    pub(super) fn holds(&self, residual: u32, key: usize, view: &View<'_>) -> bool {
        match self.0.get(index(residual)) {
            Some(Residual::Rests(claim, part, rests)) => {
                // Only texts have patterns.
                let text = view.value(*claim).and_then(|value| value.as_text());
                let left = text.and_then(|text| without_key(text, *part, key));
                left.is_some_and(|left| rests.iter().any(|rest| rest.accepts(left)))
            }
            Some(Residual::Comparable(claim)) => view.is_comparable(*claim),
            Some(Residual::All(parts)) => parts.iter().all(|part| self.holds(*part, key, view)),
            Some(Residual::Any(parts)) => parts.iter().any(|part| self.holds(*part, key, view)),
            Some(Residual::Is(atom)) => view.comparison_holds(atom, false),
            Some(Residual::IsNot(atom)) => view.comparison_holds(atom, true),
            Some(Residual::Never) | None => false,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the bytes that the residuals take, without the comparisons, which belong to the program.
    pub(super) fn bytes(&self) -> usize {
        let inside = self.0.iter().map(|residual| match residual {
            Residual::All(parts) | Residual::Any(parts) => size_of_val(&**parts),
            _ => 0,
        });
        inside.chain([size_of_val(&*self.0)]).sum()
    }
}

impl ResidualBuilder {
    pub(super) fn new() -> Self {
        let mut builder = Self {
            residuals: Vec::new(),
            numbers: HashMap::new(),
        };
        builder.all(Vec::new());
        builder
    }

    pub(super) fn finish(self) -> Residuals {
        Residuals(self.residuals.into())
    }

    /// Returns the residual of a condition.
    pub(super) fn condition(&mut self, condition: Nnf<'_>) -> u32 {
        match condition {
            Nnf::All(parts) => {
                let parts = parts.iter().map(|part| self.condition(part)).collect();
                self.all(parts)
            }
            Nnf::Any(parts) => {
                let parts = parts.iter().map(|part| self.condition(part)).collect();
                self.any(parts)
            }
            Nnf::Is(atom) => self.comparison(atom, false),
            Nnf::IsNot(atom) => self.comparison(atom, true),
            Nnf::Unknown => self.keep(Identity::Never, || Residual::Never),
        }
    }

    /// Returns the residual of a comparison, or of the negated one.
    pub(super) fn comparison(&mut self, atom: &Arc<Atom>, negated: bool) -> u32 {
        let identity = Identity::Comparison(atom.claim, atom.question.clone(), negated);
        let atom = Arc::clone(atom);
        self.keep(identity, || {
            if negated {
                Residual::IsNot(atom)
            } else {
                Residual::Is(atom)
            }
        })
    }

    /// Returns the residual of a claim whose text without the key, which is this part of it, has one of these
    /// forms. It does not test that the claim is comparable.
    pub(super) fn rests(&mut self, claim: ClaimId, part: Part, rests: Vec<Rest>) -> u32 {
        let rests: Box<[Rest]> = rests.into();
        self.keep(Identity::Rests(claim, part, rests.clone()), || {
            Residual::Rests(claim, part, rests)
        })
    }

    /// Returns the residual of a claim that is comparable.
    pub(super) fn comparable(&mut self, claim: ClaimId) -> u32 {
        self.keep(Identity::Comparable(claim), || Residual::Comparable(claim))
    }

    /// Returns the parts of a residual, which must all hold; the residual itself if they are too many.
    pub(super) fn parts(&self, residual: u32) -> Vec<u32> {
        match self.residuals.get(index(residual)) {
            Some(Residual::All(parts)) if parts.len() <= MAX_PARTS => parts.to_vec(),
            _ => vec![residual],
        }
    }

    /// Returns the residual of all of these.
    pub(super) fn all(&mut self, mut parts: Vec<u32>) -> u32 {
        parts.retain(|part| *part != ALWAYS);
        in_order(&mut parts);
        match parts.as_slice() {
            [one] => *one,
            _ => {
                let parts: Box<[u32]> = parts.into();
                self.keep(Identity::All(parts.clone()), || Residual::All(parts))
            }
        }
    }

    fn any(&mut self, mut parts: Vec<u32>) -> u32 {
        in_order(&mut parts);
        match parts.as_slice() {
            [ALWAYS, ..] => ALWAYS,
            [one] => *one,
            _ => {
                let parts: Box<[u32]> = parts.into();
                self.keep(Identity::Any(parts.clone()), || Residual::Any(parts))
            }
        }
    }

    fn keep(&mut self, identity: Identity, make: impl FnOnce() -> Residual) -> u32 {
        let next = number(self.residuals.len());
        let found = *self.numbers.entry(identity).or_insert(next);
        if found == next {
            self.residuals.push(make());
        }
        found
    }
}

/// Returns a text without a key of this length.
fn without_key(text: &str, part: Part, length: usize) -> Option<&str> {
    match part {
        Part::End => text.get(..text.len().checked_sub(length)?),
        Part::Start => text.get(length..),
        Part::Whole => Some(""),
    }
}

fn in_order(parts: &mut Vec<u32>) {
    parts.sort_unstable();
    parts.dedup();
}
