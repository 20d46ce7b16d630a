//! The builder of a gate.

use std::fmt;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use rolecall_engine::PolicySet;

use super::policies::Policies;
use super::version::Version;
use super::{Gate, Shared};
use crate::clock::{Clock, SystemClock};
use crate::config::ConfigError;
use crate::keys::KeySources;
use crate::observer::Observer;

/// The default number of cached tokens: some 4 MB.
const DEFAULT_CACHED_TOKENS: usize = 1_024;

/// A builder of a [`Gate`], from [`Gate::builder`].
#[must_use = "call `build` to get a gate"]
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
            cached_tokens: DEFAULT_CACHED_TOKENS,
            clock: Arc::new(SystemClock),
            observer: Arc::new(()),
        }
    }

    /// Sets the observer of all events, for metrics and an audit log. Without one, events are dropped.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Arc::new(observer);
        self
    }

    /// Sets the clock: [`CoarseClock`](crate::CoarseClock) for gates that see the same tokens very often, or one of a
    /// test. The default is [`SystemClock`].
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets the number of verified tokens to cache: 1,024 by default, none with 0. A repeated token then
    /// costs next to no time. Each takes some 4 KB; up to half as many again may be cached. If there are more
    /// tokens, those that expire first make room. A token is cached only while it would be accepted anyway, with
    /// the same keys and policies.
    pub fn cached_tokens(mut self, tokens: usize) -> Self {
        self.cached_tokens = tokens;
        self
    }

    /// Builds the gate. Fetches no keys.
    ///
    /// # Errors
    /// [`ConfigError`] if an issuer is not accepted or has no key source.
    pub fn build(self) -> Result<Gate, ConfigError> {
        let observer = with_tracing(self.observer);
        let policies = Policies::new(self.policies, &self.sources, None, &self.clock, &observer)?;
        Ok(Gate {
            shared: Arc::new(Shared {
                version: ArcSwap::new(Version::new(policies, self.cached_tokens)),
                replacing: Mutex::new(()),
                cached_tokens: self.cached_tokens,
                sources: self.sources,
                clock: self.clock,
                observer,
            }),
        })
    }
}

/// Wraps an observer so that `tracing` gets each event before it does, if the feature `tracing` is on.
fn with_tracing(observer: Arc<dyn Observer>) -> Arc<dyn Observer> {
    #[cfg(feature = "tracing")]
    let observer = Arc::new(crate::trace::TracingObserver(observer));
    observer
}

impl fmt::Debug for GateBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GateBuilder")
            .field("cached_tokens", &self.cached_tokens)
            .finish_non_exhaustive()
    }
}
