//! Authenticators of Kubernetes: each is a role, of the tokens that an API server accepts as users.

mod claims;
mod user;
mod values;

use super::cel::{Found, Names, Scope, Translated, joined, report, shallow};
use super::draft::{Draft, DraftClause};
use super::names::{in_file, of_role};
use super::shared::{Place, Shared};
use crate::cel::ExprAt;
use crate::kubernetes::{Authenticator, AuthenticatorReading, ClaimRule};
use crate::notice::{Notice, printable};
use claims::{required, verified_email};
use rolecall_engine::ir::Profile;
use rolecall_syntax::{Span, Spanned};
use std::collections::BTreeSet;
use user::User;

/// The issuer whose tokens may have its host as `iss`, too (`oidc.go`, `untrustedIssuer`).
const GOOGLE: &str = "https://accounts.google.com";

/// Translates the authenticators of a document.
pub(super) fn roles(
    readings: &[AuthenticatorReading],
    place: Place<'_>,
    shared: &mut Shared<'_, '_>,
) -> Vec<Draft> {
    let is_one = readings.len() == 1;
    let readings = readings.iter();
    readings
        .map(|reading| role(reading, is_one, place, shared))
        .collect()
}

fn role(found: &AuthenticatorReading, is_one: bool, place: Place<'_>, shared: &mut Shared<'_, '_>) -> Draft {
    let mut notices = found.reading.notices.clone();
    let mut clauses = Vec::new();
    if let Some(authenticator) = &found.reading.tree {
        shared
            .granted
            .insert("the access of users of Kubernetes is in RBAC, which is not read");
        match clause(authenticator, &mut notices, shared) {
            Ok(clause) => clauses.push(clause),
            Err(notice) => notices.push(notice),
        }
    }
    let host = found.issuer.as_ref().map(|issuer| {
        let rest = issuer.strip_prefix("https://").unwrap_or(issuer);
        rest.split('/').next().unwrap_or(rest)
    });
    let name = match host.filter(|host| !is_one && !host.is_empty()) {
        Some(host) => in_file("kubernetes", None, host, place.file),
        None => of_role("kubernetes", None, None, place.file),
    };
    let at = found
        .issuer
        .as_ref()
        .map_or(Span::at(found.span.start), |issuer| issuer.span);
    Draft {
        resource: None,
        beside: BTreeSet::new(),
        name: Spanned::new(name, at),
        file: place.number,
        span: found.span,
        clauses,
        notices,
    }
}

fn clause(
    authenticator: &Authenticator,
    notices: &mut Vec<Notice>,
    shared: &mut Shared<'_, '_>,
) -> Result<DraftClause, Notice> {
    let issuer = &authenticator.issuer;
    let host = issuer.strip_prefix("https://").unwrap_or_default();
    let audiences = authenticator.audiences.iter();
    let audiences: Vec<String> = audiences.map(|audience| audience.node.clone()).collect();
    let profile = shared.issuers.add(host, &audiences);
    let profile = profile.ok_or_else(|| not_an_issuer(issuer))?;
    if issuer.node == GOOGLE {
        let message = "the API server also accepts tokens with the `iss` `accounts.google.com`";
        let help = "the tokens of Google have the whole URL today, so that nothing is to do";
        notices.push(Notice::narrower("legacy-issuer", message, help, issuer.span));
    }
    let when = when(authenticator, &profile, notices)?;
    report_open(authenticator, &profile, notices);
    Ok(DraftClause {
        issuer: Spanned::new(host.to_owned(), issuer.span),
        audiences,
        when,
        span: authenticator.span,
    })
}

/// Returns the condition that all rules hold, and that all parts of the user have values.
fn when(authenticator: &Authenticator, profile: &Profile, notices: &mut Vec<Notice>) -> Translated {
    let span = authenticator.span;
    let scope = Scope {
        profile,
        issuer: &authenticator.issuer,
        token: "claims",
        names: &NoNames,
        is_mapping: false,
    };
    let mut parts: Vec<Translated> = Vec::new();
    for rule in &authenticator.claim_rules {
        parts.push(match rule {
            ClaimRule::Required { claim, value } => required(&scope, claim, value, notices),
            ClaimRule::Holds(expr) => holds(&scope, expr, notices),
        });
    }
    parts.extend(values::of_user(&scope, authenticator));
    parts.extend(verified_email(&scope, &authenticator.username));
    if !authenticator.user_rules.is_empty() {
        let user = User::of(authenticator, profile);
        let scope = Scope {
            names: &user,
            ..scope
        };
        let rules = authenticator.user_rules.iter();
        parts.extend(rules.map(|rule| holds(&scope, rule, notices)));
    }
    shallow(joined(parts, span, true)?, span)
}

fn holds(scope: &Scope<'_>, rule: &ExprAt, notices: &mut Vec<Notice>) -> Translated {
    report(scope, rule, notices);
    scope.condition(rule, rule.span).holds
}

/// The names of an expression about claims: none but the token.
struct NoNames;

impl Names for NoNames {
    fn find(&self, _: &str, _: &str) -> Found<'_> {
        Found::Unknown
    }
}

/// Reports an authenticator that takes each token of an issuer of many.
fn report_open(authenticator: &Authenticator, profile: &Profile, notices: &mut Vec<Notice>) {
    let issuer = &authenticator.issuer;
    let has_rules = !authenticator.claim_rules.is_empty() || !authenticator.user_rules.is_empty();
    if profile.shared.contains(&issuer.node) && !has_rules {
        let message = format!(
            "`{}` also issues tokens to others, and without a rule all of them are users of the cluster",
            printable(issuer)
        );
        let help = "add `claimValidationRules`, such as `claims.repository_owner_id == '…'`";
        notices.push(Notice::odd("no-condition", message, help, issuer.span));
    }
}

fn not_an_issuer(issuer: &Spanned<String>) -> Notice {
    let message = format!("`{}` is not the URL of an issuer", printable(issuer));
    let help = "write it as the tokens have it in `iss`, with `https://`";
    Notice::refused("issuer-not-understood", message, help, issuer.span)
}
