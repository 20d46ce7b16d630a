//! One version of the policies, with its verifier and the keys of its issuers.

use std::sync::Arc;
use std::time::Instant;

use rolecall_engine::PolicySet;

use crate::clock::Clock;
use crate::config::ConfigError;
use crate::keys::{Find, IssuerKeys, KeySources};
use crate::observer::Observer;
use crate::verifier::{UnverifiedToken, Verifier};

/// A policy set, the verifier of its issuers, and their keys. It is immutable: new policies are a new value.
pub(crate) struct Policies {
    pub(super) set: Arc<PolicySet>,
    pub(super) verifier: Verifier,
    /// The keys of each issuer, in the order of the verifier's issuers.
    pub(super) keys: Vec<Arc<IssuerKeys>>,
    /// The number of versions before this one. It is only compared for equality, so it may wrap.
    pub(super) generation: u64,
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
        let old = before.map_or(&[][..], |before| &before.keys);
        let keys = verifier.issuers().map(|issuer| {
            let kept = old.iter().find(|keys| keys.serves(issuer)).map(Arc::clone);
            kept.map_or_else(
                || IssuerKeys::new(issuer, sources, Arc::clone(clock), Arc::clone(observer)),
                Ok,
            )
        });
        let keys = keys.collect::<Result<_, _>>()?;
        Ok(Self {
            set: Arc::new(set),
            verifier,
            keys,
            generation: before.map_or(0, |before| before.generation.wrapping_add(1)),
        })
    }

    /// Finds the keys for a token.
    pub(super) fn find_keys(&self, token: &UnverifiedToken<'_, '_>, now: Instant) -> Find {
        let keys = self.keys.get(token.issuer_index());
        keys.map_or(Find::Missing, |keys| keys.find(token.kid(), now))
    }
}
