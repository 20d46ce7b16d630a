//! Trust policies, as far as they are about OIDC tokens.
//!
//! A token is admitted if an `Allow` statement admits it and no `Deny` statement does. (IAM User Guide,
//! "Policy evaluation logic".)

use super::keys::{Key, Published, published};
use super::operator::Operator;
use super::text::{Text, Version};
use rolecall_syntax::{Span, Spanned};
use std::fmt;

/// A trust policy whose meaning for tokens is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// The version of the policy language.
    pub version: Version,
    /// The statements that are about OIDC tokens: they name a provider and `sts:AssumeRoleWithWebIdentity`.
    pub statements: Vec<Statement>,
    /// The other principals of `Allow` statements: accounts, services, SAML providers. No OIDC token is one
    /// of them.
    pub also_admits: Vec<Spanned<Principal>>,
}

/// A statement about the tokens of some providers.
///
/// It applies to a token if the token is of one of the providers and all conditions hold. A token with
/// session tags or a source identity, which no CI system issues, needs `sts:TagSession` or
/// `sts:SetSourceIdentity` in addition: the tree does not have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The name that the author gave it.
    pub sid: Option<Spanned<String>>,
    /// The effect of the statement on the tokens that it applies to.
    pub effect: Effect,
    /// The OIDC providers, at least one.
    pub providers: Vec<Spanned<Provider>>,
    /// The conditions. One operator with two keys is two conditions.
    pub conditions: Vec<Condition>,
    /// The location of the whole statement.
    pub span: Span,
}

/// The effect of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The tokens get the role.
    Allow,
    /// The tokens do not get the role, although other statements allow it.
    Deny,
}

/// An OIDC provider, as a principal names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Provider {
    /// The account that has the provider. The providers that AWS has built in, such as `accounts.google.com`,
    /// are in no account.
    pub account: Option<String>,
    /// The issuer's URL without `https://`, such as `gitlab.com`. This is also the first part of condition
    /// keys.
    pub issuer: String,
}

impl Provider {
    /// Returns the claim of the provider's tokens that a condition key has the value of. A key that no token
    /// decides has none, and for tokens of this provider the keys of others are absent.
    pub fn claim(&self, key: &Key) -> Option<Published> {
        match key {
            Key::Claim { issuer, claim } if issuer.eq_ignore_ascii_case(&self.issuer) => {
                Some(published(issuer, claim))
            }
            Key::Claim { .. } => Some(Published::No),
            Key::External(_) => None,
        }
    }
}

/// A principal that is not an OIDC provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Principal {
    /// All principals of AWS: `"*"` or `{"AWS": "*"}`.
    Everyone,
    /// An account, a user, a role or a session, by its ARN or account number.
    Aws(String),
    /// A service of AWS, such as `ec2.amazonaws.com`.
    Service(String),
    /// A SAML provider, by its ARN.
    Saml(String),
    /// A canonical user of Amazon S3.
    CanonicalUser(String),
}

/// Writes the principal as a trust policy has it: `AWS:arn:…`.
impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_str("AWS:*"),
            Self::Aws(principal) => write!(f, "AWS:{principal}"),
            Self::Service(service) => write!(f, "Service:{service}"),
            Self::Saml(provider) => write!(f, "Federated:{provider}"),
            Self::CanonicalUser(user) => write!(f, "CanonicalUser:{user}"),
        }
    }
}

/// A comparison of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The comparison.
    pub operator: Spanned<Operator>,
    /// The condition key, as written.
    pub written_key: Spanned<String>,
    /// The meaning of the key.
    pub key: Key,
    /// The values that the key is compared with, at least one.
    pub values: Vec<Spanned<Text>>,
    /// The location of the key and its values.
    pub span: Span,
}
