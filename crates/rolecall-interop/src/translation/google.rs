//! Workload identity federation of Google Cloud: bindings are roles, joined with the providers of their pools.

mod kinds;
mod mapping;
mod names;
mod pools;
mod provider;
mod selection;

pub(super) use pools::Pools;

use super::Fact;
use super::condition::{all, constant, named};
use super::draft::{Draft, DraftClause};
use super::names::{in_file, of_role};
use super::resource::Resource;
use super::shared::{Place, Shared};
use crate::google::{Binding, Documents, FoundPolicy, Member, Policy, Pool, Selection};
use crate::notice::{Notice, printable};
use crate::target::Target;
use pools::KnownProvider;
use rolecall_syntax::ast::{Expr, ExprAt};
use rolecall_syntax::{Span, Spanned};
use std::collections::BTreeSet;

/// Translates the policies of a document, and the providers whose pools no policy names.
pub(super) fn roles(
    documents: &Documents,
    pools: &Pools,
    place: Place<'_>,
    shared: &mut Shared<'_, '_>,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for found in &documents.policies {
        match &found.reading.tree {
            Some(policy) => {
                for binding in &policy.bindings {
                    drafts.push(role(policy, binding, pools, place));
                }
            }
            None => drafts.push(refused(found, place)),
        }
    }
    for provider in pools.unbound(place.number) {
        drafts.push(tokens_of_pool(provider, place, shared));
    }
    drafts
}

/// Translates a binding.
fn role(policy: &Policy, binding: &Binding, pools: &Pools, place: Place<'_>) -> Draft {
    let mut notices = Vec::new();
    let mut clauses = Vec::new();
    let mut beside = others(binding);
    for member in &binding.members {
        match &member.node {
            Member::Tokens(pool, selection) => match pools.providers(pool) {
                Some(providers) => {
                    let keys = providers.clone().filter_map(|provider| provider.keys.as_ref());
                    beside.extend(keys.cloned().map(Fact::Keys));
                    let found = providers
                        .map(|provider| clause(binding, provider, selection, member.span, &mut notices));
                    match found.collect::<Result<Vec<_>, _>>() {
                        Ok(found) => clauses.extend(possible(found.into_iter().flatten().collect())),
                        Err(notice) => notices.push(notice),
                    }
                }
                None => notices.push(without_provider(pool, member.span)),
            },
            Member::AllUsers => {
                let message = "the binding has a member that needs no token of the pool";
                let help = "remove `allUsers` and `allAuthenticatedUsers`";
                notices.push(Notice::odd("member-all-users", message, help, member.span));
            }
            Member::Other(_) => {}
        }
    }
    let owner = policy.resource.as_ref().map(|resource| resource.as_str());
    let short = binding.role.rsplit('/').next().unwrap_or(&binding.role);
    let own = in_file("gcp", owner, short, place.file);
    // A binding of a project or a bucket is for no service account.
    let resource = match &policy.account {
        Some(email) => Some(Resource::whole(Target::Google, email)),
        None => Some(Resource::of_file(Target::Google, place.file)).filter(|found| found.name.contains('@')),
    };
    Draft {
        resource,
        beside,
        name: Spanned::new(own, binding.role.span),
        file: place.number,
        span: binding.span,
        clauses,
        notices,
    }
}

/// Returns the clauses of a member, without those of providers that give no token the attribute, if another one does.
fn possible(clauses: Vec<DraftClause>) -> Vec<DraftClause> {
    let is_possible = |clause: &DraftClause| clause.when != constant(false, clause.span);
    match clauses.iter().any(is_possible) {
        true => clauses.into_iter().filter(is_possible).collect(),
        false => clauses,
    }
}

