//! Providers that accounts have registered.

use crate::aws::{Account, Provider};
use std::collections::HashMap;

/// The audiences of the providers in some documents.
#[derive(Debug, Default)]
pub(in crate::translation) struct Providers {
    /// By account, if it is known, and issuer.
    audiences: HashMap<(Option<String>, String), Vec<String>>,
}

impl Providers {
    /// Collects the providers of documents.
    pub(in crate::translation) fn of<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Self {
        let mut providers = Self::default();
        let all = accounts.into_iter().flat_map(|account| &account.providers);
        for provider in all {
            if let Some(audiences) = &provider.audiences {
                let key = (provider.owner.clone(), provider.issuer.clone());
                let known = providers.audiences.entry(key).or_default();
                known.extend(audiences.iter().map(|audience| audience.node.clone()));
            }
        }
        providers
    }

    /// Returns the audiences of a provider, if they are known. The output of `get-open-id-connect-provider` does not name
    /// the account, and counts for each.
    pub(super) fn audiences(&self, provider: &Provider) -> Option<&[String]> {
        let issuer = &provider.issuer;
        let of = |account: &Option<String>| self.audiences.get(&(account.clone(), issuer.clone()));
        of(&provider.account).or_else(|| of(&None)).map(Vec::as_slice)
    }
}
