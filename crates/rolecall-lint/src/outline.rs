//! Outlines of patterns: the literal texts that they contain, and the gaps between those.

use rolecall_engine::pattern::{GlobSegment, OutlinePiece, Pattern, WildcardPiece};

/// Returns the outlines of a pattern: each matching value has the texts of one of them, in their order.
pub(crate) fn outlines(pattern: &Pattern) -> Vec<Vec<OutlinePiece>> {
    match pattern {
        Pattern::Glob(glob) => vec![of_glob(glob.fields())],
        Pattern::Like(wildcard) => vec![of_pieces(wildcard.pieces())],
        Pattern::Matches(regular) => regular.outlines(),
        Pattern::Under(path) => vec![vec![OutlinePiece::Text(path.to_string())]],
        _ => vec![vec![OutlinePiece::Other]],
    }
}

fn of_glob<'g>(fields: impl Iterator<Item = &'g [GlobSegment]>) -> Vec<OutlinePiece> {
    let mut outline = Vec::new();
    for (field, segments) in fields.enumerate() {
        for (number, segment) in segments.iter().enumerate() {
            match (field, number) {
                (0, 0) => {}
                (_, 0) => outline.push(OutlinePiece::Text(":".to_owned())),
                _ => outline.push(OutlinePiece::Text("/".to_owned())),
            }
            match segment {
                GlobSegment::Any => outline.push(OutlinePiece::Any { at_least_one: false }),
                GlobSegment::One(wildcard) => outline.extend(of_pieces(wildcard.pieces())),
            }
        }
    }
    merged(outline)
}

fn of_pieces(pieces: &[WildcardPiece]) -> Vec<OutlinePiece> {
    let piece = |piece: &WildcardPiece| match piece {
        WildcardPiece::One => OutlinePiece::Other,
        WildcardPiece::Run => OutlinePiece::Any { at_least_one: false },
        WildcardPiece::Text(text) => OutlinePiece::Text(text.to_string()),
    };
    pieces.iter().map(piece).collect()
}

/// Returns an outline with texts that meet as one text.
fn merged(outline: Vec<OutlinePiece>) -> Vec<OutlinePiece> {
    let mut merged: Vec<OutlinePiece> = Vec::new();
    for piece in outline {
        match (merged.last_mut(), piece) {
            (Some(OutlinePiece::Text(text)), OutlinePiece::Text(next)) => text.push_str(&next),
            (_, piece) => merged.push(piece),
        }
    }
    merged
}

/// Returns whether each value that matches a pattern has a text in it.
pub(crate) fn always_contains(pattern: &Pattern, text: &str) -> bool {
    outlines(pattern).iter().all(|outline| has_text(outline, text))
}

/// Returns whether an outline has a text in one of its texts.
pub(crate) fn has_text(outline: &[OutlinePiece], text: &str) -> bool {
    outline
        .iter()
        .any(|piece| matches!(piece, OutlinePiece::Text(own) if own.contains(text)))
}

/// Returns an outline as one text, with a character for each gap.
pub(crate) fn with_gaps(outline: &[OutlinePiece], gap: char) -> String {
    let mut text = String::new();
    for piece in outline {
        match piece {
            OutlinePiece::Text(own) => text.push_str(own),
            _ => text.push(gap),
        }
    }
    text
}
