//! Tree of an expression, with the location of each part.

use rolecall_syntax::Spanned;

/// An expression and its location.
pub type ExprAt = Spanned<Expr>;

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expr {
    /// `a && b && …`, two or more.
    All(Vec<ExprAt>),
    /// `a || b || …`, two or more.
    Any(Vec<ExprAt>),
    /// `true` or `false`
    Bool(bool),
    /// `name(…)`, `a.name(…)`
    Call(Box<Call>),
    /// `a ? b : c`
    Choice(Box<[ExprAt; 3]>),
    /// `a == b`
    Compare(Box<Comparison>),
    /// A number with a point or an exponent, as written.
    Double(String),
    /// `a["b"]`
    Index(Box<[ExprAt; 2]>),
    /// `1`, `-1`
    Int(i64),
    /// `[a, b]`
    List(Vec<ExprAt>),
    /// A name.
    Name(String),
    /// `!a`
    Not(Box<ExprAt>),
    /// `null`
    Null,
    /// A part whose meaning is not in the tree, such as "a map".
    Other(&'static str),
    /// `a.b`
    Select(Box<Select>),
    /// `a + b + …`, two or more.
    Sum(Vec<ExprAt>),
    /// A text, without escapes.
    Text(String),
    /// `1u`
    Uint(u64),
}

/// `name(…)`, `a.name(…)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The name.
    pub name: Spanned<String>,
    /// The expression before the dot, if there is one.
    pub target: Option<ExprAt>,
    /// The arguments.
    pub arguments: Vec<ExprAt>,
}

/// `a == b`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The left side.
    pub left: ExprAt,
    /// The operator.
    pub operator: Spanned<Operator>,
    /// The right side.
    pub right: ExprAt,
}

/// `a.b`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Select {
    /// The expression before the dot.
    pub target: ExprAt,
    /// The name after it.
    pub field: Spanned<String>,
}

/// The operator of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
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
    /// `!=`
    NotEqual,
}

impl Operator {
    /// Returns the operator that is written so.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        Some(match text {
            "==" => Self::Equal,
            ">" => Self::Greater,
            ">=" => Self::GreaterEqual,
            "in" => Self::In,
            "<" => Self::Less,
            "<=" => Self::LessEqual,
            "!=" => Self::NotEqual,
            _ => return None,
        })
    }
}
