//! Syntax tree of a file. It keeps everything that the text states, so that it can be printed back.

mod condition;
mod profile;
mod test;

pub use condition::{Call, ClaimPath, Comparison, Expr, Operand, Operator, Segment};
pub use profile::{Claim, ClaimType, Derive, EnumValue, Modifier, Profile, ProfileMember};
pub use test::{
    Assertion, Case, Entry, Expectation, ExpectationKind, Fact, Given, Key, Statement, Test, Token,
    TokenBase, Value,
};

use crate::span::Spanned;
use crate::string::Str;
use std::fmt;

/// A name and its location.
pub type Name = Spanned<String>;
/// A condition and its location.
pub type ExprAt = Spanned<Expr>;

/// A file: its items and its comments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The items, in the order of the text.
    pub items: Vec<Spanned<Item>>,
    /// The comments, in the order of the text.
    pub comments: Vec<Spanned<Comment>>,
}

/// A comment, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The text with its slashes, without the line break at its end.
    pub text: String,
    /// The form of the comment.
    pub kind: CommentKind,
}

/// The form of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentKind {
    /// `/* … */`
    Block,
    /// `/// …`: documents the item or member after it.
    Doc,
    /// `// …`
    Line,
}

/// One item of a file. Most are roles, so that larger items are boxed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `assert "…" { … }`
    Assertion(Box<Assertion>),
    /// `condition NAME = …`
    Condition(Box<Condition>),
    /// `edition 2026`
    Edition(Spanned<i64>),
    /// `guard NAME for … { … }`
    Guard(Box<Guard>),
    /// `issuer NAME { … }`
    Issuer(Issuer),
    /// `profile NAME { … }`
    Profile(Box<Profile>),
    /// `role NAME { … }`
    Role(Role),
    /// `set NAME = […]`
    Set(Set),
    /// `test "…" { … }`
    Test(Box<Test>),
}

/// One string, or a list in brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OneOrList {
    /// `["a", "b"]`
    List(Vec<Spanned<Str>>),
    /// `"a"`
    One(Spanned<Str>),
}

impl OneOrList {
    /// Returns the strings.
    pub fn strings(&self) -> &[Spanned<Str>] {
        match self {
            Self::List(strings) => strings,
            Self::One(string) => std::slice::from_ref(string),
        }
    }
}

/// `issuer NAME { … }`: an issuer whose tokens are trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// The name.
    pub name: Name,
    /// The members, in the order of the text.
    pub members: Vec<Spanned<IssuerMember>>,
}

/// A member of an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssuerMember {
    /// `algorithms [RS256, …]`
    Algorithms(Vec<Name>),
    /// `audience "…"`
    Audience(OneOrList),
    /// `authorized_party "…"`
    AuthorizedParty(Spanned<Str>),
    /// `derive …`
    Derive(Derive),
    /// `jwks "…"`
    Jwks(Spanned<Str>),
    /// `leeway 30s`
    Leeway(Spanned<Duration>),
    /// `max_age 24h`
    MaxAge(Spanned<Duration>),
    /// `profile NAME`
    Profile(Name),
    /// `subject_limit 2048`
    SubjectLimit(Spanned<i64>),
    /// `url "https://…"`
    Url(Spanned<Str>),
}

/// A time span, as written: `15m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// The number of units.
    pub count: u32,
    /// The unit.
    pub unit: DurationUnit,
}

impl Duration {
    /// Returns the duration in seconds.
    pub fn seconds(self) -> u64 {
        let unit: u64 = match self.unit {
            DurationUnit::Seconds => 1,
            DurationUnit::Minutes => 60,
            DurationUnit::Hours => 60 * 60,
            DurationUnit::Days => 24 * 60 * 60,
        };
        // A `u32` times the seconds of a day fits into 64 bits.
        u64::from(self.count).wrapping_mul(unit)
    }
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationUnit {
    /// `s`
    Seconds,
    /// `m`
    Minutes,
    /// `h`
    Hours,
    /// `d`
    Days,
}

/// `set NAME = […]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// The name.
    pub name: Name,
    /// The elements, in brackets.
    pub elements: Spanned<Vec<Spanned<Operand>>>,
}

/// `condition NAME(PARAMETER, …) = EXPR`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The name.
    pub name: Name,
    /// The parameters; empty if the condition has no parentheses.
    pub parameters: Vec<Name>,
    /// The condition that the name stands for.
    pub expr: ExprAt,
}

/// `role NAME { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The name, with `{parameter}` if the role is expanded.
    pub name: Name,
    /// The `for`s, in the order of the text.
    pub expansions: Vec<Spanned<Expansion>>,
    /// The members, in the order of the text.
    pub members: Vec<Spanned<RoleMember>>,
}

/// `for NAME, … in …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expansion {
    /// The names of the parameters. The parser never leaves this empty.
    pub parameters: Vec<Name>,
    /// The values of the parameters.
    pub values: Spanned<Values>,
}

/// The values of a `for`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// `[…]`: literals, or a list for each role.
    List(Vec<Spanned<Operand>>),
    /// `{ key = value, … }`
    Map(Vec<Spanned<Pair>>),
    /// The name of a set.
    Set(String),
}

/// `key = value`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The value of the first parameter.
    pub key: Spanned<Key>,
    /// The value of the second parameter.
    pub value: Spanned<Operand>,
}

/// A member of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleMember {
    /// `allow from ISSUER when EXPR`
    Allow(Allow),
    /// `grant NAME = "…"`
    Grant(Grant),
    /// `tags [a, b]`
    Tags(Vec<Name>),
    /// `ttl 15m`
    Ttl(Spanned<Duration>),
}

/// `allow from ISSUER when EXPR`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The issuer's name.
    pub issuer: Name,
    /// The condition; none if every token of the issuer is allowed.
    pub when: Option<ExprAt>,
}

/// `grant NAME = "…"`, `grant NAME = ["…", "…"]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The name of the granted values.
    pub name: Name,
    /// The templates of the values, with claims in braces.
    pub templates: OneOrList,
}

/// `guard NAME for SELECTOR, … from ISSUER { EXPR }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The name.
    pub name: Name,
    /// The roles that the guard narrows.
    pub selectors: Vec<Spanned<Selector>>,
    /// The issuer whose clauses the guard narrows; none if it narrows those of all issuers.
    pub from: Option<Name>,
    /// The condition that must hold.
    pub expr: ExprAt,
}

/// A selector of roles.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Selector {
    /// A name, in which `*` stands for any run of characters.
    Name(String),
    /// `#tag`
    Tag(String),
}

impl Selector {
    /// Returns the selector that is written so. Quotes around a name are not part of it.
    pub fn new(text: &str) -> Self {
        let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        if let Some(name) = quoted {
            return Self::Name(name.to_owned());
        }
        match text.strip_prefix('#') {
            Some(tag) => Self::Tag(tag.to_owned()),
            None => Self::Name(text.to_owned()),
        }
    }
}

/// Writes the selector as a policy has it, with quotes around the name of a role in another language.
impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '*');
        match self {
            Self::Name(name) if name.chars().all(is_plain) => f.write_str(name),
            Self::Name(name) => write!(f, "\"{name}\""),
            Self::Tag(tag) => write!(f, "#{tag}"),
        }
    }
}
