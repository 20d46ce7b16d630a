//! What `like`, `glob` and `under` accept.

use super::nfa::{Bytes, Nfa};
use rolecall_engine::pattern::{Glob, GlobSegment, Wildcard, WildcardPiece};

/// The values that fit a flat wildcard.
pub(super) fn like(wildcard: &Wildcard) -> Nfa {
    let mut nfa = Nfa::new();
    nfa.end = pieces(&mut nfa, 0, wildcard, true);
    nfa
}

/// A path, and those below it.
pub(super) fn under(path: &str) -> Nfa {
    let mut nfa = Nfa::new();
    let at = nfa.text(0, path);
    let below = nfa.text(at, "/");
    nfa.edge(below, Bytes::Any, true, below);
    nfa.end = nfa.state();
    nfa.skip(at, nfa.end);
    nfa.skip(below, nfa.end);
    nfa
}

/// The values that fit a path wildcard.
pub(super) fn glob(glob: &Glob) -> Nfa {
    let mut nfa = Nfa::new();
    let mut at = 0;
    for (place, field) in glob.fields().enumerate() {
        if place > 0 {
            at = nfa.text(at, ":");
        }
        at = segments(&mut nfa, at, field);
    }
    nfa.end = at;
    nfa
}

/// Reads the segments of a field from a state, and gives the state after them.
fn segments(nfa: &mut Nfa, from: usize, field: &[GlobSegment]) -> usize {
    // Where nothing of the field was read yet, and where a segment was: before the next one there must be a `/`.
    let (mut fresh, mut behind) = (Some(from), None);
    for (place, segment) in field.iter().enumerate() {
        let is_last = place.saturating_add(1) == field.len();
        let start = nfa.state();
        if let Some(fresh) = fresh {
            nfa.skip(fresh, start);
        }
        if let Some(behind) = behind {
            let slash = nfa.text(behind, "/");
            nfa.skip(slash, start);
        }
        match segment {
            GlobSegment::One(wildcard) => {
                behind = Some(pieces(nfa, start, wildcard, false));
                fresh = None;
            }
            GlobSegment::Any => {
                let inside = nfa.state();
                nfa.edge(start, Bytes::Any, false, inside);
                nfa.edge(inside, Bytes::Any, false, inside);
                let slash = nfa.text(inside, "/");
                nfa.skip(slash, start);
                let over = nfa.state();
                nfa.skip(inside, over);
                // In the middle, none at all will do, too.
                if let Some(behind) = behind
                    && !is_last
                {
                    nfa.skip(behind, over);
                }
                if is_last {
                    fresh = None;
                }
                behind = Some(over);
            }
        }
    }
    behind.unwrap_or(from)
}

/// Reads the pieces of a wildcard from a state, and gives the state after them.
fn pieces(nfa: &mut Nfa, from: usize, wildcard: &Wildcard, crosses: bool) -> usize {
    wildcard.pieces().iter().fold(from, |from, piece| match piece {
        WildcardPiece::One => {
            let to = nfa.state();
            nfa.edge(from, Bytes::First, crosses, to);
            nfa.edge(to, Bytes::Continuation, true, to);
            to
        }
        WildcardPiece::Run => {
            let to = nfa.state();
            nfa.skip(from, to);
            nfa.edge(to, Bytes::Any, crosses, to);
            to
        }
        WildcardPiece::Text(text) => nfa.text(from, text),
    })
}
