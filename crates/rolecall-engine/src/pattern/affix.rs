//! Affixes: the texts that all values of a pattern begin or end with. The index looks up patterns by them.

use super::{Glob, Pattern, Wildcard, WildcardPiece};
use std::borrow::Cow;

/// A part of a text that is cut at each `/` and `:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Affix<'p> {
    /// Each value ends with this text, which is preceded by a cut or by nothing.
    End(Cow<'p, str>),
    /// Each value begins with this text, which is followed by a cut or by nothing.
    Start(Cow<'p, str>),
    /// The only value.
    Whole(Cow<'p, str>),
}

impl Pattern {
    /// Returns the ways to look up the pattern. Every accepted value has one of the affixes of each way.
    pub(crate) fn affixes(&self) -> Vec<Vec<Affix<'_>>> {
        match self {
            Self::Glob(glob) => of_glob(glob),
            Self::Like(wildcard) => of_wildcard(wildcard),
            Self::Matches(regular) => {
                let starts = regular
                    .starts()
                    .map(|start| Some(Affix::Start(Cow::Borrowed(whole_segments(start)?))));
                starts.collect::<Option<_>>().into_iter().collect()
            }
            Self::Under(path) => vec![vec![Affix::Start(Cow::Borrowed(path))]],
        }
    }
}

impl Pattern {
    /// Returns a text that each value ends with, if there is one.
    pub(crate) fn end(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Glob(glob) => {
                let end = glob_end(glob);
                (!end.is_empty()).then_some(Cow::Owned(end))
            }
            Self::Like(wildcard) => match wildcard.pieces().last() {
                Some(WildcardPiece::Text(text)) => Some(Cow::Borrowed(text)),
                _ => None,
            },
            Self::Matches(_) | Self::Under(_) => None,
        }
    }
}

fn of_wildcard(wildcard: &Wildcard) -> Vec<Vec<Affix<'_>>> {
    let mut ways = Vec::new();
    match wildcard.pieces() {
        [WildcardPiece::Text(text)] => ways.push(vec![Affix::Whole(Cow::Borrowed(text))]),
        pieces => {
            if let Some(WildcardPiece::Text(text)) = pieces.first() {
                ways.extend(whole_segments(text).map(|start| vec![Affix::Start(Cow::Borrowed(start))]));
            }
            if let Some(WildcardPiece::Text(text)) = pieces.last()
                && let Some((_, end)) = text.split_once(['/', ':'])
                && !end.is_empty()
            {
                ways.push(vec![Affix::End(Cow::Borrowed(end))]);
            }
        }
    }
    ways
}

/// Returns true if a text is looked up by this start of it.
pub(super) fn is_start(text: &str, start: &str) -> bool {
    text.rsplit_once(['/', ':'])
        .is_some_and(|(segments, _)| segments == start)
}

/// Returns the text before its last cut.
fn whole_segments(text: &str) -> Option<&str> {
    let (segments, _) = text.rsplit_once(['/', ':'])?;
    (!segments.is_empty()).then_some(segments)
}

fn of_glob(glob: &Glob) -> Vec<Vec<Affix<'_>>> {
    let (start, is_whole) = glob_start(glob);
    if is_whole {
        return vec![vec![Affix::Whole(Cow::Owned(start))]];
    }
    let end = glob_end(glob);
    let mut ways = Vec::new();
    if !start.is_empty() {
        ways.push(vec![Affix::Start(Cow::Owned(start))]);
    }
    if !end.is_empty() {
        ways.push(vec![Affix::End(Cow::Owned(end))]);
    }
    ways
}

/// Returns the segments that each value begins with, and whether those are all.
fn glob_start(glob: &Glob) -> (String, bool) {
    let mut start = String::new();
    for (place, field) in glob.fields().enumerate() {
        for (inside, segment) in field.iter().enumerate() {
            let Some(text) = segment.literal() else {
                return (start, false);
            };
            match (place, inside) {
                (0, 0) => {}
                (_, 0) => start.push(':'),
                _ => start.push('/'),
            }
            start.push_str(text);
        }
    }
    (start, true)
}

/// Returns the segments that each value ends with.
fn glob_end(glob: &Glob) -> String {
    let mut end = String::new();
    for (place, field) in glob.fields().rev().enumerate() {
        for (inside, segment) in field.iter().rev().enumerate() {
            let Some(text) = segment.literal() else {
                return end;
            };
            let cut = match (place, inside) {
                (0, 0) => "",
                (_, 0) => ":",
                _ => "/",
            };
            end = format!("{text}{cut}{end}");
        }
    }
    end
}

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test may panic"
)]
mod tests {
    use super::Affix;
    use crate::pattern::{Glob, Pattern, Regulars, Wildcard};
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use rolecall_syntax::Str;

    /// Returns true if a value has one of the affixes of each way to look up a pattern, and its end.
    fn is_found(pattern: &Pattern, value: &str) -> bool {
        let cut_at = |offset: usize| offset == value.len() || value[offset..].starts_with(['/', ':']);
        let has = |affix: &Affix<'_>| match affix {
            Affix::Whole(text) => value == text,
            Affix::Start(text) => value.starts_with(&**text) && cut_at(text.len()),
            Affix::End(text) => {
                value.ends_with(&**text)
                    && (value == text || value[..value.len() - text.len()].ends_with(['/', ':']))
            }
        };
        pattern.affixes().iter().all(|way| way.iter().any(has))
            && pattern.end().is_none_or(|end| value.ends_with(&*end))
    }

    fn text(parts: &[&'static str], most: usize) -> impl Strategy<Value = String> {
        vec(select(parts.to_vec()), 0..most).prop_map(|parts| parts.concat())
    }

    fn pattern() -> impl Strategy<Value = Pattern> {
        let string = |text: &str| Str::new(text).unwrap();
        let like = text(&["a", "b", "é", "/", ":", "*", "?", "*"], 9);
        let glob = text(&["a", "b", "/", "/", ":", "*", "?", "**/", "/**", "/**/"], 7);
        let regex = text(
            &[
                "a", "b", "é", "/", ":", ".", "[ab]", "(a|b/)", "(a|)", "b*", "(?:/|:)+", "a/b",
            ],
            7,
        );
        prop_oneof![
            like.prop_map(move |text| Pattern::Like(Wildcard::new(&string(&text)))),
            glob.prop_filter_map("a glob", move |text| Some(Pattern::Glob(
                Glob::new(&string(&text)).ok()?
            ))),
            regex.prop_map(|text| Pattern::Matches(Regulars::default().compile(&text).unwrap())),
            select(vec!["a", "a/b", "b"]).prop_map(|path| Pattern::Under(path.into())),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 20_000,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn accepted_values_have_the_affixes(
            pattern in pattern(),
            values in vec(text(&["a", "b", "é", "/", ":"], 9), 1..20),
        ) {
            for value in &values {
                let is_right = !pattern.accepts(value) || is_found(&pattern, value);
                prop_assert!(is_right, "{:?} {:?}", pattern, value);
            }
        }
    }
}
