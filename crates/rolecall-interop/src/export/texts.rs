//! Texts that the values of claims may have.

use regex_syntax::escape;
use rolecall_engine::Typed;
use rolecall_engine::ir::Literals;
use rolecall_engine::pattern::{Glob, GlobSegment, OutlinePiece, Pattern, Wildcard, WildcardPiece};

/// The most texts of a regex that are written out.
const MAX_TEXTS: usize = 64;

/// Texts: one, or those of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Texts {
    Exactly(String),
    /// All texts of a pattern are among those of the wildcard. Where the wildcard has others, too, the regex has not.
    Like {
        pieces: Vec<WildcardPiece>,
        regex: Option<String>,
    },
}

impl Texts {
    /// Returns the texts that match a pattern.
    pub(super) fn of(pattern: &Pattern) -> Vec<Self> {
        match pattern {
            Pattern::Like(wildcard) => vec![Self::like(wildcard.pieces().to_vec(), None)],
            Pattern::Under(path) => {
                let below = vec![WildcardPiece::Text(format!("{path}/").into()), WildcardPiece::Run];
                vec![Self::Exactly(path.to_string()), Self::like(below, None)]
            }
            Pattern::Glob(glob) => vec![Self::like(flat(glob), Some(regex_of(glob)))],
            Pattern::Matches(regular) => match regular.texts(MAX_TEXTS) {
                Some(texts) => texts.into_iter().map(Self::Exactly).collect(),
                None => {
                    let outlines = regular.outlines().into_iter();
                    let regex = || Some(regular.text().to_owned());
                    outlines
                        .map(|outline| Self::like(outlined(outline), regex()))
                        .collect()
                }
            },
            _ => vec![Self::like(vec![WildcardPiece::Run], None)],
        }
    }

    /// Returns the texts of a wildcard.
    pub(super) fn of_pieces(pieces: Vec<WildcardPiece>) -> Self {
        Self::like(pieces, None)
    }

    fn like(pieces: Vec<WildcardPiece>, regex: Option<String>) -> Self {
        match pieces.as_slice() {
            [] => Self::Exactly(String::new()),
            [WildcardPiece::Text(text)] => Self::Exactly(text.to_string()),
            _ => Self::Like { pieces, regex },
        }
    }

    /// Returns the parts of a wildcard that has all of the texts.
    pub(super) fn pieces(&self) -> Vec<WildcardPiece> {
        match self {
            Self::Exactly(text) if text.is_empty() => Vec::new(),
            Self::Exactly(text) => vec![WildcardPiece::Text(text.as_str().into())],
            Self::Like { pieces, .. } => pieces.clone(),
        }
    }

    /// Returns a regex of RE2 for whole values.
    pub(super) fn regex(&self) -> String {
        match self {
            Self::Exactly(text) => escape(text),
            Self::Like {
                regex: Some(regex), ..
            } => regex.clone(),
            Self::Like { pieces, .. } => regex_of_pieces(pieces),
        }
    }
}

/// Returns the regex of a wildcard.
pub(super) fn regex_of_pieces(pieces: &[WildcardPiece]) -> String {
    let piece = |piece: &WildcardPiece| match piece {
        WildcardPiece::One => "(?s:.)".to_owned(),
        WildcardPiece::Run => "(?s:.*)".to_owned(),
        WildcardPiece::Text(text) => escape(text),
    };
    pieces.iter().map(piece).collect()
}

/// Returns a wildcard that has all values of a glob, and more: `*` of a glob stays in a segment.
fn flat(glob: &Glob) -> Vec<WildcardPiece> {
    let mut pieces = Vec::new();
    for (number, field) in glob.fields().enumerate() {
        if number > 0 {
            pieces.push(WildcardPiece::Text(":".into()));
        }
        let mut is_first = true;
        for segment in field {
            if !is_first {
                pieces.push(WildcardPiece::Text("/".into()));
            }
            is_first = false;
            match segment {
                GlobSegment::One(wildcard) => pieces.extend(wildcard.pieces().iter().cloned()),
                GlobSegment::Any => {
                    pieces.push(WildcardPiece::Run);
                    // `**/` is also no segment.
                    is_first = true;
                }
            }
        }
    }
    joined(pieces)
}

/// Returns the regex of a glob.
fn regex_of(glob: &Glob) -> String {
    let piece = |piece: &WildcardPiece| match piece {
        WildcardPiece::One => "[^/:]".to_owned(),
        WildcardPiece::Run => "[^/:]*".to_owned(),
        WildcardPiece::Text(text) => escape(text),
    };
    let field = |field: &[GlobSegment]| {
        let last = field.len().saturating_sub(1);
        let segment = |(number, segment): (usize, &GlobSegment)| match segment {
            GlobSegment::Any if number == last => "[^/:]+(?:/[^/:]+)*".to_owned(),
            GlobSegment::Any => "(?:[^/:]+/)*".to_owned(),
            GlobSegment::One(wildcard) => {
                let text: String = wildcard.pieces().iter().map(piece).collect();
                let end = if number == last { "" } else { "/" };
                // A whole segment is never empty.
                match wildcard.pieces() {
                    [WildcardPiece::Run] => format!("[^/:]+{end}"),
                    _ => text + end,
                }
            }
        };
        field.iter().enumerate().map(segment).collect::<String>()
    };
    glob.fields().map(field).collect::<Vec<_>>().join(":")
}

fn outlined(outline: Vec<OutlinePiece>) -> Vec<WildcardPiece> {
    let piece = |piece| match piece {
        OutlinePiece::Text(text) => WildcardPiece::Text(text.into()),
        _ => WildcardPiece::Run,
    };
    joined(outline.into_iter().map(piece))
}

/// Joins texts that are next to each other, and runs.
pub(super) fn joined(pieces: impl IntoIterator<Item = WildcardPiece>) -> Vec<WildcardPiece> {
    let mut all: Vec<WildcardPiece> = Vec::new();
    for piece in pieces {
        match (all.last_mut(), piece) {
            (Some(WildcardPiece::Text(before)), WildcardPiece::Text(text)) => {
                *before = format!("{before}{text}").into();
            }
            (Some(WildcardPiece::Run), WildcardPiece::Run) => {}
            (_, piece) => all.push(piece),
        }
    }
    all
}

pub(super) fn texts(literals: &Literals) -> Vec<String> {
    literals.iter().map(text).collect()
}

pub(super) fn text(literal: &Typed<'_>) -> String {
    match literal {
        Typed::Bool(value) => value.to_string(),
        Typed::Int(value) => value.to_string(),
        Typed::Text(text) => text.to_string(),
    }
}

/// Returns whether a wildcard has all texts of another one, as far as that is seen at once.
pub(super) fn has(wildcard: &[WildcardPiece], other: &[WildcardPiece]) -> bool {
    // A `*` of the other one can only be in a `*` of the first.
    let piece = |piece: &WildcardPiece| match piece {
        WildcardPiece::One | WildcardPiece::Run => '\u{0}'.to_string(),
        WildcardPiece::Text(text) => text.to_string(),
    };
    let other: String = other.iter().map(piece).collect();
    wildcard.iter().cloned().collect::<Wildcard>().accepts(&other)
}
