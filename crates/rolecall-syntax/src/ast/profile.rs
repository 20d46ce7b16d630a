//! Profiles, their claims and derivations.

use super::{ClaimPath, ExprAt, Name, OneOrList};
use crate::span::Spanned;
use crate::string::Str;

/// `profile NAME extends NAME { … }`: the claims of an issuer's tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The name.
    pub name: Name,
    /// The profile that this one extends, if it extends one.
    pub extends: Option<Name>,
    /// The members, in the order of the text.
    pub members: Vec<Spanned<ProfileMember>>,
}

/// A member of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileMember {
    /// `claim NAME : TYPE MODIFIER…`
    Claim(Claim),
    /// `derive NAME = "…" when …`
    Derive(Derive),
    /// `shared "https://…"`
    Shared(OneOrList),
}

/// `claim NAME : TYPE MODIFIER…`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The path of the claim in the token.
    pub path: ClaimPath,
    /// The type of the claim.
    pub claim_type: Spanned<ClaimType>,
    /// The modifiers after the type.
    pub modifiers: Vec<Spanned<Modifier>>,
}

/// A type, as written. The engine checks whether a type of that name exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimType {
    /// `enum [a, b]`, with `...` at the end if it is open.
    Enum {
        /// The values.
        values: Vec<Spanned<EnumValue>>,
        /// True if tokens may have other values.
        open: bool,
    },
    /// `[TYPE]`
    List(Box<Spanned<Self>>),
    /// `text`, `path`, `id string` …
    Named {
        /// The name of the type.
        name: String,
        /// The JSON form: `string`, `number` or `json`.
        form: Option<Name>,
    },
}

/// A value of an enumeration, with or without quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnumValue {
    /// `"b c"`
    Quoted(Str),
    /// `branch`
    Word(String),
}

/// A modifier after a claim's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Modifier {
    /// `alias NAME`
    Alias(Name),
    /// `immutable`, `tenant`, `optional` …
    Keyword(String),
}

/// `derive NAME = "…" when …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derive {
    /// The path of the derived claim.
    pub claim: ClaimPath,
    /// The template of its value.
    pub template: Spanned<Str>,
    /// The condition under which this derivation applies; none if it always does.
    pub when: Option<ExprAt>,
}
