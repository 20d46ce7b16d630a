//! One version of the policies, with the tokens verified under it.

use std::sync::Arc;

use super::known_token::KnownToken;
use super::policies::Policies;
use crate::threads::{Large, large};
use crate::token_cache::TokenCache;

/// The policies in use, and the cache of tokens that were verified under them. A gate finds both by one atomic
/// load, so that a cached token is never decided by other policies than the next one.
///
/// The tokens own the policies, too, so the policies cannot own the cache.
pub(super) struct Version {
    pub(super) policies: Arc<Large<Policies>>,
    pub(super) cache: TokenCache<KnownToken>,
}

impl Version {
    /// Returns a version with an empty cache. A request may be the last one that uses it, so a thread of its own
    /// drops it, and so it is with the policies.
    pub(super) fn new(policies: Policies, cached_tokens: usize) -> Arc<Large<Self>> {
        Arc::new(large(Self {
            policies: Arc::new(large(policies)),
            cache: TokenCache::new(cached_tokens),
        }))
    }
}
