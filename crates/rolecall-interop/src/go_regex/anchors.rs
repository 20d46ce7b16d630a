//! Anchors: regexes that are searched, as regexes without anchors that match whole values.
//!
//! The language of each part is split by its conditions: nothing may be before it (it has a `^`), and nothing
//! after it (a `$`). A part with the first condition can only follow parts that match the empty text, and so
//! on.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};

/// The language of a part by its conditions: none, only at the start, only at the end, only as the whole
/// value.
type Parts = [Option<Hir>; 4];

/// The size of a tree that is split. Each repetition around an anchor multiplies it.
const MAX_SIZE: usize = 2_000;

const ANYWHERE: usize = 0;
const AT_START: usize = 1;
const AT_END: usize = 2;
const AS_WHOLE: usize = 3;

/// Returns a regex without anchors that matches the whole values in which a regex is found, or nothing if it
/// has other assertions than `^` and `$`, has them in a counted repetition, or is too large.
pub(super) fn resolve(searched: &Hir) -> Option<Hir> {
    let [anywhere, at_start, at_end, as_whole] = parts(searched)?;
    let rest = || Some(repeat(any_character(), 0, None));
    let whole = [
        concat(concat(rest(), anywhere), rest()),
        concat(at_start, rest()),
        concat(rest(), at_end),
        as_whole,
    ];
    let whole = whole.into_iter().reduce(either).flatten();
    Some(whole.unwrap_or_else(Hir::fail))
}

fn parts(hir: &Hir) -> Option<Parts> {
    if hir.properties().look_set().is_empty() {
        return Some([Some(without_captures(hir)), None, None, None]);
    }
    if size(hir) > MAX_SIZE {
        return None;
    }
    let parts = split(hir)?;
    let size = parts.iter().flatten().map(size).fold(0, usize::saturating_add);
    (size <= MAX_SIZE).then_some(parts)
}

/// Returns the number of parts of a tree.
fn size(hir: &Hir) -> usize {
    hir.kind().subs().iter().map(size).fold(1, usize::saturating_add)
}

/// Splits the language of a tree that has an assertion.
fn split(hir: &Hir) -> Option<Parts> {
    match hir.kind() {
        HirKind::Look(Look::Start) => Some([None, Some(Hir::empty()), None, None]),
        HirKind::Look(Look::End) => Some([None, None, Some(Hir::empty()), None]),
        HirKind::Capture(capture) => parts(&capture.sub),
        HirKind::Concat(subs) => {
            let empty = [Some(Hir::empty()), None, None, None];
            subs.iter()
                .try_fold(empty, |before, sub| Some(sequence(&before, &parts(sub)?)))
        }
        HirKind::Alternation(subs) => {
            let none = [None, None, None, None];
            subs.iter()
                .try_fold(none, |before, sub| Some(union(before, parts(sub)?)))
        }
        HirKind::Repetition(repetition) => {
            let once = parts(&repetition.sub)?;
            match (repetition.min, repetition.max) {
                (0, Some(1)) => Some(union([Some(Hir::empty()), None, None, None], once)),
                (0, None) => Some(star(once)),
                (1, None) => Some(sequence(&once, &star(once.clone()))),
                _ => None,
            }
        }
        _ => None,
    }
}

fn union(left: Parts, right: Parts) -> Parts {
    let mut pairs = left.into_iter().zip(right);
    std::array::from_fn(|_| pairs.next().and_then(|(left, right)| either(left, right)))
}

/// Returns the texts of two parts, one after the other.
fn sequence(left: &Parts, right: &Parts) -> Parts {
    let mut parts: Parts = [None, None, None, None];
    for (before, first) in left.iter().enumerate() {
        for (after, second) in right.iter().enumerate() {
            let first = if after & AT_START == 0 {
                first.clone()
            } else {
                empty_of(first)
            };
            let second = if before & AT_END == 0 {
                second.clone()
            } else {
                empty_of(second)
            };
            if let Some(part) = parts.get_mut(before | after) {
                *part = either(part.take(), concat(first, second));
            }
        }
    }
    parts
}

/// Returns the texts of a part any number of times: only the first one can be at the start, and only the last
/// one at the end.
fn star(once: Parts) -> Parts {
    let [anywhere, at_start, at_end, as_whole] = once;
    let many = Some(anywhere.map_or_else(Hir::empty, |anywhere| repeat(anywhere, 0, None)));
    let from_start = concat(at_start, many.clone());
    let both = concat(from_start.clone(), at_end.clone());
    let mut parts: Parts = [None, None, None, None];
    for (condition, part) in [
        (ANYWHERE, many.clone()),
        (AT_START, from_start),
        (AT_END, concat(many, at_end)),
        (AS_WHOLE, either(both, as_whole)),
    ] {
        if let Some(place) = parts.get_mut(condition) {
            *place = part;
        }
    }
    parts
}

/// Returns the empty text if a language has it.
fn empty_of(language: &Option<Hir>) -> Option<Hir> {
    let has_empty = |hir: &Hir| hir.properties().minimum_len() == Some(0);
    language
        .as_ref()
        .filter(|hir| has_empty(hir))
        .map(|_| Hir::empty())
}

fn concat(left: Option<Hir>, right: Option<Hir>) -> Option<Hir> {
    Some(Hir::concat(vec![left?, right?]))
}

fn either(left: Option<Hir>, right: Option<Hir>) -> Option<Hir> {
    match (left, right) {
        (Some(left), Some(right)) => Some(Hir::alternation(vec![left, right])),
        (left, right) => left.or(right),
    }
}

fn repeat(sub: Hir, min: u32, max: Option<u32>) -> Hir {
    Hir::repetition(Repetition {
        min,
        max,
        greedy: true,
        sub: Box::new(sub),
    })
}

/// Returns the class of all characters, line breaks included.
fn any_character() -> Hir {
    let all = ClassUnicodeRange::new('\0', char::MAX);
    Hir::class(Class::Unicode(ClassUnicode::new([all])))
}

fn without_captures(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Capture(capture) => without_captures(&capture.sub),
        HirKind::Concat(subs) => Hir::concat(subs.iter().map(without_captures).collect()),
        HirKind::Alternation(subs) => Hir::alternation(subs.iter().map(without_captures).collect()),
        HirKind::Repetition(repetition) => {
            repeat(without_captures(&repetition.sub), repetition.min, repetition.max)
        }
        _ => hir.clone(),
    }
}
