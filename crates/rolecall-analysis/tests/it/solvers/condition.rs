//! Conditions and templates as trees, from which both the policy and the formula for solvers are written.

use crate::support::patterns::{Pattern, Piece, path_pattern, text_pattern};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A condition.
#[derive(Clone, Debug)]
pub enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Is(Comparison),
    Not(Box<Self>),
}

/// A comparison with a claim.
#[derive(Clone, Debug)]
pub enum Comparison {
    /// One of the elements, or each of these, is in the list.
    Contains {
        claim: &'static str,
        all: bool,
        words: Vec<&'static str>,
    },
    /// An element of `l` fits this one of `elements`.
    ContainsPattern(usize),
    /// The text of the claim is one of these; the claim is none if it is not `wanted`.
    Equals {
        claim: &'static str,
        words: Vec<&'static str>,
        wanted: bool,
    },
    /// A condition on the request, which no token decides.
    External(&'static str),
    /// The claim is the text of a template, or another text.
    Filled {
        claim: &'static str,
        parts: Vec<Part>,
        wanted: bool,
    },
    /// The bool is true.
    Flag(&'static str),
    Fits {
        claim: &'static str,
        pattern: Pattern,
    },
    Has(&'static str),
    /// The claim is null.
    Null(&'static str),
    /// A number stands in an order to another one.
    Order {
        claim: &'static str,
        operator: &'static str,
        number: i64,
    },
    /// Two claims are equal, or differ.
    Same {
        left: &'static str,
        right: &'static str,
        wanted: bool,
    },
}

/// A part of a template.
#[derive(Clone, Debug)]
pub enum Part {
    Claim(&'static str, Filter),
    Optional(Vec<Self>),
    Text(&'static str),
}

/// What becomes of a claim in a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    ColonEncoded,
    Name,
    None,
    Parent,
}

/// How `sub` may be made, and when.
#[derive(Clone, Debug)]
pub struct Derivation {
    pub parts: Vec<Part>,
    pub when: Option<Condition>,
}

/// The patterns for elements of lists.
pub fn elements() -> Vec<Pattern> {
    let like = |pieces: &[Piece]| Pattern::Like(pieces.to_vec());
    vec![
        like(&[Piece::Text("a"), Piece::Run]),
        like(&[Piece::Run, Piece::Text("b")]),
        like(&[Piece::One]),
        like(&[Piece::Text("a"), Piece::One, Piece::Text("b")]),
    ]
}

/// The texts that a claim is compared with, of other claims.
fn filled() -> impl Strategy<Value = Vec<Part>> {
    let claim = |name, filter| Part::Claim(name, filter);
    select(vec![
        vec![
            claim("p", Filter::None),
            Part::Text(":"),
            claim("e", Filter::None),
        ],
        vec![claim("e", Filter::None)],
        vec![
            claim("p", Filter::Parent),
            Part::Text("-"),
            claim("i", Filter::None),
        ],
        vec![Part::Text("a/"), claim("p", Filter::Name)],
        vec![claim("e", Filter::ColonEncoded), claim("k", Filter::None)],
    ])
}

/// A pattern that ids and enums take.
fn like_or_regex() -> impl Strategy<Value = Pattern> {
    text_pattern().prop_filter("ids and enums take no globs", |pattern| {
        !matches!(pattern, Pattern::Glob(_))
    })
}

fn comparison() -> impl Strategy<Value = Comparison> {
    let words = |words: Vec<&'static str>, most| vec(select(words), 1..most);
    let small = || words(vec!["a", "b", "a/b", "b/a", "a/b/a"], 3);
    let subs = words(
        vec![
            "a",
            "a:b",
            "p:a",
            "p:a/b:r:b",
            "p:a:r:a",
            "a/b/a",
            "ab",
            "p:a:e:b",
            "n:-5:a",
            "n:7:b",
            "i:07:true",
            "a:a",
        ],
        3,
    );
    let equals = |claim, words, wanted| Comparison::Equals { claim, words, wanted };
    prop_oneof![
        2 => (select(vec!["p", "r", "e", "parent"]), small(), any::<bool>())
            .prop_map(move |(claim, words, wanted)| equals(claim, words, wanted)),
        2 => (subs, any::<bool>()).prop_map(move |(words, wanted)| equals("sub", words, wanted)),
        4 => text_pattern().prop_map(|pattern| Comparison::Fits { claim: "sub", pattern }),
        3 => (select(vec!["r", "e"]), text_pattern()).prop_map(|(claim, pattern)| Comparison::Fits { claim, pattern }),
        3 => (select(vec!["p", "parent"]), path_pattern()).prop_map(|(claim, pattern)| Comparison::Fits { claim, pattern }),
        1 => (words(vec!["a", "b"], 3), any::<bool>()).prop_map(move |(words, wanted)| equals("k", words, wanted)),
        1 => (words(vec!["0", "7", "07"], 3), any::<bool>()).prop_map(move |(words, wanted)| equals("i", words, wanted)),
        2 => (select(vec!["n", "m"]), select(vec!["<", "<=", ">", ">=", "==", "!="]), select(vec![-5, -1, 0, 7, 10]))
            .prop_map(|(claim, operator, number)| Comparison::Order { claim, operator, number }),
        1 => select(vec!["p", "r", "e", "b", "k", "n", "i", "l", "sub", "parent"]).prop_map(Comparison::Has),
        1 => Just(Comparison::Flag("b")),
        1 => (any::<bool>(), words(vec!["a", "b", "c"], 3))
            .prop_map(|(all, words)| Comparison::Contains { claim: "l", all, words }),
        1 => (any::<bool>(), words(vec!["x", "y", "z"], 3))
            .prop_map(|(all, words)| Comparison::Contains { claim: "aud", all, words }),
        1 => (0..elements().len()).prop_map(Comparison::ContainsPattern),
        1 => select(vec!["address", "network"]).prop_map(Comparison::External),
        2 => (filled(), any::<bool>()).prop_map(|(parts, wanted)| Comparison::Filled { claim: "x", parts, wanted }),
        1 => select(vec!["x", "x", "g"]).prop_map(Comparison::Has),
        1 => Just(Comparison::Null("x")),
        2 => (select(vec!["g", "x"]), text_pattern()).prop_map(|(claim, pattern)| Comparison::Fits { claim, pattern }),
        1 => (select(vec!["i", "k"]), like_or_regex()).prop_map(|(claim, pattern)| Comparison::Fits { claim, pattern }),
        1 => (words(vec!["a/b", "b/a.b"], 2), any::<bool>()).prop_map(move |(words, wanted)| equals("g", words, wanted)),
        1 => (select(vec![("p", "r"), ("r", "e"), ("e", "p"), ("k", "e"), ("n", "m"), ("e", "f")]), any::<bool>())
            .prop_map(|((left, right), wanted)| Comparison::Same { left, right, wanted }),
    ]
}

/// A condition of some comparisons.
pub fn condition() -> impl Strategy<Value = Condition> {
    comparison()
        .prop_map(Condition::Is)
        .prop_recursive(3, 6, 3, |inner| {
            prop_oneof![
                3 => vec(inner.clone(), 2..4).prop_map(Condition::All),
                2 => vec(inner.clone(), 2..4).prop_map(Condition::Any),
                2 => inner.prop_map(|part| Condition::Not(Box::new(part))),
            ]
        })
}

/// Ways to make `sub`: with cuts, without any, twice, filtered, with optional parts, with conditions, of another derived claim.
pub fn layouts() -> Vec<Vec<Derivation>> {
    let claim = |name| Part::Claim(name, Filter::None);
    let text = Part::Text;
    let optional = |before, part| Part::Optional(vec![Part::Text(before), part]);
    let always = |parts| Derivation { parts, when: None };
    let when = |parts, condition| Derivation {
        parts,
        when: Some(condition),
    };
    let encoded = || Part::Claim("e", Filter::ColonEncoded);
    let has = |claim| Condition::Is(Comparison::Has(claim));
    vec![
        vec![always(vec![text("p:"), claim("p"), text(":r:"), claim("r")])],
        vec![always(vec![claim("p"), claim("r")])],
        vec![always(vec![
            claim("r"),
            text("/"),
            claim("p"),
            text("/"),
            claim("r"),
        ])],
        vec![
            always(vec![text("p:"), claim("p"), text(":r:"), claim("r")]),
            when(vec![text("p:"), claim("p")], Condition::Not(Box::new(has("r")))),
        ],
        vec![always(vec![
            text("p:"),
            claim("p"),
            optional(":r:", claim("r")),
            optional(":e:", encoded()),
        ])],
        vec![always(vec![
            Part::Claim("p", Filter::Parent),
            text(":"),
            Part::Claim("p", Filter::Name),
            optional(":", claim("e")),
        ])],
        vec![
            when(vec![encoded(), claim("e")], Condition::Is(Comparison::Flag("b"))),
            when(vec![claim("parent"), text(":"), claim("r")], has("k")),
        ],
        vec![
            always(vec![text("n:"), claim("n"), text(":"), claim("k")]),
            always(vec![text("i:"), claim("i"), text(":"), claim("b")]),
        ],
    ]
}
