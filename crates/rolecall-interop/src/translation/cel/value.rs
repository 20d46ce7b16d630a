//! Values of expressions, as far as they are known without a token.

use rolecall_engine::ir::ClaimDefinition;
use rolecall_syntax::ast::ExprAt;

/// A value.
#[derive(Clone, Debug)]
pub(in crate::translation) enum Value<'p> {
    /// The token itself.
    Assertion,
    Bool(bool),
    /// A claim of the token. It is an error if the token does not have it.
    Claim(&'p ClaimDefinition),
    /// A claim whose ASCII letters are small, or capital if `is_upper`.
    Folded {
        claim: &'p ClaimDefinition,
        is_upper: bool,
    },
    /// Several texts, one after the other.
    Joined(Vec<Piece<'p>>),
    List(Vec<Self>),
    Null,
    /// A number, as far as it is an integer that numbers of JSON have exactly.
    Number(Option<i64>),
    Text(String),
}

/// A part of a text.
#[derive(Clone, Debug)]
pub(in crate::translation) enum Piece<'p> {
    Claim(&'p ClaimDefinition),
    Text(String),
}

/// A value that an expression has under a condition.
#[derive(Clone, Debug)]
pub(in crate::translation) struct Case<'p> {
    /// The condition, if there is one.
    pub(in crate::translation) when: Option<ExprAt>,
    pub(in crate::translation) value: Value<'p>,
}

impl<'p> From<Value<'p>> for Case<'p> {
    fn from(value: Value<'p>) -> Self {
        Self { when: None, value }
    }
}
