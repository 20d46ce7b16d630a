//! Verification of a token by a gate: from the cache, or with keys that may have to be fetched.

use std::sync::Arc;

use super::Gate;
use super::known_token::KnownToken;
use super::policies::Waited;
use crate::error::VerifyError;
use crate::keys::{Find, Pending};

/// The state of a verification.
pub(super) enum Step {
    Verified(Arc<KnownToken>),
    /// The keys of its issuer are being fetched. Meanwhile the call owns nothing of the policies, which may be
    /// replaced.
    Wait(Pending),
}

impl Gate {
    pub(super) fn verify(&self, text: &str) -> Result<Arc<KnownToken>, VerifyError> {
        let mut waited = None;
        loop {
            match self.step(text, waited)? {
                Step::Verified(known) => return Ok(known),
                Step::Wait(pending) => {
                    waited = Some(Waited {
                        keys: Arc::clone(pending.keys()),
                        found: pending.wait(),
                    });
                }
            }
        }
    }

    /// Verifies a token under the policies now in use, or returns its pending keys. A second wait is necessary
    /// only if the policies were replaced during the first one, and the issuer has other keys since.
    pub(super) fn step(&self, text: &str, waited: Option<Waited>) -> Result<Step, VerifyError> {
        let now = self.shared.clock.now();
        let version = self.shared.version.load();
        let known = version.cache.get(text);
        if let Some(known) = known.filter(|known| known.is_valid(now)) {
            return Ok(Step::Verified(known));
        }
        let policies = &version.policies;
        let token = policies.verifier.read(text)?;
        let keys = match policies.find_keys(&token, waited, now.monotonic)? {
            Find::Ready(keys) => Some(keys),
            Find::Missing => None,
            Find::Pending(pending) => return Ok(Step::Wait(pending)),
        };
        let known = Arc::new(KnownToken::verify(text, token, policies, keys, now)?);
        version.cache.insert(&known, now.wall);
        Ok(Step::Verified(known))
    }
}
