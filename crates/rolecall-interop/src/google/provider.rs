//! Tree of a provider.

use super::member::Pool;
use crate::cel::ExprAt;
use crate::notice::Reading;
use rolecall_syntax::{Span, Spanned};

/// The statements of a document about one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProviderReading {
    /// The pool, unless the name is broken.
    pub pool: Option<Pool>,
    /// The name in the pool.
    pub id: Spanned<String>,
    /// The provider, and the notices about it.
    pub reading: Reading<Provider>,
    /// The location of all that the document says of it.
    pub span: Span,
}

/// A provider of a pool: the tokens that the pool takes, and their attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Provider {
    /// The source of the tokens.
    pub kind: ProviderKind,
    /// True if the provider takes no tokens, because it is disabled or deleted.
    pub is_disabled: bool,
    /// The attributes of a token, in the order of the text. Each has one mapping.
    pub mappings: Vec<Mapping>,
    /// The condition on the token and its attributes.
    pub condition: Option<ExprAt>,
    /// The location of the whole provider.
    pub span: Span,
}

/// The source of the credentials that a provider takes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProviderKind {
    /// An issuer of ID tokens.
    Oidc(Oidc),
    /// Credentials that are not ID tokens: `aws`, `saml` or `x509`.
    Other(Spanned<String>),
}

/// An issuer of ID tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Oidc {
    /// The token's `iss`.
    pub issuer: Spanned<String>,
    /// The audiences of which the token has one. If there are none, the audience is the provider itself.
    pub audiences: Vec<Spanned<String>>,
    /// The default audience, for a provider without `allowedAudiences`.
    pub default_audience: String,
    /// The keys that sign the tokens, if the provider has them and not the issuer.
    pub keys: Option<String>,
}

/// An attribute of a token and the expression that gives its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The attribute.
    pub attribute: Spanned<Attribute>,
    /// The expression, in which `assertion` is the token.
    pub value: ExprAt,
}

/// An attribute of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// `attribute.NAME`
    Custom(String),
    /// `google.groups`
    Groups,
    /// `google.subject`
    Subject,
}

impl Provider {
    /// Returns the expression that gives an attribute its value.
    pub fn mapping(&self, attribute: &Attribute) -> Option<&Mapping> {
        self.mappings
            .iter()
            .find(|mapping| mapping.attribute.node == *attribute)
    }
}
