//! What a regex could be written as instead.

use crate::written::in_pattern;
use regex_syntax::hir::{Class, Dot, Hir, HirKind};

/// How many texts are worth a list.
const MAX_TEXTS: usize = 16;

/// The tree of a regex that the engine has accepted. Its `\d`, `\w` and `\s` are not those of the language here, which have
/// more characters than are looked at.
pub(crate) fn tree(text: &str) -> Option<Hir> {
    regex_syntax::parse(text).ok()
}

/// The texts that a regex stands for, in its order, if they are few.
pub(crate) fn texts(hir: &Hir) -> Option<Vec<String>> {
    let texts = match hir.kind() {
        HirKind::Empty => vec![String::new()],
        HirKind::Literal(literal) => vec![String::from_utf8(literal.0.to_vec()).ok()?],
        HirKind::Class(Class::Unicode(class)) => {
            let mut texts = Vec::new();
            for range in class.ranges() {
                let length = u32::from(range.end()).saturating_sub(u32::from(range.start()));
                if length > 8 {
                    return None;
                }
                texts.extend((range.start()..=range.end()).map(String::from));
            }
            texts
        }
        HirKind::Capture(group) => texts(&group.sub)?,
        HirKind::Repetition(part) if (part.min, part.max) == (0, Some(1)) => {
            let mut texts = texts(&part.sub)?;
            texts.push(String::new());
            texts
        }
        HirKind::Alternation(branches) => {
            let texts: Vec<Vec<String>> = branches.iter().map(texts).collect::<Option<_>>()?;
            texts.concat()
        }
        HirKind::Concat(parts) => parts.iter().try_fold(vec![String::new()], |starts, part| {
            let ends = texts(part)?;
            let count = starts.len().checked_mul(ends.len())?;
            let longer = starts
                .iter()
                .flat_map(|start| ends.iter().map(move |end| format!("{start}{end}")));
            (count <= MAX_TEXTS).then(|| longer.collect())
        })?,
        _ => return None,
    };
    (texts.len() <= MAX_TEXTS).then_some(texts)
}

/// A regex of texts and of wildcards that stand for any run of characters.
#[derive(Clone, Debug)]
pub(crate) enum Simple {
    /// `[^/]*`: what `*` is to `glob`. This is what stands between the quotes.
    Glob(String),
    /// `.*`: what `*` is to `like`.
    Like(String),
}

/// A regex as a pattern with `*`, if it can be one.
pub(crate) fn simple(hir: &Hir) -> Option<Simple> {
    let HirKind::Concat(parts) = hir.kind() else {
        return None;
    };
    let dot = Hir::dot(Dot::AnyCharExceptLF);
    let segment = regex_syntax::parse("[^/]").ok()?;
    let (mut pattern, mut dots, mut segments) = (String::new(), false, false);
    for part in parts {
        match part.kind() {
            HirKind::Literal(literal) => pattern.push_str(&in_pattern(std::str::from_utf8(&literal.0).ok()?)),
            HirKind::Repetition(part) if part.max.is_none() && part.min <= 1 => {
                let is_dot = *part.sub == dot;
                if !is_dot && *part.sub != segment {
                    return None;
                }
                dots |= is_dot;
                segments |= !is_dot;
                pattern.push_str(if part.min == 1 { "?*" } else { "*" });
            }
            _ => return None,
        }
    }
    match (dots, segments) {
        (true, false) => Some(Simple::Like(pattern)),
        (false, true) => Some(Simple::Glob(pattern)),
        _ => None,
    }
}
