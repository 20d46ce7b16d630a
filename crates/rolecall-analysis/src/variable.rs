//! Variables: the parts of a token that a question is about.

use crate::language::LangId;
use crate::meter::{row, sum};
use rolecall_engine::ClaimId;

/// A part of a token that can be chosen independently. Variables are decided in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Variable {
    /// The truth of an external condition, by its index. They are decided first, so that both of their values can
    /// be put into a formula.
    External(usize),
    /// The derivation that applies to a derived claim: its index, or that the claim is absent or ill-typed.
    Derivation(ClaimId),
    /// The truth of an equation, by its index.
    Equation(usize),
    /// The word of a claim that an equation compares with others. It is decided before theirs.
    Left(ClaimId),
    /// The word of a claim. For a list, only whether it is absent, ill-typed, or a list, which is the empty
    /// word.
    Claim(ClaimId),
    /// The elements of a list.
    Elements(ClaimId),
    /// The answer to an open question, which cannot be expressed in languages. The engine must confirm it.
    Open(usize),
}

impl Variable {
    /// Returns the claim whose value it is a part of. The variables of derived claims and of equations follow from
    /// others.
    pub(crate) fn claim(self) -> Option<ClaimId> {
        match self {
            Self::Claim(claim) | Self::Elements(claim) | Self::Left(claim) => Some(claim),
            Self::Derivation(_) | Self::Equation(_) | Self::External(_) | Self::Open(_) => None,
        }
    }
}

/// A question about variables that is true or false of every token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Atom {
    /// The word of a claim is not the text of the template of an equation, by its index.
    Differs(Variable, usize),
    /// The word is in the language.
    Fits(Variable, LangId),
    /// One of the elements is in the language.
    Has(Variable, LangId),
    /// An open question, by its index.
    Open(usize),
    /// The words of two claims are equal. The lesser variable comes first.
    Same(Variable, Variable),
}

impl Atom {
    /// Returns the variable that is decided first.
    pub(crate) fn variable(self) -> Variable {
        match self {
            Self::Differs(variable, _)
            | Self::Fits(variable, _)
            | Self::Has(variable, _)
            | Self::Same(variable, _) => variable,
            Self::Open(number) => Variable::Open(number),
        }
    }
}

impl Atom {
    /// Returns the variables that it is about. Of a template, the variable that is compared with it.
    pub(crate) fn variables(self) -> impl Iterator<Item = Variable> {
        let other = match self {
            Self::Same(_, other) => Some(other),
            Self::Differs(..) | Self::Fits(..) | Self::Has(..) | Self::Open(_) => None,
        };
        std::iter::once(self.variable()).chain(other)
    }
}

/// The choice for a variable.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Choice {
    /// The elements of a list.
    Elements(Vec<Vec<u8>>),
    /// A word.
    Word(Vec<u8>),
}

impl Choice {
    /// Returns the size in bytes, with its entry in a map.
    pub(crate) fn size(&self) -> usize {
        let own = row::<[Self; 2]>(1);
        match self {
            Self::Elements(elements) => sum([size_of_words(elements), own]),
            Self::Word(word) => sum([row::<u8>(word.capacity()), own]),
        }
    }
}

/// Returns the size of some words in bytes.
pub(crate) fn size_of_words(words: &[Vec<u8>]) -> usize {
    let each = words.iter().map(|word| row::<u8>(word.capacity()));
    sum(each.chain([row::<Vec<u8>>(words.len())]))
}
