//! Tree of the configuration of a mount.

use rolecall_syntax::{Span, Spanned};

/// The configuration of a mount: the tokens that all of its roles take.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mount {
    /// The source of the keys that sign the tokens.
    pub keys: Keys,
    /// The token's `iss`. Without it, any token that the keys sign is taken.
    pub issuer: Option<Spanned<String>>,
    /// The role of a login that names none.
    pub default_role: Option<Spanned<String>>,
    /// The location of the whole configuration.
    pub span: Span,
}

/// The source of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keys {
    /// The discovery document of an issuer.
    Discovery(Spanned<String>),
    /// A URL of keys.
    Url(Spanned<String>),
    /// Several URLs of keys.
    Urls(Vec<Spanned<String>>),
    /// Keys in the configuration, at this place.
    Inline(Span),
}
