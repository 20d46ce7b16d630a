//! A verified token with the decisions made on it.

use std::sync::{Arc, OnceLock};

use rolecall_engine::{CachedDecision, Decision, Explanation, PolicySet};

use super::policies::Policies;
use crate::clock::Moment;
use crate::error::VerifyError;
use crate::key_set::KeySet;
use crate::threads::Large;
use crate::time::UnixTime;
use crate::token_cache::Cached;
use crate::verified_token::VerifiedToken;
use crate::verifier::UnverifiedToken;

/// The number of single-role decisions to keep per token: a job rarely asks for more.
const MAX_DECISIONS: usize = 4;

/// A verified token, the policies and keys that verified it, and the decisions made on it.
pub(crate) struct KnownToken {
    text: Box<str>,
    pub(super) token: VerifiedToken,
    /// The policies that verified it.
    policies: Arc<Large<Policies>>,
    /// The index of its issuer in the verifier.
    issuer: usize,
    /// The keys that verified it.
    keys: Arc<KeySet>,
    /// The first single-role decisions.
    cached: [OnceLock<CachedDecision>; MAX_DECISIONS],
    /// The decisions on all roles that it gets, once they were asked for.
    allowed: OnceLock<Box<[CachedDecision]>>,
}

impl KnownToken {
    /// Verifies a token with these keys. Without any, it is refused.
    pub(super) fn verify(
        text: &str,
        token: UnverifiedToken<'_, '_>,
        policies: &Arc<Large<Policies>>,
        keys: Option<Arc<KeySet>>,
        now: Moment,
    ) -> Result<Self, VerifyError> {
        let keys = keys.ok_or_else(|| VerifyError::NoKeys {
            issuer: token.issuer().name.as_str().into(),
        })?;
        let issuer = token.issuer_index();
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

    /// Returns whether it would be accepted again now, under the same policies: it has not expired, and its
    /// issuer has the very same key set.
    pub(super) fn is_valid(&self, now: Moment) -> bool {
        let keys = self.policies.keys.get(self.issuer);
        self.token.is_usable_at(now.wall)
            && keys.is_some_and(|keys| keys.is_current(&self.keys, now.monotonic))
    }

    /// Returns the decision on a role, made now or before.
    pub(super) fn decide(&self, role: &str) -> CachedDecision {
        let (set, claims) = (&self.policies.set, self.token.claims());
        let is_match = |cached: &CachedDecision| {
            let decided = set.recall(claims, *cached).role();
            decided.is_some_and(|decided| *decided.name == *role)
        };
        let known = self.cached.iter().map_while(OnceLock::get);
        if let Some(cached) = known.copied().find(is_match) {
            return cached;
        }
        let decision = set.decide(claims, role);
        // The first free slot. If there is none, or another thread was faster, the role is decided again next
        // time. Roles that the policies do not have are not kept: callers can invent their names.
        let free = self.cached.iter().find(|cached| cached.get().is_none());
        if let (Some(_), Some(free)) = (decision.role(), free) {
            let _ = free.set(decision.cached());
        }
        decision.cached()
    }

    /// Returns the policies that verified it.
    pub(super) fn policies(&self) -> &PolicySet {
        &self.policies.set
    }

    /// Returns a decision that was made before.
    pub(super) fn recall(&self, cached: CachedDecision) -> Decision<'_> {
        self.policies.set.recall(self.token.claims(), cached)
    }

    /// Returns the explanation of a decision that was made before.
    pub(super) fn explain(&self, cached: CachedDecision) -> Explanation<'_> {
        let claims = self.token.claims().as_unverified();
        let role = self.recall(cached).role();
        self.policies
            .set
            .explain(claims, role.map_or("", |role| &role.name))
    }

    /// Returns the decisions on all roles that the token gets, in the order of the policies.
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
}