/// Returns the clause of a member for the tokens of one provider, unless these are not ID tokens.
fn clause(
    binding: &Binding,
    provider: &KnownProvider,
    selection: &Selection,
    span: Span,
    notices: &mut Vec<Notice>,
) -> Result<Option<DraftClause>, Notice> {
    let at = Span::at(span.start);
    let tokens = match &provider.tokens {
        Ok(Some(tokens)) => tokens,
        Ok(None) => return Ok(None),
        Err(notice) => {
            let message = format!(
                "the provider `{}` is not translated: {}",
                provider.id.node, notice.message
            );
            return Err(Notice::refused(notice.code, message, notice.help.clone(), span));
        }
    };
    let selected = tokens.selected(selection, span)?;
    notices.extend(tokens.narrower(&selected, span));
    let condition = match &tokens.condition {
        Some(name) => named(name, at),
        None => constant(true, at),
    };
    let external = binding.condition.as_ref().map(|condition| {
        let text = format!("gcp: {}", condition.expression.trim());
        Spanned::new(Expr::External(text), condition.expression.span)
    });
    let span = if external.is_some() { binding.span } else { span };
    let parts: Vec<ExprAt> = [condition, selected].into_iter().chain(external).collect();
    Ok(Some(DraftClause {
        // The members of a clause have the order of the text, and the issuer is in another document.
        issuer: Spanned::new(tokens.issuer.clone(), at),
        audiences: tokens.audiences.clone(),
        when: all(parts, span),
        span,
    }))
}

/// Returns the role of the tokens that a pool takes by one provider.
fn tokens_of_pool(provider: &KnownProvider, place: Place<'_>, shared: &mut Shared<'_, '_>) -> Draft {
    let span = provider.span;
    let mut notices = provider.notices.clone();
    let mut clauses = Vec::new();
    match &provider.tokens {
        Ok(Some(tokens)) => {
            notices.extend(tokens.narrower(&constant(true, span), provider.id.span));
            clauses.push(DraftClause {
                issuer: Spanned::new(tokens.issuer.clone(), tokens.issuer_span),
                audiences: tokens.audiences.clone(),
                when: tokens.when.clone(),
                span,
            });
        }
        Ok(None) => {}
        // The reasons of the reader are among the notices.
        Err(notice) if notices.contains(notice) => {}
        Err(notice) => notices.push(notice.clone()),
    }
    if let (false, Some(pool)) = (clauses.is_empty(), &provider.pool) {
        let entry = shared.missing.entry(format!("gcp {pool}"));
        entry.or_insert_with(|| (place.number, without_bindings(pool, provider.id.span)));
    }
    let pool = provider.pool.as_ref().map(|pool| pool.id.as_str());
    let own = in_file("gcp", pool, &provider.id, place.file);
    Draft {
        resource: None,
        beside: BTreeSet::new(),
        name: Spanned::new(own, provider.id.span),
        file: place.number,
        span,
        clauses,
        notices,
    }
}

/// Returns the role of a policy that is not understood.
fn refused(found: &FoundPolicy, place: Place<'_>) -> Draft {
    let own = of_role("gcp", None, None, place.file);
    Draft {
        resource: None,
        beside: BTreeSet::new(),
        name: Spanned::new(own, Span::at(found.span.start)),
        file: place.number,
        span: found.span,
        clauses: Vec::new(),
        notices: found.reading.notices.clone(),
    }
}

fn without_provider(pool: &Pool, span: Span) -> Notice {
    let message = format!(
        "the providers of the pool `{}` are not in the files",
        printable(&pool.id)
    );
    let help = "add the output of `gcloud iam workload-identity-pools providers list --format=json`";
    Notice::refused("pool-without-provider", message, help, span)
}

fn without_bindings(pool: &Pool, span: Span) -> Notice {
    let message = format!(
        "the bindings of the pool `{}` are not in the files",
        printable(&pool.id)
    );
    let help = "add the output of `gcloud iam service-accounts get-iam-policy --format=json`";
    Notice::odd("pool-without-bindings", message, help, span)
}

/// Returns the members of a binding that are not tokens of a pool.
fn others(binding: &Binding) -> BTreeSet<Fact> {
    let others = binding.members.iter().filter_map(|member| match &member.node {
        Member::AllUsers => Some(Fact::Principal("allUsers or allAuthenticatedUsers".to_owned())),
        Member::Other(other) => Some(Fact::Principal(other.clone())),
        Member::Tokens(..) => None,
    });
    others.collect()
}
