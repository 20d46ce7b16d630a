//! Tests and assertions.

use super::{ClaimPath, Duration, ExprAt, Name, Selector};
use crate::span::Spanned;
use crate::string::Str;

/// `test "…" { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// The name.
    pub name: Spanned<Str>,
    /// The token.
    pub token: Spanned<Token>,
    /// The expectations of this token. The parser leaves this empty only if there is a case.
    pub expectations: Vec<Spanned<Expectation>>,
    /// The tokens with changes.
    pub cases: Vec<Spanned<Case>>,
}

impl Test {
    /// Returns the claims that are written in the token and in the cases.
    pub fn entries(&self) -> impl Iterator<Item = &Spanned<Entry>> {
        let changes = self.cases.iter().flat_map(|case| &case.changes.node);
        self.token.claims.iter().chain(changes)
    }
}

/// `case "…" { … } expect …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The name; without one, the text of the changes stands for it, see [`print_claims`](crate::print_claims).
    pub name: Option<Spanned<Str>>,
    /// The claims that differ from the token of the test.
    pub changes: Spanned<Vec<Spanned<Entry>>>,
    /// The expectations. The parser never leaves this empty.
    pub expectations: Vec<Spanned<Expectation>>,
}

/// `token ISSUER like "…" { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The issuer's name.
    pub issuer: Name,
    /// The claims that this token starts from.
    pub base: Option<Spanned<TokenBase>>,
    /// The claims.
    pub claims: Vec<Spanned<Entry>>,
}

/// The claims that a token starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenBase {
    /// `from "claims.json"`: those in a file.
    File(Str),
    /// `like "other test"`: those of the token of a test or a case.
    Test(Str),
}

/// `claim = value`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The claim's name, or an alias.
    pub key: Spanned<Key>,
    /// The claim's value.
    pub value: Spanned<Value>,
}

/// The name of a claim in a test's token, or a value in the map of a `for`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// `"any name"`
    Quoted(Str),
    /// `name`
    Word(String),
}

/// The value of a claim in a test's token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `absent`: the token does not have the claim.
    Absent,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// `[ … ]`
    List(Vec<Spanned<Self>>),
    /// `null`
    Null,
    /// `{ … }`
    Object(Vec<Spanned<Entry>>),
    /// `"…"`
    Text(Str),
}

/// `expect KIND SELECTOR, … with FACT, …` or `expect KIND SELECTOR, … because CLAIM`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The expected decision on the roles.
    pub kind: ExpectationKind,
    /// The roles.
    pub selectors: Vec<Spanned<Selector>>,
    /// The facts after `with`; empty without it.
    pub facts: Vec<Spanned<Fact>>,
    /// The claim after `because`.
    pub because: Option<ClaimPath>,
}

/// A fact about the decision on an allowed role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// `grant NAME = "…"`
    Grant(Given),
    /// `ttl 15m`
    Ttl(Spanned<Duration>),
}

/// A text that a role grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The name of the grant.
    pub name: Name,
    /// The text, with the claims filled in.
    pub text: Spanned<Str>,
}

/// The decision that a test expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectationKind {
    /// Each of them is allowed.
    Allow,
    /// None of them is allowed.
    Deny,
    /// Each of them is allowed, and no other role.
    Only,
}

/// `assert "…" { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// The name.
    pub name: Spanned<Str>,
    /// The statement.
    pub statement: Spanned<Statement>,
}

/// A statement about all tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// `A covers B`
    Covers(Spanned<Selector>, Spanned<Selector>),
    /// `disjoint A, B, …`
    Disjoint(Vec<Spanned<Selector>>),
    /// `equivalent A, B`
    Equivalent(Spanned<Selector>, Spanned<Selector>),
    /// `A implies EXPR`; the condition may be the name of a role.
    Implies(Spanned<Selector>, ExprAt),
    /// `never A when EXPR`
    Never(Spanned<Selector>, ExprAt),
    /// `possible A when EXPR`
    Possible(Spanned<Selector>, Option<ExprAt>),
}

impl Statement {
    /// Returns the selectors of roles.
    pub fn selectors(&self) -> Vec<&Spanned<Selector>> {
        match self {
            Self::Covers(first, second) | Self::Equivalent(first, second) => vec![first, second],
            Self::Disjoint(selectors) => selectors.iter().collect(),
            Self::Implies(selector, _) | Self::Never(selector, _) | Self::Possible(selector, _) => {
                vec![selector]
            }
        }
    }
}
