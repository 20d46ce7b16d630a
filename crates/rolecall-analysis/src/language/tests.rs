//! Languages agree with the engine on each pattern, type and filter, word by word.

use super::{LangId, Languages};
use crate::budget::Budget;
use crate::meter::Meter;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rolecall_engine::ir::{Formula, Order, Question};
use rolecall_engine::pattern::Pattern;
use rolecall_engine::{Filter, JsonForm, PathKind, PolicySet, Scalar, Source};

fn languages() -> Languages {
    Languages::new(Meter::new(Budget::default()))
}

/// The pattern of a comparison, as the engine compiles it; `None` if it refuses it.
fn pattern(operator: &str, text: &str) -> Option<Pattern> {
    let policy = format!(
        "profile p {{ claim text: text claim path: path }}
         issuer i {{ url \"https://i.example\" profile p audience \"x\" }}
         role r {{ allow from i when {operator} {text} }}"
    );
    let set = PolicySet::compile([Source::new("p", policy)]).ok()?;
    let clause = set.program().all_clauses().values().next()?;
    match &clause.condition {
        Formula::Atom(atom, _) => match &atom.question {
            Question::Pattern(patterns) => Some(patterns[0].clone()),
            _ => None,
        },
        _ => None,
    }
}

fn accepts(languages: &Languages, language: LangId, word: &str) -> bool {
    languages.dfa(language).accepts(word.as_bytes())
}

/// A text of these parts.
fn text(parts: Vec<&'static str>, most: usize) -> impl Strategy<Value = String> {
    vec(select(parts), 0..most).prop_map(|parts| parts.concat())
}

fn word() -> impl Strategy<Value = String> {
    text(
        vec![
            "a",
            "b",
            "é",
            "/",
            ":",
            "*",
            "\n",
            "//",
            "a/b",
            "\u{10ffff}",
            "\u{d7ff}",
            "\u{800}",
            "€",
            "\u{1f600}",
        ],
        8,
    )
}

fn any_pattern() -> impl Strategy<Value = (&'static str, String)> {
    let quoted = |text: String| format!("\"{text}\"");
    let like = text(vec!["a", "b", "é", "/", ":", "*", "?", "*", "\\\\*"], 9).prop_map(quoted);
    let glob = text(
        vec!["a", "b", "/", ":", "*", "?", "**/", "/**", "/**/", "**/*/**"],
        7,
    )
    .prop_map(quoted);
    let regex = text(
        vec![
            "a", "b", "é", "(a|b)", ".", ".*", "[^a]", r"\/", ":", r"\w+", r"\s", "(a|bb|)", "[a-b]{2}",
            "\\\\",
        ],
        6,
    );
    prop_oneof![
        like.prop_map(|like| ("text like", like)),
        glob.prop_map(|glob| ("text glob", glob)),
        select(vec!["a", "a/b"]).prop_map(|path| ("path under", format!("\"{path}\""))),
        regex.prop_map(|regex| ("text matches", format!("/{regex}/"))),
    ]
}

/// Words that are nearly of a type.
fn typed_word() -> impl Strategy<Value = String> {
    text(
        vec![
            "a", "b", "é", "/", ":", ".", "..", "@", "{", "@{", ".lock", ".loc", "k", " ", "~", "\\", "[",
            "?", "*", "\u{7f}", "\t", "1", "0", "-", "true", "false", "\n",
        ],
        6,
    )
}

fn number() -> impl Strategy<Value = i64> {
    let edges = select(vec![
        i64::MIN,
        i64::MIN + 1,
        -10,
        -9,
        -1,
        0,
        1,
        9,
        10,
        99,
        100,
        i64::MAX - 1,
        i64::MAX,
    ]);
    prop_oneof![edges, any::<i64>(), -200_i64..200]
}

/// The first and last bytes of each kind in UTF-8, and bytes that are never in it.
const EDGES_OF_UTF8: [u8; 27] = [
    0x00, 0x61, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed,
    0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xfe, 0xff,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn patterns((operator, text) in any_pattern(), words in vec(word(), 20)) {
        if let Some(pattern) = pattern(operator, &text) {
            let mut languages = languages();
            let language = languages.pattern(&pattern).expect("a small automaton");
            let not = languages.not(language).expect("a small automaton");
            for word in words {
                let expected = pattern.accepts(&word);
                prop_assert_eq!(accepts(&languages, language, &word), expected, "{:?} {:?}", pattern, word);
                prop_assert_eq!(accepts(&languages, not, &word), !expected, "{:?} {:?}", pattern, word);
            }
        }
    }

    #[test]
    fn types(word in typed_word()) {
        let mut languages = languages();
        let closed = Scalar::Enum { values: vec!["a".to_owned(), "ab".to_owned()].into(), open: false };
        let open = Scalar::Enum { values: vec!["a".to_owned()].into(), open: true };
        let ids = [JsonForm::Any, JsonForm::String].map(Scalar::Id);
        let paths = [
            PathKind::Any,
            PathKind::GithubRepository,
            PathKind::GitlabNamespace,
            PathKind::GitlabPath,
            PathKind::Spiffe,
        ];
        let others = [Scalar::Ref, Scalar::Text, closed, open];
        for scalar in ids.into_iter().chain(paths.map(Scalar::Path)).chain(others) {
            let domain = languages.domain(&scalar).expect("a small automaton");
            let expected = scalar.holds(&word);
            prop_assert_eq!(accepts(&languages, domain, &word), expected, "{:?} {:?}", scalar, word);
        }
    }

    #[test]
    fn text_is_what_strings_are(bytes in vec(select(EDGES_OF_UTF8.to_vec()), 0..6)) {
        let mut languages = languages();
        let text = languages.domain(&Scalar::Text).expect("a small automaton");
        prop_assert_eq!(languages.dfa(text).accepts(&bytes), std::str::from_utf8(&bytes).is_ok());
    }

    #[test]
    fn numbers(left in number(), right in number()) {
        let mut languages = languages();
        let domain = languages.domain(&Scalar::Int).expect("a small automaton");
        prop_assert!(accepts(&languages, domain, &left.to_string()));
        for order in [Order::Greater, Order::GreaterEqual, Order::Less, Order::LessEqual] {
            let language = languages.order(order, right).expect("a small automaton");
            prop_assert_eq!(accepts(&languages, language, &left.to_string()), order.holds(left, right));
            for odd in ["", "-", "00", "-0", "01", "1a", "+1"] {
                prop_assert!(!accepts(&languages, language, odd));
            }
        }
        for beyond in ["9223372036854775808", "-9223372036854775809", "99999999999999999999"] {
            prop_assert!(!accepts(&languages, domain, beyond));
        }
    }

    #[test]
    fn filters((operator, text) in any_pattern(), value in word()) {
        let Some(pattern) = pattern(operator, &text) else { return Ok(()) };
        let mut languages = languages();
        let language = languages.pattern(&pattern).expect("a small automaton");
        let dfa = languages.dfa(language);
        let ends: Vec<u32> = dfa.reachable(0).into_iter().filter(|state| dfa.may_end(*state)).collect();
        for filter in [None, Some(Filter::ColonEncoded), Some(Filter::Name), Some(Filter::Parent)] {
            let filtered = languages.preimage(language, 0, &ends, filter).expect("a small automaton");
            let made = filter.map_or(Some(value.clone()), |filter| filter.apply(&value));
            let expected = made.is_some_and(|made| pattern.accepts(&made));
            let found = accepts(&languages, filtered, &value);
            prop_assert_eq!(found, expected, "{:?} {:?} {:?}", pattern, filter, value);
        }
    }

    /// Equal languages are one, however they were constructed.
    #[test]
    fn equal_languages_are_one((left, one) in any_pattern(), (right, other) in any_pattern()) {
        let (Some(left), Some(right)) = (pattern(left, &one), pattern(right, &other)) else { return Ok(()) };
        let mut languages = languages();
        let small = |language: Result<LangId, crate::Undecided>| language.expect("a small automaton");
        let (left, right) = (small(languages.pattern(&left)), small(languages.pattern(&right)));
        let (not_left, not_right) = (small(languages.not(left)), small(languages.not(right)));
        let neither = small(languages.both(not_left, not_right));
        let either = small(languages.not(neither));
        let (both, rest) = (small(languages.both(left, right)), small(languages.both(left, not_right)));
        let nothing = small(languages.both(left, not_left));
        prop_assert_eq!(small(languages.not(not_left)), left);
        prop_assert_eq!(small(languages.both(either, left)), left);
        prop_assert!(languages.dfa(nothing).is_empty());
        prop_assert_eq!(both == left, languages.dfa(rest).is_empty());
    }
}

/// Every character is text, and of other bytes those that differ in whatever could matter.
#[test]
fn texts_are_what_rust_takes_for_utf_8() {
    let mut languages = languages();
    let text = languages.domain(&Scalar::Text).expect("a small automaton");
    let dfa = languages.dfa(text);
    for c in '\0'..=char::MAX {
        assert!(dfa.accepts(c.encode_utf8(&mut [0; 4]).as_bytes()), "{c:?}");
    }
    let edges =
        b"\0\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xe1\xec\xed\xee\xef\xf0\xf1\xf3\xf4\xf5\xff";
    let mut words = vec![Vec::new()];
    for _ in 0..4 {
        let longer = words
            .iter()
            .flat_map(|word| edges.iter().map(move |byte| [word.as_slice(), &[*byte]].concat()));
        words = longer.collect();
        for word in &words {
            assert_eq!(dfa.accepts(word), std::str::from_utf8(word).is_ok(), "{word:x?}");
        }
    }
}

#[test]
fn marks_are_of_no_language() {
    let mut languages = languages();
    let typed = languages.comparable().expect("a small automaton");
    let nothing = languages.words::<&[u8]>([]).expect("a small automaton");
    assert_eq!(languages.not(nothing), Ok(typed));
    for mark in [super::ABSENT, super::ILL_TYPED, super::NULL] {
        assert!(!languages.dfa(typed).accepts(mark));
    }
}
