//! A policy set, with its verifier and the keys of its issuers.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use rolecall_engine::PolicySet;

use crate::clock::Clock;
use crate::config::ConfigError;
use crate::error::VerifyError;
use crate::key_set::KeySet;
use crate::keys::{Find, IssuerKeys, KeySources, TooManyWaiting};
use crate::observer::Observer;
use crate::verifier::{UnverifiedToken, Verifier};

/// The result of waiting for the keys of an issuer.
pub(super) struct Waited {
    pub(super) keys: Arc<IssuerKeys>,
    pub(super) found: Result<Option<Arc<KeySet>>, TooManyWaiting>,
}

/// A policy set, the verifier of its issuers, and their keys. It is immutable: new policies are a new value.
pub(crate) struct Policies {
    pub(super) set: Arc<PolicySet>,
    pub(super) verifier: Verifier,
    /// The keys of each issuer, in the order of the verifier's issuers.
    pub(super) keys: Vec<Arc<IssuerKeys>>,
}

impl Policies {
    /// Builds the next version. The keys of issuers that stay are kept.
    pub(super) fn new(
        set: PolicySet,
        sources: &KeySources,
        before: Option<&Self>,
        clock: &Arc<dyn Clock>,
        observer: &Arc<dyn Observer>,
    ) -> Result<Self, ConfigError> {
        let verifier = Verifier::new(set.issuers().cloned())?;
        let old = before.into_iter().flat_map(|before| &before.keys);
        let old: HashMap<&str, &Arc<IssuerKeys>> = old.map(|keys| (keys.issuer_url(), keys)).collect();
        let keys = verifier.issuers().map(|issuer| {
            let kept = old.get(&*issuer.url).filter(|keys| keys.serves(issuer));
            kept.map(|keys| Arc::clone(keys)).map_or_else(
                || IssuerKeys::new(issuer, sources, Arc::clone(clock), Arc::clone(observer)),
                Ok,
            )
        });
        let keys = keys.collect::<Result<_, _>>()?;
        Ok(Self {
            set: Arc::new(set),
            verifier,
            keys,
        })
    }

    /// Finds the keys for a token. If it waited for the keys of its issuer, the result is that of the wait.
    pub(super) fn find_keys(
        &self,
        token: &UnverifiedToken<'_, '_>,
        waited: Option<Waited>,
        now: Instant,
    ) -> Result<Find, VerifyError> {
        let Some(keys) = self.keys.get(token.issuer_index()) else {
            return Ok(Find::Missing);
        };
        let Some(waited) = waited.filter(|waited| Arc::ptr_eq(&waited.keys, keys)) else {
            return Ok(keys.find(token.kid(), now));
        };
        match waited.found {
            Ok(Some(keys)) => Ok(Find::Ready(keys)),
            Ok(None) => Ok(Find::Missing),
            Err(TooManyWaiting { waiting }) => Err(VerifyError::KeysUnavailable {
                issuer: token.issuer().name.as_str().into(),
                waiting,
            }),
        }
    }
}
