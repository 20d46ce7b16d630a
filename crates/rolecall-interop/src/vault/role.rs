//! Tree of a role.

use super::claim::{Claim, Expected};
use rolecall_syntax::{Span, Spanned};

/// A role for tokens (`role_type` is `jwt`): a token gets in if all parts hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Role {
    /// The audiences of which the token has at least one. Without any, a token that has an audience does not
    /// get in; one whose `aud` is absent, an empty text or an empty list does.
    pub audiences: Vec<Spanned<String>>,
    /// The token's `sub`.
    pub subject: Option<Spanned<String>>,
    /// The tests of claims, all of which hold, in the order of the text.
    pub claims: Vec<BoundClaim>,
    /// The claim with the name of the entity. It is a text.
    pub user_claim: Claim,
    /// The claim with the names of groups. It is a text or a list of texts.
    pub groups_claim: Option<Claim>,
    /// The claims that become metadata. Each is absent, `null` or a text.
    pub mappings: Vec<Mapping>,
    /// The addresses of the caller, of which one must hold. No token decides it.
    pub cidrs: Vec<Spanned<String>>,
    /// The policies of the Vault token.
    pub policies: Vec<Spanned<String>>,
    /// The seconds by which a token without `exp` is valid after its start. 0 is 150, and a negative number
    /// is 0.
    pub expiration_leeway: Option<Spanned<i64>>,
    /// The seconds by which a token without `nbf` and `iat` is valid before its end. 0 is 150, and a negative
    /// number is 0.
    pub not_before_leeway: Option<Spanned<i64>>,
    /// The seconds by which clocks may differ. 0 is 60, and a negative number is 0.
    pub clock_skew_leeway: Option<Spanned<i64>>,
    /// True if the role is of the type `oidc`: users log in by a browser, and no token that a job has gets in.
    pub is_for_browsers: bool,
    /// The location of the whole role.
    pub span: Span,
}

/// A test of a claim. Without values it never holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundClaim {
    /// The claim.
    pub claim: Claim,
    /// The values of which one fits.
    pub values: Vec<Spanned<Expected>>,
}

/// A claim that becomes metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The claim.
    pub claim: Claim,
    /// The key of the metadata.
    pub key: Spanned<String>,
}
