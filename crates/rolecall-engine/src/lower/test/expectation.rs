//! Expectations of tests: the roles, and what must be true of the decisions on them.

use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::{ClaimId, FileId, IssuerId, RoleId};
use crate::ir::{Expectation, ExpectationKind, Fact};
use crate::lower::Lowering;
use crate::lower::scope::Scope;
use crate::lower::weight::total;
use rolecall_syntax::ast::{self, ClaimPath, Given};
use rolecall_syntax::{Spanned, names_there_are};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

impl Lowering<'_> {
    /// Lowers an expectation about a token of an issuer. `all_roles` is the weight of all roles.
    pub(super) fn expectation(
        &mut self,
        expectation: &Spanned<ast::Expectation>,
        file: FileId,
        issuer: Option<IssuerId>,
        all_roles: usize,
    ) -> Expectation {
        let location = Location::new(file, expectation.span);
        let kind = expectation.kind;
        let roles = self.select(&expectation.selectors, file);
        let weight = match kind {
            ExpectationKind::Only => all_roles,
            ExpectationKind::Allow | ExpectationKind::Deny => {
                total(roles.iter().map(|role| &self.role_weights[*role]))
            }
        };
        self.take_tested(weight, location);
        if expectation.because.is_some() || !expectation.facts.is_empty() {
            // The conditions are evaluated a second time, or the grants are filled in.
            self.take_tested(weight, location);
            self.check_kind(expectation, file);
        }
        let facts = self.facts(&expectation.facts, &roles, file);
        let because = expectation.because.as_ref().zip(issuer);
        let because = because.and_then(|(claim, issuer)| self.reason(claim, issuer, file));
        Expectation {
            kind,
            roles,
            facts,
            because,
            location,
        }
    }

    /// Reports facts about roles that are denied, and reasons for roles that are allowed.
    fn check_kind(&mut self, expectation: &ast::Expectation, file: FileId) {
        let first = expectation.facts.first().map(|fact| fact.span);
        let claim = expectation.because.as_ref().map(ClaimPath::span);
        let (span, message, help) = match (expectation.kind, first, claim) {
            (ExpectationKind::Deny, Some(span), _) => (
                span,
                "a role that is denied gives nothing",
                "write `expect allow … with …`, or remove the `with`",
            ),
            (ExpectationKind::Only, Some(span), _) => (
                span,
                "`expect only` says which roles are allowed, not what they give",
                "add a line `expect allow … with …`",
            ),
            (ExpectationKind::Allow, _, Some(span)) => (
                span,
                "a role that is allowed has no claim as its reason",
                "write `expect deny … because …`, or remove the `because`",
            ),
            (ExpectationKind::Only, _, Some(span)) => (
                span,
                "`expect only` is about many roles, and each has its own reason",
                "add a line `expect deny … because …`",
            ),
            _ => return,
        };
        let location = Location::new(file, span);
        self.error(Diagnostic::new(ErrorKind::MisplacedExpectation, location, message).help(help));
    }

    /// Returns the claim of a `because`.
    fn reason(&mut self, claim: &ClaimPath, issuer: IssuerId, file: FileId) -> Option<ClaimId> {
        let profile = Arc::clone(&self.program[issuer].profile);
        self.claim(claim, &Scope::new(file, &profile, &HashMap::new()))
    }

    /// Lowers the facts after a `with`.
    fn facts(&mut self, facts: &[Spanned<ast::Fact>], roles: &[RoleId], file: FileId) -> Vec<Fact> {
        let mut lowered = Vec::new();
        let mut seen: HashSet<Option<&str>> = HashSet::new();
        for fact in facts {
            let location = Location::new(file, fact.span);
            let name = match &fact.node {
                ast::Fact::Grant(grant) => Some(grant.name.node.as_str()),
                ast::Fact::Ttl(_) => None,
            };
            if !seen.insert(name) {
                let message = match name {
                    Some(name) => format!("the grant `{name}` is expected twice"),
                    None => "`ttl` is expected twice".to_owned(),
                };
                self.error(
                    Diagnostic::new(ErrorKind::RepeatedMember, location, message).help("remove one of them"),
                );
            }
            lowered.extend(match &fact.node {
                ast::Fact::Grant(grant) => self.grant(grant, roles, file),
                ast::Fact::Ttl(ttl) => self
                    .ttl(ttl, file)
                    .map(|seconds| Fact::Ttl(Duration::from_secs(seconds.into()))),
            });
        }
        lowered
    }

    /// Lowers an expected grant, which each of the roles must have.
    fn grant(&mut self, grant: &Given, roles: &[RoleId], file: FileId) -> Option<Fact> {
        let name = grant.name.node.as_str();
        let without = |role: &&RoleId| {
            let mut names = self.program[**role].grants.iter();
            !names.any(|known| **known == *name)
        };
        if let Some(role) = roles.iter().find(without) {
            let role = &self.program[*role];
            let names = || role.grants.iter().map(|name| &**name);
            let help = match self.budgets.did_you_mean(name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => names_there_are("grant", names()),
            };
            let location = Location::new(file, grant.name.span);
            let message = format!("the role `{}` has no grant `{name}`", role.name);
            self.error(Diagnostic::new(ErrorKind::UnknownGrant, location, message).help(help));
            return None;
        }
        let location = Location::new(file, grant.text.span);
        Some(Fact::Grant {
            name: name.to_owned(),
            text: self.plain_text(&grant.text.node, location)?,
        })
    }
}
