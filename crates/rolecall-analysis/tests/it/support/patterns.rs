//! Patterns as trees: written as a policy has them, and said once more as what they mean by the description of the language.

use super::regex::Regex;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A pattern, and the claim types that it can be asked of.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Fields between `:`, each of segments between `/`.
    Glob(Vec<Vec<Segment>>),
    Like(Vec<Piece>),
    Matches(Regular),
    Under(&'static str),
}

#[derive(Clone, Debug)]
pub enum Segment {
    /// `**`
    Any,
    One(Vec<Piece>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// `?`
    One,
    /// `*`
    Run,
    Text(&'static str),
}

/// What stands after `matches`.
#[derive(Clone, Debug)]
pub enum Regular {
    Dot,
    Either(Vec<Self>),
    NoneOf(&'static str),
    OneOf(&'static str),
    Optional(Box<Self>),
    Row(Vec<Self>),
    Star(Box<Self>),
    Text(&'static str),
    /// `\w`
    Word,
}

impl Pattern {
    /// As a policy has it, with its operator.
    pub fn written(&self) -> String {
        match self {
            Self::Glob(fields) => {
                let segment = |segment: &Segment| match segment {
                    Segment::Any => "**".to_owned(),
                    Segment::One(pieces) => written(pieces),
                };
                let field = |field: &Vec<Segment>| field.iter().map(segment).collect::<Vec<_>>().join("/");
                let fields: Vec<String> = fields.iter().map(field).collect();
                format!("glob \"{}\"", fields.join(":"))
            }
            Self::Like(pieces) => format!("like \"{}\"", written(pieces)),
            Self::Matches(regular) => format!("matches /{}/", regular.written()),
            Self::Under(path) => format!("under \"{path}\""),
        }
    }

    /// What it accepts.
    pub fn regex(&self) -> Regex {
        match self {
            Self::Glob(fields) => {
                let mut row = Vec::new();
                for (place, field) in fields.iter().enumerate() {
                    if place > 0 {
                        row.push(Regex::text(":"));
                    }
                    row.push(segments(field));
                }
                Regex::Concat(row)
            }
            Self::Like(pieces) => accepted(pieces, &Regex::any()),
            Self::Matches(regular) => regular.regex(),
            Self::Under(path) => Regex::text(path).then(Regex::text("/").then(Regex::all()).optional()),
        }
    }
}

fn written(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::One => "?".to_owned(),
        Piece::Run => "*".to_owned(),
        Piece::Text(text) => text.replace('*', "\\*").replace('?', "\\?"),
    };
    pieces.iter().map(piece).collect()
}

/// What pieces accept whose wildcards stand for such characters.
fn accepted(pieces: &[Piece], character: &Regex) -> Regex {
    let piece = |piece: &Piece| match piece {
        Piece::One => character.clone(),
        Piece::Run => character.clone().star(),
        Piece::Text(text) => Regex::text(text),
    };
    Regex::Concat(pieces.iter().map(piece).collect())
}

/// `**/x` and `a/**/x`: any number of whole segments, none too; `x/**` and `**`: at least one.
fn segments(field: &[Segment]) -> Regex {
    let character = Regex::none_of("/:");
    let whole = character.clone().plus();
    match field {
        [] => Regex::text(""),
        [Segment::Any] => whole.clone().then(Regex::text("/").then(whole).star()),
        [Segment::Any, rest @ ..] => whole.then(Regex::text("/")).star().then(segments(rest)),
        [Segment::One(pieces)] => accepted(pieces, &character),
        [Segment::One(pieces), rest @ ..] => accepted(pieces, &character)
            .then(Regex::text("/"))
            .then(segments(rest)),
    }
}

impl Regular {
    fn written(&self) -> String {
        let all = |parts: &[Self]| parts.iter().map(Self::written).collect::<Vec<_>>();
        match self {
            Self::Dot => ".".to_owned(),
            Self::Either(parts) => format!("({})", all(parts).join("|")),
            Self::NoneOf(chars) => format!("[^{}]", chars.replace('/', "\\/")),
            Self::OneOf(chars) => format!("[{}]", chars.replace('/', "\\/")),
            Self::Optional(part) => format!("({})?", part.written()),
            Self::Row(parts) => all(parts).concat(),
            Self::Star(part) => format!("({})*", part.written()),
            Self::Text(text) => text.replace('.', "\\.").replace('/', "\\/"),
            Self::Word => "\\w".to_owned(),
        }
    }

    fn regex(&self) -> Regex {
        let all = |parts: &[Self]| parts.iter().map(Self::regex).collect();
        match self {
            // Any character but a line break.
            Self::Dot => Regex::none_of("\n"),
            Self::Either(parts) => Regex::Either(all(parts)),
            Self::NoneOf(chars) => Regex::none_of(chars),
            Self::OneOf(chars) => Regex::Chars(chars.chars().map(|c| (c.into(), c.into())).collect()),
            Self::Optional(part) => part.regex().optional(),
            Self::Row(parts) => Regex::Concat(all(parts)),
            Self::Star(part) => part.regex().star(),
            Self::Text(text) => Regex::text(text),
            Self::Word => {
                let range = |from: char, to: char| (from.into(), to.into());
                Regex::Chars(vec![
                    range('0', '9'),
                    range('A', 'Z'),
                    range('_', '_'),
                    range('a', 'z'),
                ])
            }
        }
    }
}

/// Pieces of which some are wildcards, no run beside another one.
fn pieces(texts: Vec<&'static str>, most: usize) -> impl Strategy<Value = Vec<Piece>> {
    let piece = prop_oneof![
        3 => select(texts).prop_map(Piece::Text),
        2 => Just(Piece::Run),
        1 => Just(Piece::One),
    ];
    vec(piece, 1..most).prop_map(|mut pieces| {
        pieces.dedup_by(|one, other| *one == Piece::Run && *other == Piece::Run);
        pieces
    })
}

fn segment() -> impl Strategy<Value = Segment> {
    prop_oneof![
        2 => Just(Segment::Any),
        3 => pieces(vec!["a", "b", "é", "p", "*"], 3).prop_map(Segment::One),
    ]
}

fn regular() -> impl Strategy<Value = Regular> {
    let leaf = prop_oneof![
        5 => select(vec!["a", "b", "/", ":", "é", "ab", "p:", ":r:", "."]).prop_map(Regular::Text),
        1 => select(vec!["a", ":", "/:", "aé"]).prop_map(Regular::NoneOf),
        1 => select(vec!["ab", "a/", "b:é"]).prop_map(Regular::OneOf),
        1 => Just(Regular::Dot),
        1 => Just(Regular::Word),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            3 => vec(inner.clone(), 1..4).prop_map(Regular::Row),
            1 => vec(inner.clone(), 2..4).prop_map(Regular::Either),
            1 => inner.clone().prop_map(|part| Regular::Optional(Box::new(part))),
            2 => inner.prop_map(|part| Regular::Star(Box::new(part))),
        ]
    })
}

/// Any pattern but `under`, most of them like those that are written for templates.
pub fn text_pattern() -> impl Strategy<Value = Pattern> {
    let texts = vec!["a", "b", "p:", ":r:", "/", ":", "a/b", "é", "?"];
    let field = vec(segment(), 1..4);
    prop_oneof![
        pieces(texts, 6).prop_map(Pattern::Like),
        vec(field, 1..4).prop_map(Pattern::Glob),
        regular().prop_map(Pattern::Matches),
    ]
}

/// Any pattern.
pub fn path_pattern() -> impl Strategy<Value = Pattern> {
    prop_oneof![
        1 => select(vec!["a", "a/b", "b/a", "é"]).prop_map(Pattern::Under),
        4 => text_pattern(),
    ]
}
