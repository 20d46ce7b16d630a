//! Tests: a complete token for each, and the roles that it is expected to get.

mod draft;
mod expectation;
mod token;

use super::Lowering;
use super::names::Named;
use super::weight::total;
use crate::claims::UnverifiedClaims;
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::ir::{Test, TrustedIssuer};
use crate::json::JsonLimits;
use crate::value::Object;
use draft::Draft;
use rolecall_syntax::ast;
use std::collections::HashMap;

/// Returns claims with those added that a token of an issuer would also have.
pub(crate) fn complete(issuer: &TrustedIssuer, claims: Object) -> Object {
    let mut draft = Draft::new(claims);
    draft.fill_in(issuer);
    draft.claims()
}

/// The limits of a test's token: those of a verified one.
const LIMITS: JsonLimits = JsonLimits::CLAIMS;

/// The tests by their names.
type TestsByName<'a> = HashMap<String, Named<'a, ast::Test>>;

impl<'a> Lowering<'a> {
    pub(super) fn lower_tests(&mut self) {
        let mut by_name = TestsByName::new();
        for test in &self.names.tests {
            let location = Location::new(test.file, test.item.name.span);
            let Some(name) = self.plain_text(&test.item.name.node, location) else {
                continue;
            };
            if let Some(first) = by_name.get(&name) {
                let message = format!("there are two tests called `{name}`");
                self.error(
                    Diagnostic::new(ErrorKind::DuplicateName, location, message)
                        .help("rename one of them")
                        .note(first.location, "the other one"),
                );
            } else {
                by_name.insert(name, *test);
            }
        }
        let all_roles = total(self.role_weights.values());
        for test in &self.names.tests {
            self.test(*test, &by_name, all_roles);
            if self.exceeded.is_some() {
                return;
            }
        }
    }

    /// Lowers a test. `all_roles` is the weight of all roles.
    fn test(&mut self, test: Named<'a, ast::Test>, by_name: &TestsByName<'a>, all_roles: usize) {
        let mut draft = Draft::default();
        let overlay = self.overlay(test, by_name, &mut Vec::new(), &mut draft);
        let issuer = self.find_issuer(&test.item.token.issuer, test.file);
        let expectations = test.item.expectations.iter();
        let expectations = expectations
            .map(|expectation| self.expectation(expectation, test.file, issuer, all_roles))
            .collect();
        let (Some(issuer), Ok(()), Ok(name)) = (issuer, overlay, test.item.name.text()) else {
            return;
        };
        let steps = draft.fill_in(&self.program[issuer]);
        self.take_claims(steps, test.location);
        let claims = draft.claims();
        if claims.len() > LIMITS.members {
            let location = Location::new(test.file, test.item.token.span);
            let message = format!(
                "the token has {} claims, more than the {} of a verified token",
                claims.len(),
                LIMITS.members
            );
            self.error(
                Diagnostic::new(ErrorKind::LimitExceeded, location, message).help("remove some claims"),
            );
        }
        self.program.tests.push(Test {
            name,
            issuer,
            claims: UnverifiedClaims::new(claims),
            expectations,
            location: test.location,
        });
    }
}
