//! Tree of a configuration.

use crate::cel::ExprAt;
use crate::notice::Reading;
use rolecall_syntax::{Span, Spanned};

/// An entry of `jwt` in a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthenticatorReading {
    /// The URL of the issuer, unless the entry has none.
    pub issuer: Option<Spanned<String>>,
    /// The authenticator, and the notices about it.
    pub reading: Reading<Authenticator>,
    /// The location of the entry.
    pub span: Span,
}

/// An authenticator: the tokens of one issuer that are users.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Authenticator {
    /// The token's `iss`: an equal text.
    pub issuer: Spanned<String>,
    /// The audiences of which the token has one.
    pub audiences: Vec<Spanned<String>>,
    /// The rules about claims, all of which hold.
    pub claim_rules: Vec<ClaimRule>,
    /// The name of the user, a text.
    pub username: Mapping,
    /// The groups of the user: a list, a text or nothing.
    pub groups: Option<Mapping>,
    /// The id of the user, a text.
    pub uid: Option<Mapping>,
    /// The other attributes of the user: lists, texts or nothing.
    pub extra: Vec<ExprAt>,
    /// The rules about the user, all of which hold. The user is `user`.
    pub user_rules: Vec<ExprAt>,
    /// The location of the entry.
    pub span: Span,
}

/// A rule about claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimRule {
    /// A claim is a text that is equal.
    Required {
        /// The name of the claim.
        claim: Spanned<String>,
        /// The text.
        value: Spanned<String>,
    },
    /// An expression is true. The token is `claims`.
    Holds(ExprAt),
}

/// A part of a user, made from the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// The value of a claim, or each of its texts, after a prefix.
    Claim {
        /// The name of the claim.
        claim: Spanned<String>,
        /// The prefix.
        prefix: String,
    },
    /// The value of an expression. The token is `claims`.
    Expression(ExprAt),
}
