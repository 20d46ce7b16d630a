//! Examples of values that comparisons accept, and of values that they nearly accept.

use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{Glob, GlobSegment, Pattern, Wildcard, WildcardPiece};
use rolecall_engine::{PathKind, Scalar};

/// The most literals of one comparison that become examples.
const MAX_LITERALS: usize = 8;

/// The segments of [`usual`] values and of [`near_misses`], other than those of the value that is missed.
const INVENTED: [&str; 10] = [
    "42",
    "666",
    "acme",
    "feature",
    "main",
    "mallory",
    "production",
    "spiffe",
    "web",
    "x",
];

/// Returns whether values that are written nowhere have a segment.
pub(crate) fn is_invented(segment: &str) -> bool {
    INVENTED.contains(&segment)
}

/// A value that a comparison accepts.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub(super) text: String,
    /// A value that fits the same pattern and that the pattern's author thought of.
    pub(super) natural: Option<String>,
}

impl Example {
    /// Creates the example of a value that is written in the policies.
    pub(super) fn written(text: &(impl ToString + ?Sized)) -> Self {
        Self {
            text: text.to_string(),
            natural: None,
        }
    }

    /// Returns its texts.
    pub(super) fn texts(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.text).chain(&self.natural)
    }
}

/// The kind of value for a wildcard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// A value that the author of the wildcard thought of.
    Natural,
    /// A value that shows where the wildcard accepts values that only have the same start.
    Surprising,
}

/// Returns values that are written in a comparison or fit its patterns.
pub(super) fn of(question: &Question, scalar: &Scalar) -> Vec<Example> {
    match question {
        Question::ContainsAll(literals) | Question::ContainsAny(literals) | Question::OneOf(literals) => {
            literals.iter().take(MAX_LITERALS).map(Example::written).collect()
        }
        Question::Only(literal) => vec![Example::written(literal)],
        Question::Order(_, number) => {
            let near = [Some(*number), number.checked_sub(1), number.checked_add(1)];
            near.iter().flatten().map(Example::written).collect()
        }
        Question::ContainsPattern(patterns) | Question::Pattern(patterns) => {
            let patterns = patterns.iter().take(MAX_LITERALS);
            patterns.flat_map(|pattern| fitting(pattern, scalar)).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns values that fit a pattern.
fn fitting(pattern: &Pattern, scalar: &Scalar) -> Vec<Example> {
    let both = |text: &dyn Fn(Style) -> String| {
        vec![Example {
            text: text(Style::Surprising),
            natural: Some(text(Style::Natural)),
        }]
    };
    match pattern {
        Pattern::Glob(glob) => both(&|style| of_glob(glob, style)),
        Pattern::Like(wildcard) => both(&|style| of_wildcard(wildcard, scalar, style)),
        Pattern::Matches(regular) => regular
            .starts()
            .map(Example::written)
            .take(MAX_LITERALS)
            .collect(),
        Pattern::Under(path) => vec![Example::written(&format!("{path}/web")), Example::written(path)],
        _ => Vec::new(),
    }
}

/// Returns a value that fits a wildcard.
fn of_wildcard(wildcard: &Wildcard, scalar: &Scalar, style: Style) -> String {
    let mut text = String::new();
    for piece in wildcard.pieces() {
        let added = match piece {
            WildcardPiece::One => "x",
            WildcardPiece::Run if style == Style::Natural => natural_end(&text, scalar),
            WildcardPiece::Run if !text.ends_with(char::is_alphanumeric) => "web",
            WildcardPiece::Run if scalar.is_path() => "-evil/web",
            WildcardPiece::Run => "-x",
            WildcardPiece::Text(literal) => literal,
        };
        text.push_str(added);
    }
    text
}

/// Returns the text for a `*` after some text, such as the version of a tag.
fn natural_end(text: &str, scalar: &Scalar) -> &'static str {
    if text.ends_with("refs/heads/") || (text.is_empty() && *scalar == Scalar::Ref) {
        return "main";
    }
    if text.ends_with("refs/tags/") {
        return "v1.0.0";
    }
    let before_v = text.strip_suffix('v');
    if before_v.is_some_and(|before| !before.ends_with(char::is_alphanumeric)) {
        return "1.0.0";
    }
    match text.ends_with(char::is_alphanumeric) {
        true if scalar.is_path() => "/web",
        true => "-1",
        false => "web",
    }
}

/// Returns a value that fits a path wildcard.
fn of_glob(glob: &Glob, style: Style) -> String {
    let fields = glob.fields().map(|field| {
        let segments = field.iter().map(|segment| match segment {
            GlobSegment::Any => "web".to_owned(),
            GlobSegment::One(wildcard) => of_wildcard(wildcard, &Scalar::Text, style),
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

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall_engine::JsonForm;

    #[test]
    fn invented_values_have_invented_segments() {
        let id = Scalar::Id(JsonForm::String);
        let scalars = [
            Scalar::Path(PathKind::Spiffe),
            Scalar::Path(PathKind::GitlabPath),
            Scalar::Ref,
            id,
            Scalar::Text,
        ];
        for scalar in scalars {
            let missed = near_misses("a/b", &scalar);
            for value in usual(&scalar).iter().chain(&missed) {
                let mut segments = value.split([':', '/']).filter(|segment| !segment.is_empty());
                assert!(
                    segments.all(|segment| is_invented(segment) || segment.contains(['a', 'b'])),
                    "{value}"
                );
            }
        }
    }
}
