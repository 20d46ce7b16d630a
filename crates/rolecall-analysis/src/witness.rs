//! Witnesses: tokens that answer a question, as JSON and as a test to paste.

use crate::formula::Choices;
use crate::origin::Origin;
use crate::test_token::{TestToken, quoted};
use crate::times;
use rolecall_engine::ir::{External, Profile, Statement, TrustedIssuer};
use rolecall_engine::{
    ClaimId, Document, IssuerId, Object, PolicySet, Selector, Truth, UnverifiedClaims, Value,
};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A token that answers a question. The reference evaluation and the matcher have confirmed it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Witness {
    /// The issuer.
    pub issuer: IssuerId,
    /// The claims. Claims that do not matter are omitted: they may have any value that verification accepts.
    pub token: Object,
    /// The names of the roles of the question that the token gets.
    pub allowed: Vec<String>,
    /// The names of the roles of the question that the token does not get.
    pub denied: Vec<String>,
    /// The claim that is the only reason that the token does not get the roles, as policies write it. Only near
    /// misses have it.
    pub because: Option<String>,
    /// The values of external conditions with which the token answers the question. Other ones do not matter.
    pub externals: Vec<(Arc<External>, bool)>,
    /// The claims that the token must not have.
    absent: Vec<ClaimId>,
    origin: Origin,
    /// The choices of the search, so that other tokens can be made similar.
    pub(crate) choices: Choices,
}

impl Witness {
    pub(crate) fn new(
        issuer: IssuerId,
        trusted: &TrustedIssuer,
        token: Object,
        absent: Vec<ClaimId>,
        choices: Choices,
    ) -> Self {
        Self {
            issuer,
            token,
            allowed: Vec::new(),
            denied: Vec::new(),
            because: None,
            externals: Vec::new(),
            absent,
            origin: Origin::new(trusted),
            choices,
        }
    }

    /// Returns the claims, including those that do not matter but that every verified token has.
    pub fn claims(&self) -> UnverifiedClaims {
        UnverifiedClaims::new(Document::from(&verified(&self.token, self.origin.subject)))
    }

    /// Takes the token to another version of the policy set, in which its issuer is the same. `None` if that set does not
    /// have the issuer.
    pub fn move_to(&mut self, set: &PolicySet) -> Option<()> {
        self.issuer = set.program().issuer(&self.origin.issuer)?;
        Some(())
    }

    /// Returns the same token as a witness for some of the roles that it gets.
    pub(crate) fn about(&self, roles: &[&str]) -> Self {
        Self {
            allowed: roles.iter().map(|role| (*role).to_owned()).collect(),
            denied: Vec::new(),
            ..self.clone()
        }
    }

    /// Returns the value of an external condition. One that does not matter does not hold.
    pub fn value(&self, external: &External) -> Truth {
        let known = self.externals.iter().find(|(known, _)| **known == *external);
        Truth::from(known.is_some_and(|(_, value)| *value))
    }

    /// Returns a `test` that expects the roles of today, in the syntax of a policy file. `None` if they depend on
    /// external conditions, which a test does not have, if a test cannot write the token, or if the issuer is one of
    /// roles in other languages, which have no tests.
    pub fn test(&self, name: &str) -> Option<String> {
        let token = self.test_token()?.whole();
        Some(test(name, &token, &self.roles_of_today()))
    }

    /// Returns the same test as [`test`](Self::test), with the token as changes of the token of another test where
    /// that is shorter. `name_of_example` is the name of the example's test.
    pub fn test_like(&self, name: &str, name_of_example: &str, example: &Self) -> Option<String> {
        let token = self.test_token()?;
        let whole = token.whole();
        let base = example.test_token();
        let like = base.and_then(|base| token.like(name_of_example, &base));
        let shorter = like.filter(|like| like.len() < whole.len());
        Some(test(name, &shorter.unwrap_or(whole), &self.roles_of_today()))
    }

    /// Returns a `test` that expects the roles of today, with a case for each of some similar tokens. What cannot be a case is
    /// left out, see [`changes`](Self::changes).
    pub fn table(&self, set: &PolicySet, name: &str, others: &[Self]) -> Option<String> {
        let token = self.short_token(set)?.whole();
        let mut lines = self.roles_of_today();
        let mut cases: Vec<(String, Vec<String>)> = Vec::new();
        for other in others {
            let Some(changes) = other.changes(set, self) else {
                continue;
            };
            let expected = other.roles_of_today();
            match cases.iter_mut().find(|(known, _)| *known == changes) {
                _ if other.token == self.token => lines.extend(expected),
                Some((_, known)) => known.extend(expected),
                None => cases.push((changes, expected)),
            }
        }
        let cases = cases.into_iter();
        lines.extend(cases.map(|(changes, expected)| format!("case {changes} {}", expected.join(" "))));
        Some(test(name, &token, &lines))
    }

