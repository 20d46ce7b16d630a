//! Verification of a token by a gate: from the cache, or with keys that may have to be fetched.

use std::sync::Arc;

use super::Gate;
use super::known_token::KnownToken;
use super::policies::Policies;
use crate::clock::Moment;
use crate::error::VerifyError;
use crate::key_set::KeySet;
use crate::keys::{Find, Pending, TooManyWaiting};
use crate::verifier::UnverifiedToken;

/// The state of a verification.
#[allow(
    clippy::large_enum_variant,
    reason = "it is taken apart right where it is made"
)]
pub(super) enum Step<'t, 'p> {
    Verified(Arc<KnownToken>),
    /// The keys of its issuer are being fetched.
    Wait(UnverifiedToken<'t, 'p>, Pending),
}

impl Gate {
    pub(super) fn verify(&self, text: &str) -> Result<Arc<KnownToken>, VerifyError> {
        let now = self.shared.clock.now();
        if let Some(known) = self.known(text, now) {
            return Ok(known);
        }
        let policies = self.shared.policies.load_full();
        match self.begin(text, &policies, now)? {
            Step::Verified(known) => Ok(known),
            Step::Wait(token, pending) => self.end(pending.wait(), text, token, &policies),
        }
    }

    /// Verifies a token, or returns its pending keys.
    pub(super) fn begin<'t, 'p>(
        &self,
        text: &'t str,
        policies: &'p Arc<Policies>,
        now: Moment,
    ) -> Result<Step<'t, 'p>, VerifyError> {
        let token = policies.verifier.read(text)?;
        let keys = match policies.find_keys(&token, now.monotonic) {
            Find::Ready(keys) => Some(keys),
            Find::Missing => None,
            Find::Pending(pending) => return Ok(Step::Wait(token, pending)),
        };
        self.verify_with(keys, text, token, policies, now)
            .map(Step::Verified)
    }

    /// Verifies a token after waiting for its keys, at the time when they have arrived.
    pub(super) fn end(
        &self,
        keys: Result<Option<Arc<KeySet>>, TooManyWaiting>,
        text: &str,
        token: UnverifiedToken<'_, '_>,
        policies: &Arc<Policies>,
    ) -> Result<Arc<KnownToken>, VerifyError> {
        let keys = keys.map_err(|TooManyWaiting { waiting }| VerifyError::KeysUnavailable {
            issuer: token.issuer().name.as_str().into(),
            waiting,
        })?;
        self.verify_with(keys, text, token, policies, self.shared.clock.now())
    }

    /// Returns the cached token, if it is still valid now.
    pub(super) fn known(&self, text: &str, now: Moment) -> Option<Arc<KnownToken>> {
        let known = self.shared.cache.get(text)?;
        known.is_valid(now).then_some(known)
    }

    /// Verifies a token, and caches it if it is accepted and its policies are still in use.
    fn verify_with(
        &self,
        keys: Option<Arc<KeySet>>,
        text: &str,
        token: UnverifiedToken<'_, '_>,
        policies: &Arc<Policies>,
        now: Moment,
    ) -> Result<Arc<KnownToken>, VerifyError> {
        let known = Arc::new(KnownToken::verify(text, token, policies, keys, now)?);
        self.shared.cache.insert(&known, now.wall);
        Ok(known)
    }
}
