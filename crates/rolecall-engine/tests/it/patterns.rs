//! Patterns accept what the language says, held against slow and obvious readings of them.

use crate::support::sampling::{config, sampled};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rolecall_engine::pattern::{Affix, Glob, Pattern, Regulars, Wildcard};
use rolecall_syntax::Str;

/// Whether characters fit a flat wildcard: each `*` is tried with each number of characters.
fn like(pattern: &[char], value: &[char]) -> bool {
    match pattern {
        [] => value.is_empty(),
        ['*', rest @ ..] => (0..=value.len()).any(|taken| like(rest, &value[taken..])),
        ['?', rest @ ..] => !value.is_empty() && like(rest, &value[1..]),
        [c, rest @ ..] => value.first() == Some(c) && like(rest, &value[1..]),
    }
}

/// Whether segments fit a glob: each `**` is tried with each number of segments.
fn segments(pattern: &[&str], value: &[&str]) -> bool {
    match pattern {
        [] => value.is_empty(),
        ["**"] => !value.is_empty() && value.iter().all(|segment| !segment.is_empty()),
        ["**", rest @ ..] => (0..=value.len())
            .take_while(|taken| value[..*taken].iter().all(|segment| !segment.is_empty()))
            .any(|taken| segments(rest, &value[taken..])),
        [segment, rest @ ..] => {
            let [segment, first] =
                [Some(segment), value.first()].map(|text| text.map(|text| text.chars().collect::<Vec<_>>()));
            first.is_some_and(|first| like(&segment.unwrap_or_default(), &first))
                && segments(rest, &value[1..])
        }
    }
}

fn glob(pattern: &str, value: &str) -> bool {
    let fields: Vec<&str> = pattern.split(':').collect();
    let values: Vec<&str> = value.split(':').collect();
    let parts = |text: &'_ str| -> Vec<String> { text.split('/').map(str::to_owned).collect() };
    fields.len() == values.len()
        && fields.iter().zip(values).all(|(field, value)| {
            let (field, value) = (parts(field), parts(value));
            let field: Vec<&str> = field.iter().map(String::as_str).collect();
            segments(&field, &value.iter().map(String::as_str).collect::<Vec<_>>())
        })
}

/// `**` takes no empty segment, so that it matters which of several takes what.
#[test]
fn globs_find_a_way_around_empty_segments() {
    for (pattern, value, fits) in [
        ("/**/*/**//", "/a///", true),
        ("**/*/**/b", "a//b", true),
        ("**/*/**/b", "a//c", false),
        ("**", "a//b", false),
        ("a/**", "a/", false),
    ] {
        let compiled = Glob::new(&Str::new(pattern).expect("a string")).expect("a glob");
        assert_eq!(compiled.accepts(value), fits, "{pattern} {value}");
        assert_eq!(glob(pattern, value), fits, "{pattern} {value}");
    }
    // More segments than a word has bits.
    let long = "a/".repeat(100) + "b";
    for (pattern, fits) in [
        ("a/".repeat(100) + "*", true),
        ("*/".repeat(99) + "**", true),
        ("a/".repeat(99) + "b", false),
    ] {
        let compiled = Glob::new(&Str::new(&pattern).expect("a string")).expect("a glob");
        assert_eq!(compiled.accepts(&long), fits, "{pattern}");
    }
}

/// A text of these parts.
fn text(parts: Vec<&'static str>, most: usize) -> impl Strategy<Value = String> {
    vec(select(parts), 0..most).prop_map(|parts| parts.concat())
}

