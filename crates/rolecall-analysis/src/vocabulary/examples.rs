//! Examples of values that comparisons accept, and of values that they nearly accept.

use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{Glob, GlobSegment, Pattern, Wildcard, WildcardPiece};
use rolecall_engine::{PathKind, Scalar};

/// The most literals of one comparison that become examples.
const MAX_LITERALS: usize = 8;

/// Returns values that are written in a comparison or fit its patterns.
pub(super) fn of(question: &Question, scalar: &Scalar) -> Vec<String> {
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
        Question::ContainsPattern(patterns) | Question::Pattern(patterns) => {
            let patterns = patterns.iter().take(MAX_LITERALS);
            patterns.flat_map(|pattern| fitting(pattern, scalar)).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns values that fit a pattern.
fn fitting(pattern: &Pattern, scalar: &Scalar) -> Vec<String> {
    match pattern {
        Pattern::Glob(glob) => vec![of_glob(glob)],
        Pattern::Like(wildcard) => vec![of_wildcard(wildcard, scalar)],
        Pattern::Matches(regular) => regular.starts().map(str::to_owned).take(MAX_LITERALS).collect(),
        Pattern::Under(path) => vec![format!("{path}/web"), path.to_string()],
        _ => Vec::new(),
    }
}

/// Returns a value that fits a wildcard. It shows where the wildcard accepts values that only have the same
/// start.
fn of_wildcard(wildcard: &Wildcard, scalar: &Scalar) -> String {
    let mut text = String::new();
    for piece in wildcard.pieces() {
        match piece {
            WildcardPiece::One => text.push('x'),
            WildcardPiece::Run if !text.ends_with(char::is_alphanumeric) => text.push_str("web"),
            WildcardPiece::Run if scalar.is_path() => text.push_str("-evil/web"),
            WildcardPiece::Run => text.push_str("-x"),
            WildcardPiece::Text(literal) => text.push_str(literal),
        }
    }
    text
}

/// Returns a value that fits a path wildcard.
fn of_glob(glob: &Glob) -> String {
    let fields = glob.fields().map(|field| {
        let segments = field.iter().map(|segment| match segment {
            GlobSegment::Any => "web".to_owned(),
            GlobSegment::One(wildcard) => of_wildcard(wildcard, &Scalar::Text),
        });
        segments.collect::<Vec<String>>().join("/")
    });
    fields.collect::<Vec<String>>().join(":")
}

/// Returns values that can be mistaken for this one.
pub(super) fn near_misses(text: &str, scalar: &Scalar) -> Vec<String> {
    match scalar {
        Scalar::Path(_) => {
            let evil = match text.split_once('/') {
                Some((group, rest)) => format!("{group}-evil/{rest}"),
                None => format!("{text}-evil"),
            };
            vec![evil, format!("{text}-x"), format!("mallory/{text}")]
        }
        Scalar::Ref | Scalar::Text => vec![format!("{text}-x"), format!("x-{text}")],
        Scalar::Id(_) => vec![format!("{text}0"), "666".to_owned()],
        _ => Vec::new(),
    }
}

/// Returns common values of a type.
pub(super) fn usual(scalar: &Scalar) -> Vec<String> {
    match scalar {
        Scalar::Enum { values, .. } => values.to_vec(),
        Scalar::Path(PathKind::Spiffe) => vec!["spiffe://acme/web".to_owned()],
        Scalar::Path(_) => vec!["acme/web".to_owned(), "acme".to_owned()],
        Scalar::Ref => vec!["main".to_owned(), "feature".to_owned()],
        Scalar::Id(_) => vec!["42".to_owned()],
        Scalar::Text => vec!["production".to_owned(), "x".to_owned()],
        _ => Vec::new(),
    }
}
