//! Rests: what a pattern asks of a value whose key is known. Many patterns share a rest.

use super::automaton::Automaton;
use super::glob::{Glob, GlobSegment};
use super::wildcard::{Wildcard, WildcardPiece};
use super::{Pattern, affix};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The rest of a pattern.
#[derive(Clone, Debug)]
pub(crate) enum Rest {
    /// Accepts everything.
    Anything,
    /// Accepts this character, followed by what the glob accepts.
    Glob(char, Glob),
    Like(Wildcard),
    /// Accepts this text, followed by what the automaton accepts.
    Matches(Box<str>, Arc<Automaton>),
}

impl Pattern {
    /// Returns what must follow the start that is the pattern's key; `None` if the start is not its key.
    pub(crate) fn after(&self, start: &str) -> Option<Vec<Rest>> {
        Some(match self {
            Self::Glob(glob) => vec![after_in_glob(glob, start)?],
            Self::Like(wildcard) => {
                let (first, pieces) = wildcard.pieces().split_first()?;
                let WildcardPiece::Text(text) = first else {
                    return None;
                };
                let text = affix::is_start(text, start).then(|| text.strip_prefix(start))??;
                let text = (!text.is_empty()).then(|| WildcardPiece::Text(text.into()));
                vec![Rest::Like(
                    text.into_iter().chain(pieces.iter().cloned()).collect(),
                )]
            }
            Self::Matches(regular) => {
                let mine = regular.starts().filter(|text| affix::is_start(text, start));
                let rests = mine.filter_map(|text| {
                    Some(Rest::Matches(
                        text.strip_prefix(start)?.into(),
                        Arc::clone(regular.rest()),
                    ))
                });
                let rests: Vec<Rest> = rests.collect();
                (!rests.is_empty()).then_some(rests)?
            }
            Self::Under(path) => (**path == *start).then(|| vec![Rest::Anything])?,
        })
    }

    /// Returns what must precede the end that the pattern is looked up by.
    pub(crate) fn before(&self, end: &str) -> Option<Rest> {
        let wildcard = match self {
            Self::Like(wildcard) => wildcard,
            // The rests of the others are not one wildcard.
            Self::Glob(_) | Self::Matches(_) | Self::Under(_) => return None,
        };
        let (last, pieces) = wildcard.pieces().split_last()?;
        let WildcardPiece::Text(text) = last else {
            return None;
        };
        let text = text.strip_suffix(end)?;
        let text = (!text.is_empty()).then(|| WildcardPiece::Text(text.into()));
        Some(Rest::Like(pieces.iter().cloned().chain(text).collect()))
    }
}

/// Returns the part of a glob after its literal segments.
fn after_in_glob(glob: &Glob, start: &str) -> Option<Rest> {
    let mut left = start;
    let mut fields = glob.fields();
    let mut is_first = true;
    while let Some(field) = fields.next() {
        for (inside, segment) in field.iter().enumerate() {
            let cut = match (is_first, inside) {
                (true, 0) => None,
                (_, 0) => Some(':'),
                _ => Some('/'),
            };
            let (Some(text), false) = (segment.literal(), left.is_empty() && !is_first) else {
                let here: Box<[GlobSegment]> = field.get(inside..)?.into();
                let rest = std::iter::once(here).chain(fields.map(Box::from)).collect();
                return left.is_empty().then(|| Some(Rest::Glob(cut?, Glob::of(rest))))?;
            };
            left = match cut {
                Some(cut) => left.strip_prefix(cut)?,
                None => left,
            };
            left = left.strip_prefix(text)?;
            is_first = false;
        }
    }
    None
}

impl Rest {
    /// Returns true if the rest of a value is accepted.
    pub(crate) fn accepts(&self, value: &str) -> bool {
        match self {
            Self::Anything => true,
            Self::Glob(cut, glob) => value.strip_prefix(*cut).is_some_and(|value| glob.accepts(value)),
            Self::Like(wildcard) => wildcard.accepts(value),
            Self::Matches(text, automaton) => {
                let value = value.strip_prefix(&**text);
                value.is_some_and(|value| automaton.accepts(value.as_bytes()))
            }
        }
    }
}

impl PartialEq for Rest {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Anything, Self::Anything) => true,
            (Self::Glob(left, left_glob), Self::Glob(right, right_glob)) => {
                (left, left_glob) == (right, right_glob)
            }
            (Self::Like(left), Self::Like(right)) => left == right,
            (Self::Matches(left, left_automaton), Self::Matches(right, right_automaton)) => {
                left == right && Arc::ptr_eq(left_automaton, right_automaton)
            }
            _ => false,
        }
    }
}

impl Eq for Rest {}

impl Hash for Rest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Anything => 0.hash(state),
            Self::Glob(cut, glob) => (cut, glob).hash(state),
            Self::Like(wildcard) => wildcard.hash(state),
            Self::Matches(text, automaton) => (text, Arc::as_ptr(automaton)).hash(state),
        }
    }
}
