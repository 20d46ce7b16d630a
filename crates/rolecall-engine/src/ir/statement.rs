//! Tests and assertions of a policy set.

use super::formula::Formula;
use crate::claims::UnverifiedClaims;
use crate::diagnostic::Location;
use crate::id::{ClaimId, IssuerId, RoleId};
use rolecall_syntax::ast::ExpectationKind;
use std::time::Duration;

/// A test of the policy set: a token, and the roles that it is expected to get.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Test {
    /// The test's name; for a case, `TEST: CASE`, where the text of its changes stands for a missing name.
    pub name: String,
    /// The issuer of the token.
    pub issuer: IssuerId,
    /// The token, with derived claims filled in.
    pub claims: UnverifiedClaims,
    /// The expectations in the order of the text; never empty.
    pub expectations: Vec<Expectation>,
    /// The `test` item, or the `case` in it.
    pub location: Location,
}

impl Test {
    /// Returns true if the test expects that its token gets a role.
    pub fn allows(&self, role: RoleId) -> bool {
        let names = |expectation: &Expectation| expectation.roles.binary_search(&role).is_ok();
        let mut expectations = self.expectations.iter();
        expectations.any(|expectation| expectation.kind != ExpectationKind::Deny && names(expectation))
    }
}

/// An expectation of a test.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Expectation {
    /// The kind: the roles are allowed, denied, or the only ones that are allowed.
    pub kind: ExpectationKind,
    /// The roles, in order and each once.
    pub roles: Vec<RoleId>,
    /// The facts that must be true of the decision on each role, in the order of the text.
    pub facts: Vec<Fact>,
    /// The claim that alone must be the reason of each denial, in the profile of the token's issuer.
    pub because: Option<ClaimId>,
    /// The `expect` statement.
    pub location: Location,
}

impl Expectation {
    /// Returns true if one of these roles is expected to be allowed.
    pub fn allows(&self, role: RoleId) -> bool {
        match self.kind {
            ExpectationKind::Allow => true,
            ExpectationKind::Deny => false,
            ExpectationKind::Only => self.roles.binary_search(&role).is_ok(),
        }
    }
}

/// A fact about the decision on a role that is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fact {
    /// The text of a grant.
    Grant {
        /// The grant's name.
        name: String,
        /// The text with the token's values in it.
        text: String,
    },
    /// The lifetime of the credentials.
    Ttl(Duration),
}

/// A statement about all tokens that a policy set asserts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Assertion {
    /// The assertion's name.
    pub name: String,
    /// The statement.
    pub statement: Statement,
    /// The roles of documents that the statement is about and that are not translated. Nothing is proved about them.
    pub untranslated: Vec<String>,
    /// The `assert` item.
    pub location: Location,
}

/// The statement of an assertion.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Statement {
    /// Every token that gets one of the second roles gets one of the first.
    Covers(Vec<RoleId>, Vec<RoleId>),
    /// No token gets roles of two of these groups.
    Disjoint(Vec<Vec<RoleId>>),
    /// The tokens that get one of the first roles are those that get one of the second.
    Equivalent(Vec<RoleId>, Vec<RoleId>),
    /// Every token that gets one of the roles fulfils the goal.
    Implies(Vec<RoleId>, Goal),
    /// No token that gets one of the roles fulfils the goal.
    Never(Vec<RoleId>, Goal),
    /// Each of the roles has a token that gets it and fulfils the goal, if there is one.
    Possible(Vec<RoleId>, Option<Goal>),
}

/// A requirement of an assertion on a token.
#[derive(Clone, Debug)]
pub enum Goal {
    /// The token fulfils the condition for its issuer.
    Condition(Vec<IssuerCondition>),
    /// The token gets the role.
    Role(RoleId),
}

/// A condition on the tokens of one issuer.
#[derive(Clone, Debug)]
pub struct IssuerCondition {
    /// The issuer.
    pub issuer: IssuerId,
    /// The condition over the claims of the issuer's profile.
    pub condition: Formula,
}
