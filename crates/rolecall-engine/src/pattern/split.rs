//! Cut of a regex into the texts that it begins with and the rest.
//!
//! The library's `literal::Extractor` finds the same texts, but not the rest, of which the automaton is made.

use regex_syntax::hir::{Hir, HirKind};

/// The maximum number of texts that a regex may begin with.
const MAX_STARTS: usize = 64;

/// Returns the texts that a regex begins with, and what follows them.
pub(super) fn split(hir: Hir) -> (Vec<String>, Hir) {
    let parts = match hir.into_kind() {
        HirKind::Concat(parts) => parts,
        kind => vec![rebuilt(kind)],
    };
    let mut starts = vec![String::new()];
    let mut parts = parts.into_iter();
    let mut rest = Vec::new();
    for part in parts.by_ref() {
        let Some(longer) = texts(&part).and_then(|texts| longer(&starts, &texts)) else {
            rest.push(part);
            break;
        };
        starts = longer;
    }
    rest.extend(parts);
    (starts, Hir::concat(rest))
}

/// Returns each of the starts followed by each of the texts, unless those are too many.
fn longer(starts: &[String], texts: &[String]) -> Option<Vec<String>> {
    let count = starts.len().checked_mul(texts.len())?;
    (count <= MAX_STARTS).then(|| {
        let one =
            |start: &String| -> Vec<String> { texts.iter().map(|text| format!("{start}{text}")).collect() };
        starts.iter().flat_map(one).collect()
    })
}

/// Returns the texts that a part of a regex matches, if those are few.
fn texts(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![String::from_utf8(literal.0.to_vec()).ok()?]),
        HirKind::Capture(group) => texts(&group.sub),
        HirKind::Alternation(branches) if branches.len() <= MAX_STARTS => {
            let texts: Vec<Vec<String>> = branches.iter().map(texts).collect::<Option<_>>()?;
            let texts = texts.concat();
            (texts.len() <= MAX_STARTS).then_some(texts)
        }
        HirKind::Concat(parts) => parts
            .iter()
            .try_fold(vec![String::new()], |starts, part| longer(&starts, &texts(part)?)),
        _ => None,
    }
}

/// Returns a part of a regex that was taken apart as a whole again.
fn rebuilt(kind: HirKind) -> Hir {
    match kind {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(look) => Hir::look(look),
        HirKind::Repetition(repetition) => Hir::repetition(repetition),
        HirKind::Capture(capture) => Hir::capture(capture),
        HirKind::Concat(parts) => Hir::concat(parts),
        HirKind::Alternation(branches) => Hir::alternation(branches),
    }
}
