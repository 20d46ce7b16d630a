//! Patterns accept the same values as plain second implementations.

use crate::support::plain::{self, glob, like};
use crate::support::sampling::{config, sampled};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rolecall_engine::pattern::{Affix, Glob, Pattern, Regulars, Wildcard};
use rolecall_syntax::Str;

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

/// Returns true if a value has one of the affixes of each way to look up a pattern, and its end.
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
        // A text that is not a glob is refused by the compiler.
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
        let expected = plain::under(path, &value);
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

    /// The regex library agrees, also where an automaton is shared or has many states at a time.
    #[test]
    fn regexes_mean_the_whole_value(regexes in vec(regex(), 1..4), values in vec(text(vec!["a", "b", "é", "/", ":", "1", "\n"], 14), 1..20)) {
        let mut regulars = Regulars::default();
        for regex in regexes {
            // A regex that is too large is refused by the compiler.
            let Ok(ours) = regulars.compile(&regex) else { continue };
            let theirs = plain::regex(&regex);
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
    let theirs = plain::regex(regex);
    for number in 0_u32..3_000 {
        let bits = number.wrapping_mul(2_654_435_761);
        let value: String = (0..24)
            .map(|bit| if bits >> bit & 1 == 0 { 'a' } else { 'b' })
            .collect();
        assert_eq!(ours.accepts(&value), theirs.is_match(&value), "{value}");
    }
}
