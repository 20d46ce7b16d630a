//! What a token is made of, as far as a question is about it.

use crate::language::LangId;
use crate::meter::row;
use rolecall_engine::ClaimId;

/// Something of a token that can be chosen on its own. They are decided in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Variable {
    /// By which of its derivations a derived claim is made: its number, or that it is absent or odd.
    Layout(ClaimId),
    /// The word of a claim; of a list, only whether it is absent, odd or a list, which is the empty word.
    Claim(ClaimId),
    /// The elements of a list.
    Elements(ClaimId),
    /// What could not be said in languages: yes or no, and whether a token can have it must be tried.
    Open(usize),
}

/// A question about variables that has an answer whatever the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Atom {
    /// The word is in the language.
    Fits(Variable, LangId),
    /// One of the elements is in the language.
    Has(Variable, LangId),
    /// What could not be said in languages, by its number.
    Open(usize),
    /// The words of two claims are equal. The lesser one is first.
    Same(Variable, Variable),
}

impl Atom {
    /// The variable that is decided first.
    pub(crate) fn variable(self) -> Variable {
        match self {
            Self::Fits(variable, _) | Self::Has(variable, _) | Self::Same(variable, _) => variable,
            Self::Open(number) => Variable::Open(number),
        }
    }
}

/// What was chosen for a variable.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Choice {
    /// The elements of a list.
    Elements(Vec<Vec<u8>>),
    /// A word.
    Word(Vec<u8>),
}

impl Choice {
    /// The bytes that it takes, and what it is kept in.
    pub(crate) fn size(&self) -> usize {
        let own = row::<[Self; 2]>(1);
        match self {
            Self::Elements(elements) => size_of_words(elements).saturating_add(own),
            Self::Word(word) => row::<u8>(word.capacity()).saturating_add(own),
        }
    }
}

/// The bytes that some words take.
pub(crate) fn size_of_words(words: &[Vec<u8>]) -> usize {
    let each = words.iter().map(|word| row::<u8>(word.capacity()));
    each.fold(row::<Vec<u8>>(words.len()), usize::saturating_add)
}
