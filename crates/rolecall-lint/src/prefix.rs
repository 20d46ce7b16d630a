//! Names that a wildcard continues.

use crate::clause::Constraint;
use crate::outline::outlines;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{OutlinePiece, Pattern};

/// Returns a name that a wildcard of a pattern continues, so that longer names match as well.
pub(crate) fn unfinished_name(constraint: &Constraint<'_>) -> Option<String> {
    let (Question::Pattern(patterns) | Question::ContainsPattern(patterns)) = &constraint.atom.question
    else {
        return None;
    };
    let mut outlines = patterns
        .iter()
        .filter(|pattern| !matches!(pattern, Pattern::Under(_)))
        .flat_map(outlines);
    outlines.find_map(|outline| unfinished(&outline))
}

fn unfinished(outline: &[OutlinePiece]) -> Option<String> {
    let mut pieces = outline.iter().peekable();
    while let Some(piece) = pieces.next() {
        let OutlinePiece::Text(text) = piece else {
            continue;
        };
        let is_run = |piece: &&OutlinePiece| matches!(piece, OutlinePiece::Any { .. });
        if pieces.next_if(is_run).is_none() {
            continue;
        }
        let ends_here = match pieces.peek() {
            Some(OutlinePiece::Text(next)) => next.starts_with(['/', ':']),
            Some(_) => false,
            None => true,
        };
        if let Some(word) = last_word(text).filter(|_| ends_here) {
            return Some(word);
        }
    }
    None
}

/// Returns the name at the end of a text. One letter (`v*`) is not a name, and neither is a text that ends
/// with a digit (`v1.*`) or a mark (`release-*`).
fn last_word(text: &str) -> Option<String> {
    let word = text.rsplit(|c: char| !c.is_alphanumeric()).next()?;
    let is_name = word.chars().count() > 1 && word.chars().last().is_some_and(char::is_alphabetic);
    is_name.then(|| word.to_owned())
}
