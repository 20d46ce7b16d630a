//! What a gate is made of.

use std::fmt;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use rolecall_engine::PolicySet;

use super::policies::Policies;
use super::{Gate, Shared};
use crate::clock::{Clock, SystemClock};
use crate::config::ConfigError;
use crate::keys::KeySources;
use crate::observer::{Observer, watch};
use crate::token_cache::TokenCache;

/// How many tokens are kept unless somebody says otherwise: some 4 MB of them.
const CACHED_TOKENS: usize = 1_024;

/// A gate in the making.
pub struct GateBuilder {
    policies: PolicySet,
    sources: KeySources,
    cached_tokens: usize,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
}

impl GateBuilder {
    pub(super) fn new(policies: PolicySet, sources: KeySources) -> Self {
        Self {
            policies,
            sources,
            cached_tokens: CACHED_TOKENS,
            clock: Arc::new(SystemClock),
            observer: Arc::new(()),
        }
    }

    /// Who is told what happens: for metrics, for an audit log.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Arc::new(observer);
        self
    }

    /// Another clock than those of this machine.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// How many verified tokens are kept, so that a token that comes again costs next to nothing: 1,024, unless this says
    /// otherwise; none with 0. A token takes some 4 KB. It is kept no longer than it would be accepted anyway, by the same
    /// keys and the same policies.
    pub fn cached_tokens(mut self, tokens: usize) -> Self {
        self.cached_tokens = tokens;
        self
    }

    /// The gate.
    ///
    /// # Errors
    /// [`ConfigError`] if an issuer can't be trusted as it is, or its keys come from nowhere.
    pub fn build(self) -> Result<Gate, ConfigError> {
        let observer = watch(self.observer);
        let policies = Policies::new(self.policies, &self.sources, None, &self.clock, &observer)?;
        Ok(Gate {
            shared: Arc::new(Shared {
                policies: ArcSwap::from_pointee(policies),
                replacing: Mutex::new(()),
                cache: TokenCache::new(self.cached_tokens),
                sources: self.sources,
                clock: self.clock,
                observer,
            }),
        })
    }
}

impl fmt::Debug for GateBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GateBuilder")
            .field("cached_tokens", &self.cached_tokens)
            .finish_non_exhaustive()
    }
}
