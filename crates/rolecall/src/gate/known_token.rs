//! A token that was verified, and what was decided on it.

use std::sync::{Arc, OnceLock};

use rolecall_engine::{CachedDecision, Decision};

use super::policies::Policies;
use crate::clock::Moment;
use crate::error::VerifyError;
use crate::key_set::KeySet;
use crate::time::UnixTime;
use crate::token_cache::Cached;
use crate::verified_token::VerifiedToken;
use crate::verifier::UnverifiedToken;

/// How many decisions on single roles are remembered with a token: a job rarely asks for more.
const REMEMBERED: usize = 4;

/// A token that was verified, what it was verified with, and what was decided on it.
pub(crate) struct KnownToken {
    text: Box<str>,
    pub(super) token: VerifiedToken,
    /// The policies that were in use.
    policies: Arc<Policies>,
    /// The place of its issuer among theirs.
    issuer: usize,
    /// The keys that it was verified with, one of which fits.
    keys: Arc<KeySet>,
    /// The first decisions on single roles.
    cached: [OnceLock<CachedDecision>; REMEMBERED],
    /// The decisions on the roles that it may take, once somebody wanted to know all of them.
    allowed: OnceLock<Box<[CachedDecision]>>,
}

impl KnownToken {
    /// Verifies a token with these keys, if there are any.
    pub(super) fn verify(
        text: &str,
        token: UnverifiedToken<'_, '_>,
        policies: &Arc<Policies>,
        keys: Option<Arc<KeySet>>,
        now: Moment,
    ) -> Result<Self, VerifyError> {
        let keys = keys.ok_or_else(|| VerifyError::NoKeys {
            issuer: token.issuer().name.as_str().into(),
        })?;
        let issuer = token.issuer_position();
        Ok(Self {
            text: text.into(),
            token: token.verify(&keys, now.wall)?,
            policies: Arc::clone(policies),
            issuer,
            keys,
            cached: Default::default(),
            allowed: OnceLock::new(),
        })
    }

    /// Reports if it would be verified again now under the same policies: its life is not over, and its issuer has the very
    /// same keys.
    pub(super) fn is_good(&self, now: Moment) -> bool {
        let keys = self.policies.keys.get(self.issuer);
        self.token.is_usable_at(now.wall)
            && keys.is_some_and(|keys| keys.is_current(&self.keys, now.monotonic))
    }

    /// The decision on a role, made now or before.
    pub(super) fn decide(&self, role: &str) -> CachedDecision {
        let (set, claims) = (&self.policies.set, self.token.claims());
        let is_it = |cached: &CachedDecision| {
            let decided = set.recall(claims, *cached).role();
            decided.is_some_and(|decided| *decided.name == *role)
        };
        let known = self.cached.iter().map_while(OnceLock::get);
        if let Some(cached) = known.copied().find(is_it) {
            return cached;
        }
        let decision = set.decide(claims, role);
        // The first free place. When there is none, or another thread was faster, it is decided again next time. A role
        // that nobody has would only take a place away.
        let free = self.cached.iter().find(|cached| cached.get().is_none());
        if let (Some(_), Some(free)) = (decision.role(), free) {
            let _ = free.set(decision.cached());
        }
        decision.cached()
    }

    /// A decision that was made.
    pub(super) fn recall(&self, cached: CachedDecision) -> Decision<'_> {
        self.policies.set.recall(self.token.claims(), cached)
    }

    /// The decisions on all roles that the token may take, in the order of the policies.
    pub(super) fn allowed(&self) -> &[CachedDecision] {
        self.allowed.get_or_init(|| {
            let mut cached = Vec::new();
            let _ = self.policies.set.roles(self.token.claims(), &mut cached);
            cached.sort_unstable();
            cached.into()
        })
    }
}

impl Cached for KnownToken {
    fn text(&self) -> &str {
        &self.text
    }

    fn usable_until(&self) -> UnixTime {
        self.token.usable_until()
    }

    fn generation(&self) -> u64 {
        self.policies.generation
    }
}
