//! Outlines of regexes: the literal texts that they contain, and the gaps between those.

use super::parse::Parsed;
use super::regular::Regular;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Dot, Hir, HirKind, Repetition};

/// The most outlines, and the most texts, that a regex is written out to.
const MAX_OUTLINES: usize = 64;
/// The most characters of a range that is written out.
const MAX_RANGE: usize = 9;

/// A part of an outline.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum OutlinePiece {
    /// A literal text, never empty.
    Text(String),
    /// Any run of characters: `.*`, or `.+` if it is not empty.
    Any {
        /// True if the run has at least one character.
        at_least_one: bool,
    },
    /// Any run of characters without a `/`: `[^/]*`, or `[^/]+` if it is not empty.
    Segment {
        /// True if the run has at least one character.
        at_least_one: bool,
    },
    /// Anything else: characters that the outline does not describe.
    Other,
}

impl Regular {
    /// Returns the outlines of the regex's alternatives. An accepted value has the texts of one, in order.
    pub fn outlines(&self) -> Vec<Vec<OutlinePiece>> {
        // A compiled regex parses again.
        self.hir()
            .map_or(vec![vec![OutlinePiece::Other]], |hir| outlines(&hir))
    }

    /// Returns the texts that the regex accepts, in its order, if they are few.
    pub fn texts(&self, most: usize) -> Option<Vec<String>> {
        texts(&self.hir()?).filter(|texts| texts.len() <= most)
    }

    fn hir(&self) -> Option<Hir> {
        Parsed::new(self.text()).ok()?.translate().ok()
    }
}

fn outlines(hir: &Hir) -> Vec<Vec<OutlinePiece>> {
    if let Some(texts) = texts(hir) {
        let outline = |text: String| match text.is_empty() {
            true => Vec::new(),
            false => vec![OutlinePiece::Text(text)],
        };
        return texts.into_iter().map(outline).collect();
    }
    let other = || vec![vec![OutlinePiece::Other]];
    match hir.kind() {
        HirKind::Capture(group) => outlines(&group.sub),
        HirKind::Repetition(part) => vec![vec![run(part)]],
        HirKind::Alternation(branches) => {
            let all: Vec<_> = branches.iter().flat_map(outlines).collect();
            if all.len() > MAX_OUTLINES { other() } else { all }
        }
        HirKind::Concat(parts) => {
            let start = vec![Vec::new()];
            parts.iter().fold(start, |starts, part| {
                let ends = outlines(part);
                let is_few = starts
                    .len()
                    .checked_mul(ends.len())
                    .is_some_and(|count| count <= MAX_OUTLINES);
                let ends = if is_few { ends } else { other() };
                product(&starts, &ends, |start, end| joined(start, end))
            })
        }
        _ => other(),
    }
}

/// Each of the starts, continued with each of the ends.
fn product<T>(starts: &[T], ends: &[T], join: impl Fn(&T, &T) -> T) -> Vec<T> {
    let mut continued = Vec::new();
    for start in starts {
        continued.extend(ends.iter().map(|end| join(start, end)));
    }
    continued
}

/// Two outlines, one after the other. Texts that meet are one text.
fn joined(start: &[OutlinePiece], end: &[OutlinePiece]) -> Vec<OutlinePiece> {
    let mut whole = start.to_vec();
    match (whole.last_mut(), end) {
        (Some(OutlinePiece::Text(text)), [OutlinePiece::Text(next), rest @ ..]) => {
            text.push_str(next);
            whole.extend_from_slice(rest);
        }
        _ => whole.extend_from_slice(end),
    }
    whole
}

fn run(part: &Repetition) -> OutlinePiece {
    let at_least_one = match (part.min, part.max) {
        (0, None) => false,
        (1, None) => true,
        _ => return OutlinePiece::Other,
    };
    // A group does not change what is repeated.
    let sub = match part.sub.kind() {
        HirKind::Capture(group) => &group.sub,
        _ => &part.sub,
    };
    let is_any = [Dot::AnyChar, Dot::AnyCharExceptLF]
        .into_iter()
        .any(|dot| **sub == Hir::dot(dot));
    let segment = [('\0', '.'), ('0', char::MAX)].map(|(start, end)| ClassUnicodeRange::new(start, end));
    let is_segment = **sub == Hir::class(Class::Unicode(ClassUnicode::new(segment)));
    match (is_any, is_segment) {
        (true, _) => OutlinePiece::Any { at_least_one },
        (_, true) => OutlinePiece::Segment { at_least_one },
        _ => OutlinePiece::Other,
    }
}

/// The texts that a part of a regex accepts, if they are few.
fn texts(hir: &Hir) -> Option<Vec<String>> {
    let texts = match hir.kind() {
        HirKind::Empty => vec![String::new()],
        HirKind::Literal(literal) => vec![String::from_utf8(literal.0.to_vec()).ok()?],
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges();
            if ranges.len() > MAX_OUTLINES || ranges.iter().any(|range| range.len() > MAX_RANGE) {
                return None;
            }
            let characters = ranges.iter().flat_map(|range| range.start()..=range.end());
            characters.map(String::from).collect()
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
            (count <= MAX_OUTLINES).then(|| product(&starts, &ends, |start, end| format!("{start}{end}")))
        })?,
        _ => return None,
    };
    (texts.len() <= MAX_OUTLINES).then_some(texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Regulars;

    fn shown(regex: &str) -> Vec<String> {
        let regular = Regulars::default().compile(regex).unwrap();
        let piece = |piece: &OutlinePiece| match piece {
            OutlinePiece::Text(text) => text.clone(),
            OutlinePiece::Any { at_least_one } => if *at_least_one { "<+>" } else { "<*>" }.to_owned(),
            OutlinePiece::Segment { at_least_one } => if *at_least_one { "</+>" } else { "</*>" }.to_owned(),
            OutlinePiece::Other => "<?>".to_owned(),
        };
        let outlines = regular.outlines();
        outlines
            .iter()
            .map(|outline| outline.iter().map(piece).collect())
            .collect()
    }

    #[test]
    fn outlines_are_those_of_the_parsed_regex() {
        for (regex, outlines) in [
            (r"acme\/(?:api|web)", &["acme/api", "acme/web"][..]),
            (r"acme\.example", &["acme.example"]),
            (r"acme.example", &["acme<?>example"]),
            (r"[a]cme\/.*", &["acme/<*>"]),
            (r"acme\/[^/]+\/x", &["acme/</+>/x"]),
            (r"(refs\/tags\/v.+|main)", &["refs/tags/v<+>", "main"]),
            (r"v\d+", &["v<?>"]),
            // An alternation is not a dot, although this one means any character.
            (r"(.|\n)*", &["<?>"]),
            (r"a?b", &["ab", "b"]),
            (r"[a-z]x", &["<?>x"]),
        ] {
            assert_eq!(shown(regex), outlines, "{regex}");
        }
    }

    #[test]
    fn texts_are_all_that_is_accepted() {
        let texts = |regex: &str| Regulars::default().compile(regex).unwrap().texts(4);
        assert_eq!(
            texts("ma(in|ster)"),
            Some(vec!["main".to_owned(), "master".to_owned()])
        );
        assert_eq!(
            texts("v[12]?"),
            Some(["v1", "v2", "v"].map(str::to_owned).to_vec())
        );
        assert_eq!(texts("[a-e]"), None);
        assert_eq!(texts("a*"), None);
        // A digit is one of ten, not one of all that Unicode has.
        assert_eq!(Regulars::default().compile(r"\d").unwrap().texts(64), None);
    }
}
