//! One state of the policies, with the verifier and the keys of their issuers.

use std::sync::Arc;
use std::time::Instant;

use rolecall_engine::PolicySet;

use crate::clock::Clock;
use crate::config::ConfigError;
use crate::keys::{Find, IssuerKeys, KeySources};
use crate::observer::Observer;
use crate::verifier::{UnverifiedToken, Verifier};

/// A set of policies, the verifier of its issuers, and their keys. It never changes: new policies are a new one of these.
pub(crate) struct Policies {
    pub(super) set: PolicySet,
    pub(super) verifier: Verifier,
    /// The keys of each issuer, in the order of the verifier.
    pub(super) keys: Vec<Arc<IssuerKeys>>,
    /// How many there were before.
    pub(super) generation: u64,
}

impl Policies {
    /// Policies after these. The keys of issuers that were there before are kept.
    pub(super) fn new(
        set: PolicySet,
        sources: &KeySources,
        before: Option<&Self>,
        clock: &Arc<dyn Clock>,
        observer: &Arc<dyn Observer>,
    ) -> Result<Self, ConfigError> {
        let verifier = Verifier::new(set.issuers().cloned())?;
        let old = before.map(|before| before.keys.as_slice()).unwrap_or_default();
        let keys = verifier.issuers().map(|issuer| {
            let kept = old.iter().find(|keys| keys.serves(issuer)).map(Arc::clone);
            kept.map_or_else(
                || IssuerKeys::new(issuer, sources, Arc::clone(clock), Arc::clone(observer)),
                Ok,
            )
        });
        let keys = keys.collect::<Result<_, _>>()?;
        Ok(Self {
            set,
            verifier,
            keys,
            generation: before.map_or(0, |before| before.generation.saturating_add(1)),
        })
    }

    /// The keys for a token.
    pub(super) fn find_keys(&self, token: &UnverifiedToken<'_, '_>, now: Instant) -> Find {
        let keys = self.keys.get(token.issuer_position());
        keys.map_or(Find::Missing, |keys| keys.find(token.kid(), now))
    }
}
