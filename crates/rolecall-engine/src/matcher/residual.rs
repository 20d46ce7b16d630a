//! Residuals: what is left of a condition when its key and its flags are taken out. Equal ones are kept once.

use super::key::Part;
use super::nnf::Nnf;
use super::view::View;
use crate::document::{index, number};
use crate::ir::{Atom, Question};
use crate::pattern::Rest;
use crate::template::ClaimId;
use hashbrown::HashMap;
use std::sync::Arc;

/// The residual that always holds.
pub(super) const ALWAYS: u32 = 0;

/// The most parts of a residual that are written out again with others: a condition with many keys would come to the product.
const MAX_PARTS: usize = 64;

/// The residuals of a policy set. Numbers are places.
#[derive(Clone, Debug)]
pub(super) struct Residuals(Box<[Residual]>);

/// What must hold.
#[derive(Clone, Debug)]
enum Residual {
    /// The claim can be compared.
    Known(ClaimId),
    All(Box<[u32]>),
    Any(Box<[u32]>),
    /// What is left of the claim beside the key has one of these forms. Whether it can be compared is another question.
    Beside(ClaimId, Part, Box<[Rest]>),
    Is(Arc<Atom>),
    IsNot(Arc<Atom>),
    Never,
}

/// What makes two residuals one. Where a comparison is written is no part of it.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    Known(ClaimId),
    All(Box<[u32]>),
    Any(Box<[u32]>),
    Beside(ClaimId, Part, Box<[Rest]>),
    Comparison(ClaimId, Question, bool),
    Never,
}

/// Makes residuals.
pub(super) struct ResidualBuilder {
    residuals: Vec<Residual>,
    numbers: HashMap<Identity, u32>,
}

impl Residuals {
    /// Whether a residual holds of a token that has a key of this length.
    pub(super) fn holds(&self, residual: u32, key: usize, view: &View<'_>) -> bool {
        match self.0.get(index(residual)) {
            Some(Residual::Beside(claim, part, rests)) => {
                // Patterns are only asked of texts.
                let text = view.value(*claim).and_then(|value| value.as_text());
                let beside = text.and_then(|text| beside(text, *part, key));
                beside.is_some_and(|beside| rests.iter().any(|rest| rest.accepts(beside)))
            }
            Some(Residual::Known(claim)) => view.is_known(*claim),
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

    /// The bytes that the residuals take, without the comparisons, which are the policy set's.
    pub(super) fn bytes(&self) -> usize {
        let inside = self.0.iter().map(|residual| match residual {
            Residual::All(parts) | Residual::Any(parts) => size_of_val(&**parts),
            _ => 0,
        });
        size_of_val(&*self.0).saturating_add(inside.sum())
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

    /// A comparison, or its opposite.
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

    /// That what is left of a claim beside the key, which is this part of it, has one of these forms. Whether the claim can be
    /// compared is another question.
    pub(super) fn beside(&mut self, claim: ClaimId, part: Part, rests: Vec<Rest>) -> u32 {
        let rests: Box<[Rest]> = rests.into();
        self.keep(Identity::Beside(claim, part, rests.clone()), || {
            Residual::Beside(claim, part, rests)
        })
    }

    /// That a claim can be compared.
    pub(super) fn known(&mut self, claim: ClaimId) -> u32 {
        self.keep(Identity::Known(claim), || Residual::Known(claim))
    }

    /// The parts that must all hold for a residual to hold; of many, only the residual itself.
    pub(super) fn parts(&self, residual: u32) -> Vec<u32> {
        match self.residuals.get(index(residual)) {
            Some(Residual::All(parts)) if parts.len() <= MAX_PARTS => parts.to_vec(),
            _ => vec![residual],
        }
    }

    /// That all of these hold.
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

/// What is left of a text beside a part of this length.
fn beside(text: &str, part: Part, length: usize) -> Option<&str> {
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
