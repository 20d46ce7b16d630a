//! Roles of AWS.

mod audiences;
mod comparison;
mod creation;
mod providers;

pub(super) use providers::Providers;

use super::Fact;
use super::condition::{all, any, constant};
use super::draft::{Draft, DraftClause};
use super::names::of_role;
use super::resource::Resource;
use super::shared::{Place, Shared};
use crate::aws::{Account, Effect, Provider, Role, Statement, Trust};
use crate::notice::Notice;
use crate::target::Target;
use comparison::Comparison;
use rolecall_syntax::ast::ExprAt;
use rolecall_syntax::{Span, Spanned};
use std::collections::BTreeSet;

/// The translation of the roles of a document.
#[derive(Debug)]
pub(super) struct Translator<'t, 'i, 'p> {
    pub(super) providers: &'t Providers,
    pub(super) shared: &'t mut Shared<'i, 'p>,
    pub(super) place: Place<'t>,
}

impl Translator<'_, '_, '_> {
    /// Translates the roles.
    pub(super) fn roles(&mut self, account: &Account) -> Vec<Draft> {
        account.roles.iter().map(|role| self.role(role)).collect()
    }

    fn role(&mut self, role: &Role) -> Draft {
        let mut notices = role.reading.notices.clone();
        let mut clauses = Vec::new();
        if let Some(trust) = &role.reading.trust {
            let allowed = trust.statements.iter().filter(|one| one.effect == Effect::Allow);
            for statement in allowed {
                for provider in &statement.providers {
                    match self.clause(statement, provider, trust, &mut notices) {
                        Ok(clause) => clauses.push(clause),
                        Err(notice) => notices.push(notice),
                    }
                }
            }
        }
        // The tree has items and their parts in the order of the text, and no part outside of its item.
        let inside = role.reading.span;
        let name = match &role.name {
            Some(name) => name.clone(),
            None => Spanned::new(String::new(), Span::at(inside.start)),
        };
        let written = role.name.as_ref().map(|name| name.node.as_str());
        let own = of_role("aws", role.owner.as_deref(), written, self.place.file);
        Draft {
            resource: Some(match (&role.arn, &role.name) {
                (Some(arn), _) => Resource::whole(Target::Aws, arn),
                (None, Some(name)) => Resource::end(Target::Aws, name.node.as_str()),
                (None, None) => Resource::of_file(Target::Aws, self.place.file),
            }),
            beside: beside(role),
            name: Spanned::new(own, name.span),
            file: self.place.number,
            span: role.span,
            clauses,
            notices,
        }
    }

    /// Translates a statement for the tokens of one provider.
    fn clause(
        &mut self,
        statement: &Statement,
        provider: &Spanned<Provider>,
        trust: &Trust,
        notices: &mut Vec<Notice>,
    ) -> Result<DraftClause, Notice> {
        creation::report(statement, provider, notices);
        let issuer = provider.issuer.as_str();
        let listed = self.providers.audiences(provider);
        if listed.is_none() && provider.account.is_some() {
            let entry = self.shared.missing.entry(format!("aws {issuer}"));
            entry.or_insert_with(|| (self.place.number, missing(provider)));
        }
        let audiences = audiences::of(statement, provider, listed);
        let profile = self.shared.issuers.add(issuer, &audiences);
        let profile = profile.ok_or_else(|| not_an_issuer(provider))?;
        let mut comparison = Comparison {
            provider,
            profile: &profile,
            audiences: &audiences,
            notices,
        };
        let mut parts = Vec::new();
        for condition in &statement.conditions {
            parts.push(comparison.of(condition)?.holds);
        }
        let denied = trust.statements.iter().filter(|one| one.effect == Effect::Deny);
        for statement in denied.filter(|one| one.providers.iter().any(|denied| denied.node == provider.node))
        {
            parts.push(not_denied(statement, &mut comparison)?);
        }
        Ok(DraftClause {
            issuer: Spanned::new(issuer.to_owned(), provider.span),
            audiences,
            when: match parts.is_empty() {
                true => constant(true, statement.span),
                false => all(parts, statement.span),
            },
            span: statement.span,
        })
    }
}

/// Returns the condition that a statement does not deny a token: one of its conditions fails. Each fails by its own rule
/// for absent claims, so that the statement is not negated as a whole.
fn not_denied(statement: &Statement, comparison: &mut Comparison<'_>) -> Result<ExprAt, Notice> {
    let mut parts = Vec::new();
    for condition in &statement.conditions {
        parts.push(comparison.of(condition)?.fails);
    }
    Ok(any(parts, statement.span))
}

fn missing(provider: &Spanned<Provider>) -> Notice {
    let issuer = &provider.issuer;
    let message = format!("the audiences of the provider `{issuer}` are not in the files");
    let help = "add the output of `aws iam get-open-id-connect-provider`";
    Notice::odd("provider-without-audiences", message, help, provider.span)
}

fn not_an_issuer(provider: &Spanned<Provider>) -> Notice {
    let message = format!(
        "`{}` is not the URL of an issuer without `https://`",
        provider.issuer
    );
    let help = "write the ARN of the provider as `aws iam list-open-id-connect-providers` prints it";
    Notice::refused("provider-not-understood", message, help, provider.span)
}

/// Returns the principals that are not tokens.
fn beside(role: &Role) -> BTreeSet<Fact> {
    let others = role.reading.trust.iter().flat_map(|trust| &trust.also_admits);
    others
        .map(|other| Fact::Principal(other.node.to_string()))
        .collect()
}
