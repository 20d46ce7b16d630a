//! Examples of what comparisons accept, and of what they just do not.

use rolecall_engine::Scalar;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{Glob, GlobSegment, Pattern, Wildcard, WildcardPiece};

/// How many literals of one comparison are examples.
const MAX_LITERALS: usize = 8;

/// Values that a comparison writes, or that fit what it writes.
pub(super) fn of(question: &Question) -> Vec<String> {
    match question {
        Question::ContainsAll(literals) | Question::ContainsAny(literals) | Question::OneOf(literals) => {
            literals
                .iter()
                .take(MAX_LITERALS)
                .map(ToString::to_string)
                .collect()
        }
        Question::Only(literal) => vec![literal.to_string()],
        Question::Order(_, number) => {
            let near = [Some(*number), number.checked_sub(1), number.checked_add(1)];
            near.into_iter()
                .flatten()
                .map(|number| number.to_string())
                .collect()
        }
        Question::Pattern(patterns) => patterns.iter().take(MAX_LITERALS).flat_map(fitting).collect(),
        _ => Vec::new(),
    }
}

/// Values that fit a pattern.
fn fitting(pattern: &Pattern) -> Vec<String> {
    match pattern {
        Pattern::Glob(glob) => vec![of_glob(glob)],
        Pattern::Like(wildcard) => vec![of_wildcard(wildcard)],
        Pattern::Matches(regular) => regular.starts().map(str::to_owned).take(MAX_LITERALS).collect(),
        Pattern::Under(path) => vec![format!("{path}/web"), path.to_string()],
        _ => Vec::new(),
    }
}

fn of_wildcard(wildcard: &Wildcard) -> String {
    let pieces = wildcard.pieces().iter().map(|piece| match piece {
        WildcardPiece::One => "x",
        WildcardPiece::Run => "web",
        WildcardPiece::Text(text) => text,
    });
    pieces.collect()
}

fn of_glob(glob: &Glob) -> String {
    let fields = glob.fields().map(|field| {
        let segments = field.iter().map(|segment| match segment {
            GlobSegment::Any => "web".to_owned(),
            GlobSegment::One(wildcard) => of_wildcard(wildcard),
        });
        segments.collect::<Vec<String>>().join("/")
    });
    fields.collect::<Vec<String>>().join(":")
}

/// Values that a person may take for this one.
pub(super) fn near_misses(text: &str, scalar: &Scalar) -> Vec<String> {
    match scalar {
        Scalar::Path => {
            let evil = match text.split_once('/') {
                Some((group, rest)) => format!("{group}-evil/{rest}"),
                None => format!("{text}-evil"),
            };
            vec![evil, format!("{text}-x"), format!("mallory/{text}")]
        }
        Scalar::Ref | Scalar::Text => vec![format!("{text}-x"), format!("x-{text}")],
        Scalar::Id => vec![format!("{text}0"), "666".to_owned()],
        _ => Vec::new(),
    }
}

/// Values that are usual.
pub(super) fn usual(scalar: &Scalar) -> Vec<String> {
    match scalar {
        Scalar::Enum { values, .. } => values.clone(),
        Scalar::Path => vec!["acme/web".to_owned(), "acme".to_owned()],
        Scalar::Ref => vec!["main".to_owned(), "feature".to_owned()],
        Scalar::Id => vec!["42".to_owned()],
        Scalar::Text => vec!["production".to_owned(), "x".to_owned()],
        _ => Vec::new(),
    }
}
