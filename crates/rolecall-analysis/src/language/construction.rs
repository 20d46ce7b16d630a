//! Constructions: the keys by which languages that were built before are found again.

use super::id::LangId;
use crate::meter::{row, sum};
use rolecall_engine::ir::Order;
use rolecall_engine::pattern::{GlobSegment, Pattern, Wildcard, WildcardPiece};
use rolecall_engine::{Filter, PathKind};

/// The construction of a language: the key of the cache.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Construction {
    /// The words of both languages.
    Both(LangId, LangId),
    /// All words of claims that can be compared.
    Comparable,
    /// The values of a type.
    Domain(ScalarKey),
    /// The words that are not in the language.
    Not(LangId),
    /// The numbers in an order to a number.
    Order(Order, i64),
    /// The values that fit a pattern.
    Pattern(Pattern),
    /// The values that lead from a state to some others, after a filter.
    Preimage(LangId, u32, Vec<u32>, Option<Filter>),
    /// The values that may stand in a grant; with `true` those of a path.
    Safe(bool),
    /// These words.
    Words(Vec<Vec<u8>>),
}

/// A type. Types with the same values have the same key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum ScalarKey {
    Bool,
    Closed(Vec<String>),
    Id,
    /// The decimal numbers of 63 bits.
    Natural,
    Number,
    Path(PathKind),
    Ref,
    Text,
}

impl Construction {
    /// Returns the words of a finite language that was constructed from them.
    pub(super) fn words(&self) -> &[Vec<u8>] {
        match self {
            Self::Words(words) => words,
            _ => &[],
        }
    }

    /// Returns the bytes that the construction allocates.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Both(..) | Self::Comparable | Self::Not(_) | Self::Order(..) | Self::Safe(_) => 0,
            Self::Domain(ScalarKey::Closed(values)) => {
                let texts = values.iter().map(|value| row::<u8>(value.capacity()));
                sum(texts.chain([row::<String>(values.capacity())]))
            }
            Self::Domain(_) => 0,
            Self::Preimage(_, _, states, _) => row::<u32>(states.capacity()),
            Self::Pattern(pattern) => size_of_pattern(pattern),
            Self::Words(words) => {
                let texts = words.iter().map(|word| row::<u8>(word.capacity()));
                sum(texts.chain([row::<Vec<u8>>(words.capacity())]))
            }
        }
    }
}

/// Returns the bytes that a pattern allocates. A regex is shared with its policy and does not count.
pub(crate) fn size_of_pattern(pattern: &Pattern) -> usize {
    match pattern {
        Pattern::Glob(glob) => {
            let segments = glob.fields().flatten().map(|segment| match segment {
                GlobSegment::Any => size_of::<GlobSegment>(),
                GlobSegment::One(wildcard) => sum([size_of_wildcard(wildcard), size_of::<GlobSegment>()]),
            });
            sum(segments.chain([row::<[usize; 2]>(glob.fields().count())]))
        }
        Pattern::Like(wildcard) => size_of_wildcard(wildcard),
        Pattern::Under(path) => row::<u8>(path.len()),
        _ => 0,
    }
}

fn size_of_wildcard(wildcard: &Wildcard) -> usize {
    let texts = wildcard.pieces().iter().map(|piece| match piece {
        WildcardPiece::Text(text) => row::<u8>(text.len()),
        WildcardPiece::One | WildcardPiece::Run => 0,
    });
    sum(texts.chain([row::<WildcardPiece>(wildcard.pieces().len())]))
}
