//! Conditions.

use super::{ExprAt, Name};
use crate::span::{Span, Spanned};
use crate::string::Str;

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// `a && b && …`, two or more.
    All(Vec<ExprAt>),
    /// `a || b || …`, two or more.
    Any(Vec<ExprAt>),
    /// A bool claim, or a condition without parameters.
    Bare(ClaimPath),
    /// `condition(…)`
    Call(Box<Call>),
    /// `claim OPERATOR operand`
    Compare(Box<Comparison>),
    /// A condition on the request that no token decides, such as its source address, with its text. Trees of foreign
    /// documents have it; the language has no spelling for it.
    External(String),
    /// `has claim`
    Has(ClaimPath),
    /// `claim is null`
    IsNull(ClaimPath),
    /// `!a`
    Not(Box<ExprAt>),
}

/// `condition(argument, …)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The name of the condition.
    pub name: Name,
    /// The arguments.
    pub arguments: Vec<Spanned<Operand>>,
}

/// `claim OPERATOR operand`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The claim.
    pub claim: ClaimPath,
    /// The operator.
    pub operator: Spanned<Operator>,
    /// The operand.
    pub operand: Spanned<Operand>,
}

/// The operator of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `contains`
    Contains,
    /// `contains all`
    ContainsAll,
    /// `contains any`
    ContainsAny,
    /// `contains glob`
    ContainsGlob,
    /// `contains like`
    ContainsLike,
    /// `contains matches`
    ContainsMatches,
    /// `contains under`
    ContainsUnder,
    /// `==`
    Equal,
    /// `glob`
    Glob,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `in`
    In,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `like`
    Like,
    /// `matches`
    Matches,
    /// `!=`
    NotEqual,
    /// `under`
    Under,
}

impl Operator {
    /// Every operator.
    pub const ALL: [Self; 18] = [
        Self::Contains,
        Self::ContainsAll,
        Self::ContainsAny,
        Self::ContainsGlob,
        Self::ContainsLike,
        Self::ContainsMatches,
        Self::ContainsUnder,
        Self::Equal,
        Self::Glob,
        Self::Greater,
        Self::GreaterEqual,
        Self::In,
        Self::Less,
        Self::LessEqual,
        Self::Like,
        Self::Matches,
        Self::NotEqual,
        Self::Under,
    ];

    /// Returns the operator as it is written.
    pub fn text(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::ContainsAll => "contains all",
            Self::ContainsAny => "contains any",
            Self::ContainsGlob => "contains glob",
            Self::ContainsLike => "contains like",
            Self::ContainsMatches => "contains matches",
            Self::ContainsUnder => "contains under",
            Self::Equal => "==",
            Self::Glob => "glob",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "in",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Like => "like",
            Self::Matches => "matches",
            Self::NotEqual => "!=",
            Self::Under => "under",
        }
    }
}

/// The operand of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// `[ … ]`
    List(Vec<Spanned<Self>>),
    /// The name of a set, a parameter or a claim.
    Reference(ClaimPath),
    /// `/…/`, without its slashes, as written.
    Regex(String),
    /// `"…"`
    Text(Str),
}

/// The path of a claim in a token, or a name that stands where a claim may.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClaimPath {
    /// The names from the top of the token inward. The parser never leaves this empty.
    pub segments: Vec<Spanned<Segment>>,
}

/// One step of a claim's path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    /// `["any name"]`; as the first step, `claims["any name"]`.
    Quoted(Str),
    /// `name`
    Word(String),
}

impl ClaimPath {
    /// Returns the name if the path consists of one name.
    pub fn as_name(&self) -> Option<&str> {
        match self.segments.as_slice() {
            [
                Spanned {
                    node: Segment::Word(name),
                    ..
                },
            ] => Some(name),
            _ => None,
        }
    }

    /// Returns the span from the first to the last segment; the default span if there are none.
    pub fn span(&self) -> Span {
        match (self.segments.first(), self.segments.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => Span::default(),
        }
    }
}
