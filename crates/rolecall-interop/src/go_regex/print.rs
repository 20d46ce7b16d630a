//! Text of a regex from its tree, for readers: `.` for any character of a line, and the shorter of `[…]` and
//! `[^…]`.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition};
use std::fmt::Write as _;

/// Returns the text of a regex without assertions.
pub(super) fn regex(hir: &Hir) -> String {
    match hir.kind() {
        HirKind::Alternation(subs) => {
            let alternatives: Vec<String> = subs.iter().map(alternative).collect();
            alternatives.join("|")
        }
        _ => alternative(hir),
    }
}

fn alternative(hir: &Hir) -> String {
    match hir.kind() {
        HirKind::Concat(subs) => subs.iter().map(part).collect(),
        _ => part(hir),
    }
}

fn part(hir: &Hir) -> String {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => String::new(),
        HirKind::Literal(literal) => self::literal(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => self::class(class),
        HirKind::Class(Class::Bytes(class)) => class
            .to_unicode_class()
            .as_ref()
            .map(self::class)
            .unwrap_or_default(),
        HirKind::Repetition(repetition) => self::repetition(repetition),
        HirKind::Capture(capture) => part(&capture.sub),
        HirKind::Concat(_) | HirKind::Alternation(_) => format!("({})", regex(hir)),
    }
}

fn repetition(repetition: &Repetition) -> String {
    let sub = match repetition.sub.kind() {
        HirKind::Literal(literal) if String::from_utf8_lossy(&literal.0).chars().nth(1).is_none() => {
            part(&repetition.sub)
        }
        HirKind::Class(_) | HirKind::Concat(_) | HirKind::Alternation(_) => part(&repetition.sub),
        _ => format!("({})", regex(&repetition.sub)),
    };
    match (repetition.min, repetition.max) {
        (0, None) => sub + "*",
        (1, None) => sub + "+",
        (0, Some(1)) => sub + "?",
        (min, None) => format!("{sub}{{{min},}}"),
        (min, Some(max)) if min == max => format!("{sub}{{{min}}}"),
        (min, Some(max)) => format!("{sub}{{{min},{max}}}"),
    }
}

fn class(class: &ClassUnicode) -> String {
    let mut others = class.clone();
    others.negate();
    match others.ranges() {
        // The class of no characters: the regex library does not take `[]`.
        _ if class.ranges().is_empty() => "[^\\x{0}-\\x{10FFFF}]".to_owned(),
        [] => "(.|\\n)".to_owned(),
        [range] if (range.start(), range.end()) == ('\n', '\n') => ".".to_owned(),
        negated if negated.len() < class.ranges().len() => format!("[^{}]", ranges(negated)),
        _ => format!("[{}]", ranges(class.ranges())),
    }
}

fn ranges(ranges: &[ClassUnicodeRange]) -> String {
    let mut text = String::new();
    for range in ranges {
        character(&mut text, range.start());
        if range.start() != range.end() {
            text.push('-');
            character(&mut text, range.end());
        }
    }
    text
}

/// Writes a character of a class.
fn character(text: &mut String, c: char) {
    match c {
        '\\' | '[' | ']' | '^' | '-' | '&' | '~' => text.extend(['\\', c]),
        ' '..='~' => text.push(c),
        _ => drop(write!(text, "\\x{{{:X}}}", u32::from(c))),
    }
}

/// Returns characters that stand for themselves.
fn literal(characters: &str) -> String {
    let mut text = String::with_capacity(characters.len());
    for c in characters.chars() {
        match c {
            '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' => {
                text.extend(['\\', c]);
            }
            c if c.is_control() => drop(write!(text, "\\x{{{:X}}}", u32::from(c))),
            c => text.push(c),
        }
    }
    text
}
