//! Tree of a trust policy.

use super::pattern::Pattern;
use rolecall_syntax::{Span, Spanned};

/// A trust policy: a token gets in if all parts hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrustPolicy {
    /// The test of the token's `iss`.
    pub issuer: Matcher,
    /// The test of the token's `sub`.
    pub subject: Matcher,
    /// The test that at least one of the token's audiences passes. Without it, one of them is the domain of
    /// the octo-sts server, such as `octo-sts.dev`.
    pub audience: Option<Matcher>,
    /// The tests of other claims, all of which hold, in the order of the text.
    pub claims: Vec<ClaimPattern>,
    /// The permissions of the GitHub token, in the order of the text.
    pub permissions: Vec<Permission>,
    /// The repositories that the GitHub token is for. Only the policies of an organisation can have them.
    pub repositories: Option<Vec<Spanned<String>>>,
    /// The GitHub App that issues the token, or a pattern of its name. No token is refused because of it.
    pub app: Option<Matcher>,
    /// The location of the whole policy.
    pub span: Span,
}

/// A test of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matcher {
    /// The text is equal, byte by byte.
    Exact(Spanned<String>),
    /// The pattern matches.
    Pattern(Pattern),
}

impl Matcher {
    /// Returns the text or the pattern, as the policy has it.
    pub fn written(&self) -> &Spanned<String> {
        match self {
            Self::Exact(text) => text,
            Self::Pattern(pattern) => pattern.written(),
        }
    }
}

/// A test of a claim. `true` and `false` are the texts `true` and `false`; without the claim, and for `null`,
/// a number, a list or an object, the test fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimPattern {
    /// The name of the claim, at the top level of the token.
    pub claim: Spanned<String>,
    /// The pattern.
    pub pattern: Pattern,
}

/// A permission of the GitHub token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The name, such as `contents`.
    pub name: Spanned<String>,
    /// The level, such as `read`.
    pub level: Spanned<String>,
}