    /// Returns the changes that make the token of an example's, in braces. `None` as for [`test`](Self::test), and if there are
    /// none that do.
    pub fn changes(&self, set: &PolicySet, example: &Self) -> Option<String> {
        let base = example.short_token(set)?;
        let short = self.short_token(set)?.changes(&base);
        short.or_else(|| self.test_token()?.changes(&base))
    }

    /// Returns the token as a test writes it, without the claims that it derives from others in the same way.
    fn short_token(&self, set: &PolicySet) -> Option<TestToken> {
        let mut follows = self.derived_names();
        follows.retain(|name| self.token.get(name).is_some());
        let mut written = self.token.clone();
        follows.iter().for_each(|name| written.remove(name));
        let whole = set.complete(&self.origin.issuer, &written);
        match follows.iter().all(|name| whole.get(name) == self.token.get(name)) {
            true => Self {
                token: written,
                ..self.clone()
            }
            .test_token(),
            false => self.test_token(),
        }
    }

    /// Returns a `test` that fails as long as the token refutes a statement, and passes once the policies are
    /// repaired so that fewer tokens get roles. `None` as for [`test`](Self::test).
    ///
    /// It denies the role that the token should not get. If the token should rather get another role as well, or
    /// if it may get one of several roles, a comment says so.
    pub fn regression_test(&self, name: &str, statement: &Statement) -> Option<String> {
        let token = self.test_token()?.whole();
        let mut lines = Vec::new();
        if let (Statement::Disjoint(_), [_, _, ..]) = (statement, self.allowed.as_slice()) {
            lines.push("// Keep the line of the role that this token should not get.".to_owned());
        }
        lines.extend(
            self.allowed
                .iter()
                .map(|role| format!("expect deny {}", selector(role))),
        );
        if let [other] = self.denied.as_slice() {
            lines.push(format!(
                "// Or, if it should get both roles: expect allow {}",
                selector(other)
            ));
        }
        Some(test(name, &token, &lines))
    }

    /// Returns whether the token is from the issuer of another one.
    pub(crate) fn has_issuer_of(&self, other: &Self) -> bool {
        self.origin == other.origin
    }

    pub(crate) fn profile(&self) -> &Profile {
        &self.origin.profile
    }

    /// Returns the first names of the claims that follow from others.
    pub(crate) fn derived_names(&self) -> BTreeSet<String> {
        let derived = self.origin.derived.iter();
        derived
            .filter_map(|claim| self.origin.profile[*claim].path.first().cloned())
            .collect()
    }

    /// Returns the witness with another token, and `follows` filled in as the issuer derives it.
    pub(crate) fn with_token(
        &self,
        set: &PolicySet,
        mut written: Object,
        follows: &BTreeSet<String>,
    ) -> Self {
        let derived = follows.iter().filter(|name| written.get(name).is_some());
        let derived: Vec<&String> = derived.collect();
        derived.iter().for_each(|name| written.remove(name));
        let whole = set.complete(&self.origin.issuer, &written);
        for name in derived {
            if let Some(value) = whole.get(name) {
                written.set(name, value.clone());
            }
        }
        let profile = &self.origin.profile;
        let is_absent = |claim: &&ClaimId| written.at(&profile[**claim].path).is_none();
        Self {
            absent: self.absent.iter().filter(is_absent).copied().collect(),
            because: None,
            token: written,
            ..self.clone()
        }
    }

    /// Returns the token as a test writes it.
    fn test_token(&self) -> Option<TestToken> {
        let written = TestToken::new(&self.origin, &self.token, &self.absent);
        written.filter(|_| self.externals.is_empty() && self.origin.has_tests)
    }

    /// Returns the expectations of a test that passes today.
    fn roles_of_today(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.allowed.is_empty() {
            lines.push(format!("expect allow {}", selectors(&self.allowed)));
        }
        if !self.denied.is_empty() {
            let because = self.because.as_ref().map(|claim| format!(" because {claim}"));
            let because = because.unwrap_or_default();
            lines.push(format!("expect deny {}{because}", selectors(&self.denied)));
        }
        lines
    }
}

/// Returns the name of a role as a selector.
fn selector(role: &str) -> Selector {
    Selector::Name(role.to_owned())
}

fn selectors(roles: &[String]) -> String {
    let selectors: Vec<String> = roles.iter().map(|role| selector(role).to_string()).collect();
    selectors.join(", ")
}

/// Returns a test with this token and these expectations.
fn test(name: &str, token: &str, expectations: &[String]) -> String {
    let lines: String = expectations.iter().map(|line| format!("  {line}\n")).collect();
    format!("test {} {{\n  {token}\n{lines}}}\n", quoted(name))
}

/// Returns a token with the claims that every verified token has. Omitted claims get some value.
fn verified(token: &Object, subject: &str) -> Object {
    let mut whole = token.clone();
    if whole.get("sub").is_none() {
        whole.set("sub", Value::from(subject));
    }
    for (name, other) in times::PAIR {
        if whole.get(name).is_none() {
            let other = match whole.get(other) {
                Some(Value::Int(other)) => Some(*other),
                _ => None,
            };
            whole.set(name, Value::Int(times::fitting(name, other)));
        }
    }
    whole
}
