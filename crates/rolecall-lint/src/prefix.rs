//! Names that a wildcard continues.

use crate::clause::Constraint;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{GlobSegment, Pattern, Wildcard, WildcardPiece};

/// Returns a name that a wildcard of a pattern continues, so that longer names match as well.
pub(crate) fn unfinished_name(constraint: &Constraint<'_>) -> Option<String> {
    let Question::Pattern(patterns) = &constraint.atom.question else {
        return None;
    };
    patterns.iter().find_map(|pattern| match pattern {
        Pattern::Like(wildcard) => glued(wildcard),
        Pattern::Glob(glob) => glob.fields().flatten().find_map(|segment| match segment {
            GlobSegment::One(wildcard) => glued(wildcard),
            GlobSegment::Any => None,
        }),
        Pattern::Matches(regular) => {
            let ends = regular
                .text()
                .split(['|', '(', ')'])
                .filter_map(|part| part.strip_suffix(".*").or(part.strip_suffix(".+")));
            ends.filter_map(last_word).next()
        }
        _ => None,
    })
}

fn glued(wildcard: &Wildcard) -> Option<String> {
    let mut pieces = wildcard.pieces().iter().peekable();
    while let Some(piece) = pieces.next() {
        let WildcardPiece::Text(text) = piece else {
            continue;
        };
        if pieces.next_if_eq(&&WildcardPiece::Run).is_none() {
            continue;
        }
        let ends_here = match pieces.peek() {
            Some(WildcardPiece::Text(next)) => next.starts_with(['/', ':']),
            Some(_) => false,
            None => true,
        };
        if let Some(word) = last_word(text).filter(|_| ends_here) {
            return Some(word);
        }
    }
    None
}

/// The name at the end of a text. One letter is none (`v*`), nor is what ends with a digit (`v1.*`) or a mark (`release-*`).
fn last_word(text: &str) -> Option<String> {
    let word = text.rsplit(|c: char| !c.is_alphanumeric()).next()?;
    let is_name = word.chars().count() > 1 && word.chars().last().is_some_and(char::is_alphabetic);
    is_name.then(|| word.to_owned())
}