/// Whether the value has one of the affixes of each way to look a pattern up, and its end.
fn is_found(pattern: &Pattern, value: &str) -> bool {
    let cut_at = |place: usize| place == value.len() || value[place..].starts_with(['/', ':']);
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

proptest! {
    #![proptest_config(config(sampled(20_000)))]

    #[test]
    fn like_is_any_run(pattern in text(vec!["a", "b", "é", "/", ":", "*", "?", "*"], 9), value in text(vec!["a", "b", "é", "/", ":"], 9)) {
        let wildcard = Wildcard::new(&Str::new(&pattern).expect("a string"));
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let expected = like(&chars(&pattern), &chars(&value));
        prop_assert_eq!(wildcard.accepts(&value), expected);
        prop_assert_eq!(wildcard.to_string(), pattern.clone());
        prop_assert!(!expected || is_found(&Pattern::Like(wildcard), &value));
    }

    #[test]
    fn glob_is_whole_segments(pattern in text(vec!["a", "b", "/", "/", ":", "*", "?", "**/", "/**", "/**/", "**/*/**"], 7), value in text(vec!["a", "b", "/", "/", ":"], 9)) {
        // What is no glob is refused when it is written.
        if let Ok(compiled) = Glob::new(&Str::new(&pattern).expect("a string")) {
            let expected = glob(&pattern, &value);
            prop_assert_eq!(compiled.accepts(&value), expected, "{:?}", compiled);
            prop_assert_eq!(compiled.to_string(), pattern.clone());
            prop_assert!(!expected || is_found(&Pattern::Glob(compiled), &value));
        }
    }

    #[test]
    fn under_is_at_or_below(path in select(vec!["a", "a/b", "b"]), value in text(vec!["a", "b", "/", "-"], 6)) {
        let under = Pattern::Under(path.into());
        let expected = value == path || value.starts_with(&format!("{path}/"));
        prop_assert_eq!(under.accepts(&value), expected);
        prop_assert!(!expected || is_found(&under, &value));
    }
}

/// Regexes over a few letters, some of them with very many states.
fn regex() -> impl Strategy<Value = String> {
    let leaf = select(vec![
        "a",
        "b",
        "é",
        "/",
        ":",
        ".",
        "[ab]",
        "[^a]",
        r"\w",
        r"\d",
        "ab",
        "a/b",
        "(?:a|b|/)",
    ]);
    let leaf = leaf.prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            vec(inner.clone(), 1..4).prop_map(|parts| format!("({})", parts.join("|"))),
            (inner, select(vec!["*", "+", "?", "{2}", "{1,3}", "{12}"]))
                .prop_map(|(part, many)| format!("({part}){many}")),
        ]
    })
}

proptest! {
    #![proptest_config(config(sampled(3_000)))]

    /// The library of regexes says the same, also where an automaton is shared, or has many states at a time.
    #[test]
    fn regexes_mean_the_whole_value(regexes in vec(regex(), 1..4), values in vec(text(vec!["a", "b", "é", "/", ":", "1", "\n"], 14), 1..20)) {
        let mut regulars = Regulars::default();
        for regex in regexes {
            // What is too large is refused when it is written.
            let Ok(ours) = regulars.compile(&regex) else { continue };
            let ascii = regex.replace(r"\w", "[0-9A-Za-z_]").replace(r"\d", "[0-9]");
            let theirs = regex::Regex::new(&format!(r"\A(?:{ascii})\z")).expect("a regex");
            for value in &values {
                let expected = theirs.is_match(value);
                prop_assert_eq!(ours.accepts(value), expected, "/{}/ {:?}", regex, value);
                prop_assert!(!expected || is_found(&Pattern::Matches(ours.clone()), value));
            }
        }
    }
}

#[test]
fn regexes_with_too_many_states_for_a_table_accept_the_same() {
    let regex = "(a|b)*a(a|b){16}";
    let ours = Regulars::default().compile(regex).expect("a regex");
    let theirs = regex::Regex::new(&format!(r"\A(?:{regex})\z")).expect("a regex");
    for number in 0_u32..3_000 {
        let bits = number.wrapping_mul(2_654_435_761);
        let value: String = (0..24)
            .map(|bit| if bits >> bit & 1 == 0 { 'a' } else { 'b' })
            .collect();
        assert_eq!(ours.accepts(&value), theirs.is_match(&value), "{value}");
    }
}
