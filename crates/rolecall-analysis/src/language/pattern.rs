//! Languages of the patterns `like`, `glob` and `under`.

use super::nfa::{Bytes, Nfa};
use rolecall_engine::pattern::{Glob, GlobSegment, Wildcard, WildcardPiece};

/// Returns the automaton of a flat wildcard.
pub(super) fn like(wildcard: &Wildcard) -> Nfa {
    let mut nfa = Nfa::new();
    nfa.end = pieces(&mut nfa, 0, wildcard, true);
    nfa
}

/// Returns the automaton of a path and the paths below it.
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

/// Returns the automaton of a path wildcard.
pub(super) fn glob(glob: &Glob) -> Nfa {
    let mut nfa = Nfa::new();
    let mut at = 0;
    for (index, field) in glob.fields().enumerate() {
        if index > 0 {
            at = nfa.text(at, ":");
        }
        at = segments(&mut nfa, at, field);
    }
    nfa.end = at;
    nfa
}

/// Adds states that read the segments of a field, and returns the state after them.
fn segments(nfa: &mut Nfa, from: usize, field: &[GlobSegment]) -> usize {
    // The state before any segment of the field, and the state after a segment, which needs a `/` before the
    // next one.
    let (mut fresh, mut after) = (Some(from), None);
    let mut rest = field.iter().peekable();
    while let Some(segment) = rest.next() {
        let is_last = rest.peek().is_none();
        let start = nfa.state();
        if let Some(fresh) = fresh {
            nfa.skip(fresh, start);
        }
        if let Some(after) = after {
            let slash = nfa.text(after, "/");
            nfa.skip(slash, start);
        }
        match segment {
            GlobSegment::One(wildcard) => {
                after = Some(pieces(nfa, start, wildcard, false));
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
                // Except at the end, `**` also stands for no segment.
                if let Some(after) = after
                    && !is_last
                {
                    nfa.skip(after, over);
                }
                if is_last {
                    fresh = None;
                }
                after = Some(over);
            }
        }
    }
    after.unwrap_or(from)
}

/// Adds states that read the pieces of a wildcard, and returns the state after them.
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
