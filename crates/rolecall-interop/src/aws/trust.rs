//! Trust policies, as far as they are about OIDC tokens.
//!
//! A token is admitted if an `Allow` statement admits it and no `Deny` statement does. (IAM User Guide, "Policy
//! evaluation logic".)

use rolecall_syntax::{Span, Spanned};

/// A trust policy whose meaning for tokens is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// The version of the policy language.
    pub version: Version,
    /// The statements that are about OIDC tokens: they name a provider and `sts:AssumeRoleWithWebIdentity`.
    pub statements: Vec<Statement>,
    /// The other principals of `Allow` statements: accounts, services, SAML providers. No OIDC token is one of them.
    pub also_admits: Vec<Spanned<Principal>>,
}

/// The version of the policy language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `2008-10-17`, the version of a document that has none: `${` is literal.
    V2008,
    /// `2012-10-17`: `${…}` is a policy variable.
    V2012,
}

/// A statement about the tokens of some providers.
///
/// It applies to a token if the token is of one of the providers and all conditions hold.
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
    /// The tokens do not get the role, whatever other statements say.
    Deny,
}

/// An OIDC provider, as a principal names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Provider {
    /// The account that has the provider. The providers that AWS has built in, such as `accounts.google.com`, are in
    /// no account.
    pub account: Option<String>,
    /// The issuer's URL without `https://`, such as `gitlab.com`. This is also the first part of condition keys.
    pub issuer: String,
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

/// A comparison of one key. All conditions of a statement must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The comparison.
    pub operator: Spanned<Operator>,
    /// The condition key, as written. Keys are compared without regard to case.
    pub key: Spanned<String>,
    /// The values that the key is compared with, at least one.
    pub values: Vec<Spanned<Text>>,
    /// The location of the key and its values.
    pub span: Span,
}

/// A condition operator.
///
/// A value of the key *fits* if the test holds between it and at least one of the condition's values; with `negated`,
/// if it holds for none of them.
///
/// | | the key is absent | the key has values |
/// |---|---|---|
/// | no set operator | the condition fails; with `negated` or `if_exists` it holds | the one value fits |
/// | `ForAllValues` | it holds | each value fits, or the only one is empty |
/// | `ForAnyValue` | it fails, even with `negated` | some value fits, and it is not the empty one |
/// | `Null` | it holds for the value `true` | it holds for the value `false` |
///
/// (IAM User Guide, "IAM JSON policy elements: Condition operators" and "Set operators for multivalued context keys".)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operator {
    /// The prefix for keys with several values.
    pub set: Option<Set>,
    /// The test, without negation: `StringNotLike` is `StringLike` and `negated`.
    pub test: Test,
    /// The operator is the negated one of the test.
    pub negated: bool,
    /// The operator ends with `IfExists`.
    pub if_exists: bool,
}

/// A prefix of an operator for keys with several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Set {
    /// `ForAllValues:`
    All,
    /// `ForAnyValue:`
    Any,
}

/// The test of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// `ArnEquals`, which AWS evaluates as `ArnLike`.
    ArnEquals,
    /// `ArnLike`
    ArnLike,
    /// `BinaryEquals`
    BinaryEquals,
    /// `Bool`
    Bool,
    /// `DateEquals`
    DateEquals,
    /// `DateGreaterThan`
    DateGreaterThan,
    /// `DateGreaterThanEquals`
    DateGreaterThanEquals,
    /// `DateLessThan`
    DateLessThan,
    /// `DateLessThanEquals`
    DateLessThanEquals,
    /// `IpAddress`
    IpAddress,
    /// `Null`
    Null,
    /// `NumericEquals`
    NumericEquals,
    /// `NumericGreaterThan`
    NumericGreaterThan,
    /// `NumericGreaterThanEquals`
    NumericGreaterThanEquals,
    /// `NumericLessThan`
    NumericLessThan,
    /// `NumericLessThanEquals`
    NumericLessThanEquals,
    /// `StringEquals`
    StringEquals,
    /// `StringEqualsIgnoreCase`
    StringEqualsIgnoreCase,
    /// `StringLike`
    StringLike,
}

/// A value of a condition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text {
    /// The value as written, without the escapes of JSON. Numbers and booleans are texts, as for AWS.
    pub written: String,
    /// The meaning for the condition's operator. `*` is a wildcard only under `StringLike`, `ArnEquals` and `ArnLike`.
    pub parts: Vec<Part>,
}

/// A part of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The characters themselves. Two literal parts are never neighbours.
    Literal(String),
    /// `*`: any characters, or none.
    AnyRun,
    /// `?`: exactly one character.
    AnyCharacter,
}
