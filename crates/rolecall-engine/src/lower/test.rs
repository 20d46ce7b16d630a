//! Tests and their cases: a complete token for each, and the roles that it is expected to get.

mod draft;
mod expectation;
mod file;
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
use rolecall_syntax::{Spanned, ast, print_claims};
use std::collections::HashMap;
use std::iter;

/// Returns claims with those added that a token of an issuer would also have.
pub(crate) fn complete(issuer: &TrustedIssuer, claims: Object) -> Object {
    let mut draft = Draft::new(claims);
    draft.fill_in(issuer);
    draft.claims()
}

/// The limits of a test's token: those of a verified one.
const LIMITS: JsonLimits = JsonLimits::CLAIMS;

/// A token with its expectations: that of a test, or of one of its cases.
#[derive(Clone, Copy)]
struct Tried<'a> {
    test: Named<'a, ast::Test>,
    case: Option<&'a Spanned<ast::Case>>,
}

/// The tokens by the names of the tests and the cases.
type ByName<'a> = HashMap<String, Tried<'a>>;

impl<'a> Tried<'a> {
    /// Returns those of a test: its own token, and those of its cases.
    fn of(test: Named<'a, ast::Test>) -> impl Iterator<Item = Self> {
        let cases = test.item.cases.iter().map(Some);
        iter::once(None).chain(cases).map(move |case| Self { test, case })
    }

    fn expectations(self) -> &'a [Spanned<ast::Expectation>] {
        self.case
            .map_or(&self.test.item.expectations, |case| &case.expectations)
    }

    fn location(self) -> Location {
        self.case.map_or(self.test.location, |case| {
            Location::new(self.test.file, case.span)
        })
    }

    /// Returns the location of the name, or of the changes that stand for it.
    fn name_location(self) -> Location {
        let span = match self.case {
            None => self.test.item.name.span,
            Some(case) => case.name.as_ref().map_or(case.changes.span, |name| name.span),
        };
        Location::new(self.test.file, span)
    }
}

impl<'a> Lowering<'a> {
    pub(super) fn lower_tests(&mut self) {
        let mut by_name = ByName::new();
        let mut named = Vec::new();
        for test in &self.names.tests {
            for tried in Tried::of(*test) {
                let Some(name) = self.tried_name(tried) else {
                    continue;
                };
                if let Some(first) = by_name.get(&name) {
                    let (message, help) = match tried.case.is_some_and(|case| case.name.is_none()) {
                        true => (
                            "there are two cases with these changes".to_owned(),
                            "remove one of them",
                        ),
                        false => (
                            format!("there are two tests called `{name}`"),
                            "rename one of them",
                        ),
                    };
                    self.error(
                        Diagnostic::new(ErrorKind::DuplicateName, tried.name_location(), message)
                            .help(help)
                            .note(first.name_location(), "the other one"),
                    );
                } else {
                    by_name.insert(name.clone(), tried);
                }
                named.push((name, tried));
            }
        }
        let all_roles = total(self.role_weights.values());
        for (name, tried) in named {
            self.test(name, tried, &by_name, all_roles);
            if self.exceeded.is_some() {
                return;
            }
        }
    }

    /// Returns the name of a test, or of a case: that of its test, and its own or its changes.
    fn tried_name(&mut self, tried: Tried<'a>) -> Option<String> {
        let Tried { test, case } = tried;
        let name = self.plain_text(
            &test.item.name.node,
            Location::new(test.file, test.item.name.span),
        )?;
        let Some(case) = case else {
            return Some(name);
        };
        let own = match &case.name {
            Some(own) => self.plain_text(&own.node, tried.name_location())?,
            None => print_claims(&case.changes),
        };
        let name = format!("{name}: {own}");
        self.take_claims(name.len(), tried.name_location())
            .then_some(name)
    }

    /// Lowers the token and the expectations of a test or a case. `all_roles` is the weight of all roles.
    fn test(&mut self, name: String, tried: Tried<'a>, by_name: &ByName<'a>, all_roles: usize) {
        let Tried { test, case } = tried;
        let mut draft = Draft::default();
        let overlay = self.overlay(tried, by_name, &mut Vec::new(), &mut draft);
        let issuer = self.find_issuer(&test.item.token.issuer, test.file);
        let expectations = tried.expectations().iter();
        let expectations: Vec<_> = expectations
            .map(|expectation| self.expectation(expectation, test.file, issuer, all_roles))
            .collect();
        let (Some(issuer), Ok(())) = (issuer, overlay) else {
            return;
        };
        let is_unread = draft.is_unread;
        let steps = draft.fill_in(&self.program[issuer]);
        self.take_claims(steps, tried.location());
        let claims = draft.claims();
        if claims.len() > LIMITS.members {
            let span = case.map_or(test.item.token.span, |case| case.changes.span);
            let message = format!(
                "the token has {} claims, more than the {} of a verified token",
                claims.len(),
                LIMITS.members
            );
            self.error(
                Diagnostic::new(ErrorKind::LimitExceeded, Location::new(test.file, span), message)
                    .help("remove some claims"),
            );
        }
        // The token of a test may be there for its cases alone.
        if expectations.is_empty() {
            return;
        }
        if is_unread {
            self.program.unread_tests.push(name);
            return;
        }
        self.program.tests.push(Test {
            name,
            issuer,
            claims: UnverifiedClaims::new(claims),
            expectations,
            location: tried.location(),
        });
    }
}
