//! The tree of a file, faithful to its text: it can be printed back, and it decides nothing.

mod condition;
mod test;

pub use condition::{ClaimPath, Comparison, Expr, Operand, Operator, Segment};
pub use test::{Assertion, Entry, Expectation, ExpectationKind, Key, Statement, Test, Token, Value};

use crate::span::Spanned;
use crate::string::Str;

/// A name with its place.
pub type Name = Spanned<String>;
/// A condition with its place.
pub type ExprAt = Spanned<Expr>;

/// A file: its items, and the comments beside them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The items in order.
    pub items: Vec<Spanned<Item>>,
    /// The comments in order.
    pub comments: Vec<Spanned<Comment>>,
}

/// A comment, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The text with its slashes, without the end of the line.
    pub text: String,
    /// Which of the three forms it has.
    pub kind: CommentKind,
}

/// The form of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentKind {
    /// `/* … */`
    Block,
    /// `/// …`: it documents what comes after it.
    Doc,
    /// `// …`
    Line,
}

/// One item of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `assert "…" { … }`
    Assertion(Assertion),
    /// `condition NAME = …`
    Condition(Condition),
    /// `edition 2026`
    Edition(Spanned<i64>),
    /// `guard NAME for … { … }`
    Guard(Guard),
    /// `issuer NAME { … }`
    Issuer(Issuer),
    /// `profile NAME { … }`
    Profile(Profile),
    /// `role NAME { … }`
    Role(Role),
    /// `set NAME = […]`
    Set(Set),
    /// `test "…" { … }`
    Test(Test),
}

/// What an issuer's tokens say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: Name,
    /// Its members in order.
    pub members: Vec<Spanned<ProfileMember>>,
}

/// A member of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileMember {
    /// `claim NAME : TYPE WORD…`
    Claim(Claim),
    /// `derive NAME = "…" when …`
    Derive(Derive),
    /// `shared "https://…"`
    Shared(OneOrList),
}

/// `claim NAME : TYPE WORD…`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Where in the token it is.
    pub path: ClaimPath,
    /// Its type.
    pub claim_type: Spanned<ClaimType>,
    /// The words after the type.
    pub words: Vec<Spanned<ClaimWord>>,
}

/// A type, as written: whether there is such a type is checked when the tree is lowered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimType {
    /// `enum [a, b]`, with `...` at the end if it is open.
    Enum {
        /// The values.
        values: Vec<Spanned<EnumValue>>,
        /// Whether other values occur too.
        open: bool,
    },
    /// `[TYPE]`
    List(Box<Spanned<Self>>),
    /// `text`, `path` …
    Named(String),
}

/// A value of an enumeration, with or without quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnumValue {
    /// `"b c"`
    Quoted(Str),
    /// `branch`
    Word(String),
}

/// A word after a claim's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimWord {
    /// `alias NAME`
    Alias(Name),
    /// `immutable`, `tenant`, `optional` …
    Word(String),
}

/// `derive NAME = "…" when …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derive {
    /// The claim that is made.
    pub claim: ClaimPath,
    /// What it is made of.
    pub template: Spanned<Str>,
    /// When it is made so.
    pub when: Option<ExprAt>,
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
    /// The strings.
    pub fn strings(&self) -> &[Spanned<Str>] {
        match self {
            Self::List(strings) => strings,
            Self::One(string) => std::slice::from_ref(string),
        }
    }
}

/// Whom to trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// Its name.
    pub name: Name,
    /// Its members in order.
    pub members: Vec<Spanned<IssuerMember>>,
}

/// A member of an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssuerMember {
    /// `algorithms [RS256, …]`
    Algorithms(Vec<Name>),
    /// `audience "…"`
    Audience(OneOrList),
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
    /// `url "https://…"`
    Url(Spanned<Str>),
}

/// A time span, as written: `15m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: DurationUnit,
}

impl Duration {
    /// The seconds of it.
    pub fn seconds(self) -> u64 {
        let unit: u64 = match self.unit {
            DurationUnit::Seconds => 1,
            DurationUnit::Minutes => 60,
            DurationUnit::Hours => 60 * 60,
            DurationUnit::Days => 24 * 60 * 60,
        };
        u64::from(self.count).saturating_mul(unit)
    }
}

/// A unit of time, from small to large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum DurationUnit {
    Seconds,
    Minutes,
    Hours,
    Days,
}

/// `set NAME = […]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// Its name.
    pub name: Name,
    /// Its elements.
    pub elements: Spanned<Vec<Spanned<Operand>>>,
}

/// `condition NAME(PARAMETER, …) = EXPR`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its name.
    pub name: Name,
    /// Its parameters; none if it has no parentheses.
    pub parameters: Vec<Name>,
    /// What it stands for.
    pub expr: ExprAt,
}

/// `role NAME { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its name, with `{parameter}` if it is many.
    pub name: Name,
    /// `for NAME in …`
    pub expansion: Option<Expansion>,
    /// Its members in order.
    pub members: Vec<Spanned<RoleMember>>,
}

/// `for NAME in …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expansion {
    /// The parameter.
    pub parameter: Name,
    /// A list, or the name of a set.
    pub values: Spanned<Operand>,
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
    /// When.
    pub when: Option<ExprAt>,
}

/// `grant NAME = "…"`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What is granted.
    pub name: Name,
    /// Its value, with claims in braces.
    pub template: Spanned<Str>,
}

/// `guard NAME for SELECTOR, … from ISSUER { EXPR }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Its name.
    pub name: Name,
    /// The roles that it narrows.
    pub selectors: Vec<Spanned<Selector>>,
    /// The issuer whose clauses it narrows; all if there is none.
    pub from: Option<Name>,
    /// What must hold.
    pub expr: ExprAt,
}

/// Which roles are meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Selector {
    /// A name, in which `*` is any run of characters.
    Name(String),
    /// `#tag`
    Tag(String),
}
