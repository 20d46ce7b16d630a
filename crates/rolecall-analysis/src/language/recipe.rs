//! How languages are come by, so that none is made twice.

use super::set::LangId;
use crate::meter::row;
use rolecall_engine::ir::Order;
use rolecall_engine::pattern::{GlobSegment, Pattern, Wildcard, WildcardPiece};

/// How a language is come by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Recipe {
    Both(LangId, LangId),
    Domain(ScalarKey),
    Filtered(LangId, u32, Vec<u32>, Option<u8>),
    Not(LangId),
    Order(Order, i64),
    Pattern(Pattern),
    Typed,
    Words(Vec<Vec<u8>>),
}

/// A type, as far as its values differ.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum ScalarKey {
    Bool,
    Closed(Vec<String>),
    Id,
    Number,
    Path,
    Ref,
    Text,
}

impl Recipe {
    /// The bytes that it takes elsewhere.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Both(..) | Self::Not(_) | Self::Order(..) | Self::Typed => 0,
            Self::Domain(ScalarKey::Closed(values)) => {
                let texts = values.iter().map(|value| row::<u8>(value.capacity()));
                texts.fold(row::<String>(values.capacity()), usize::saturating_add)
            }
            Self::Domain(_) => 0,
            Self::Filtered(_, _, states, _) => row::<u32>(states.capacity()),
            Self::Pattern(pattern) => size_of_pattern(pattern),
            Self::Words(words) => {
                let texts = words.iter().map(|word| row::<u8>(word.capacity()));
                texts.fold(row::<Vec<u8>>(words.capacity()), usize::saturating_add)
            }
        }
    }
}

/// The bytes that a pattern takes elsewhere. A regex is shared with the policy that has it.
pub(crate) fn size_of_pattern(pattern: &Pattern) -> usize {
    match pattern {
        Pattern::Glob(glob) => {
            let segments = glob.fields().flatten().map(|segment| match segment {
                GlobSegment::Any => size_of::<GlobSegment>(),
                GlobSegment::One(wildcard) => {
                    size_of_wildcard(wildcard).saturating_add(size_of::<GlobSegment>())
                }
            });
            segments.fold(row::<[usize; 2]>(glob.fields().count()), usize::saturating_add)
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
    texts.fold(
        row::<WildcardPiece>(wildcard.pieces().len()),
        usize::saturating_add,
    )
}
