//! Pools of all documents: their providers, and the policies that name them.

use super::provider::{Tokens, tokens};
use crate::google::{Documents, Member, Pool, ProviderKind, ProviderReading};
use crate::notice::Notice;
use crate::translation::shared::Shared;
use rolecall_syntax::ast::{Condition, Item};
use rolecall_syntax::{Span, Spanned};
use std::collections::{BTreeMap, BTreeSet};

/// The pools of all documents.
#[derive(Debug, Default)]
pub(in crate::translation) struct Pools {
    providers: Vec<KnownProvider>,
    /// The indices of the providers of each pool.
    by_pool: BTreeMap<Pool, Vec<usize>>,
    /// The pools that policies name.
    bound: BTreeSet<Pool>,
}

/// A provider, and the tokens that it takes.
#[derive(Debug)]
pub(super) struct KnownProvider {
    file: usize,
    pub(super) pool: Option<Pool>,
    pub(super) id: Spanned<String>,
    pub(super) notices: Vec<Notice>,
    /// The tokens; none if its credentials are not ID tokens.
    pub(super) tokens: Result<Option<Tokens>, Notice>,
    /// The keys that sign the tokens, if the issuer does not publish them.
    pub(super) keys: Option<String>,
    pub(super) span: Span,
}

/// A condition that roles of other files use, and notices about it.
#[derive(Debug)]
pub(in crate::translation) struct Definition {
    pub(in crate::translation) item: Option<Spanned<Item>>,
    pub(in crate::translation) notices: Vec<Notice>,
}

impl Pools {
    /// Collects the pools of documents, in the order of the files.
    pub(in crate::translation) fn of<'a>(
        documents: impl Iterator<Item = &'a Documents>,
        shared: &mut Shared<'_, '_>,
    ) -> Self {
        let mut pools = Self::default();
        for (file, documents) in documents.enumerate() {
            for reading in &documents.providers {
                pools.add(file, reading, shared);
            }
            let policies = documents.policies.iter();
            let policies = policies.filter_map(|policy| policy.reading.tree.as_ref());
            for binding in policies.flat_map(|policy| &policy.bindings) {
                pools
                    .bound
                    .extend(binding.members.iter().filter_map(|member| match &member.node {
                        Member::Tokens(pool, _) => Some(pool.clone()),
                        _ => None,
                    }));
            }
        }
        pools
    }

    fn add(&mut self, file: usize, found: &ProviderReading, shared: &mut Shared<'_, '_>) {
        let mut notices = found.reading.notices.clone();
        let tokens = tokens(found, &mut notices, shared);
        if let Some(pool) = &found.pool {
            let of_pool = self.by_pool.entry(pool.clone()).or_default();
            of_pool.push(self.providers.len());
        }
        let kind = found.reading.tree.as_ref().map(|tree| &tree.kind);
        let keys = match kind {
            Some(ProviderKind::Oidc(oidc)) => oidc.keys.clone(),
            Some(ProviderKind::Other(_)) | None => None,
        };
        self.providers.push(KnownProvider {
            file,
            pool: found.pool.clone(),
            id: found.id.clone(),
            notices,
            tokens,
            keys,
            span: found.span,
        });
    }

    /// Returns the providers of a pool, if one is known.
    pub(super) fn providers(&self, pool: &Pool) -> Option<impl Iterator<Item = &KnownProvider> + Clone> {
        let indices = self.by_pool.get(pool)?;
        Some(indices.iter().filter_map(|index| self.providers.get(*index)))
    }

    /// Returns the providers in a file whose pools no policy names.
    pub(super) fn unbound(&self, file: usize) -> impl Iterator<Item = &KnownProvider> {
        let here = self
            .providers
            .iter()
            .filter(move |provider| provider.file == file);
        here.filter(|provider| !self.is_bound(provider))
    }

    fn is_bound(&self, provider: &KnownProvider) -> bool {
        provider
            .pool
            .as_ref()
            .is_some_and(|pool| self.bound.contains(pool))
    }

    /// Returns the conditions of the providers in a file whose pools policies name.
    pub(in crate::translation) fn definitions(&self, file: usize) -> Vec<Definition> {
        let here = self.providers.iter().filter(|provider| provider.file == file);
        let bound = here.filter(|provider| self.is_bound(provider));
        bound.map(KnownProvider::definition).collect()
    }
}

impl KnownProvider {
    fn definition(&self) -> Definition {
        let mut notices = self.notices.clone();
        let item = match &self.tokens {
            Ok(Some(tokens)) => tokens.condition.as_ref().map(|name| {
                let condition = Condition {
                    name: Spanned::new(name.clone(), self.id.span),
                    parameters: Vec::new(),
                    expr: tokens.when.clone(),
                };
                Spanned::new(Item::Condition(Box::new(condition)), self.span)
            }),
            Ok(None) => None,
            Err(notice) => {
                if !notices.contains(notice) {
                    notices.push(notice.clone());
                }
                None
            }
        };
        Definition { item, notices }
    }
}
