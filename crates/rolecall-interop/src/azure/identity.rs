//! Tree of identities and their credentials.

use super::expression::Expression;
use crate::notice::{Notice, Reading};
use rolecall_syntax::{Span, Spanned};

/// The applications and managed identities of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identities {
    /// The identities, in the order of their first credentials.
    pub identities: Vec<Identity>,
    /// The notices about the document itself. Those about an identity are in its reading.
    pub notices: Vec<Notice>,
}

/// An application or a managed identity.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identity {
    /// The resource group of a managed identity.
    pub group: Option<String>,
    /// The name of a managed identity, or the name or the object id of an application, if the document has
    /// it.
    pub name: Option<String>,
    /// The credentials, of which a token fits one.
    pub reading: Reading<Vec<Credential>>,
    /// The location from the first credential to the last one.
    pub span: Span,
}

/// A federated identity credential: a token fits if all parts do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Credential {
    /// The token's `iss`: an equal text.
    pub issuer: Spanned<String>,
    /// The token's `aud`: an equal text.
    pub audience: Spanned<String>,
    /// The test of other claims.
    pub subject: Subject,
    /// The location of the whole credential.
    pub span: Span,
}

/// A test of the token's `sub`, and of other claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The subject is equal.
    Exact(Spanned<String>),
    /// The expression of a flexible credential holds.
    Flexible(Expression),
}
