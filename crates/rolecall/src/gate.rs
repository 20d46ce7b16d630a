//! The entry point for services: policies, issuer keys and a cache of verified tokens.

mod asynchronous;
mod builder;
mod known_token;
mod policies;
mod ruling;
#[cfg(test)]
mod tests;
mod verification;
mod version;
mod watch;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use rolecall_engine::PolicySet;

use crate::clock::Clock;
use crate::config::ConfigError;
use crate::error::VerifyError;
use crate::keys::{KeySources, KeyStatus};
use crate::observer::{Event, Observer};
use crate::threads::Large;
use known_token::KnownToken;
use policies::Policies;
use version::Version;

pub use builder::GateBuilder;
pub use ruling::{Denial, Roles, Ruling};
pub use watch::PolicyWatch;

/// Verifies tokens and decides which roles they get.
///
/// A gate is shared by all threads of a service; a clone is the same gate. Its answers depend only on the
/// token, the policies, the keys and the time: the cache only makes them faster.
///
/// Each method has a blocking and an async form. The blocking one ([`Gate::authorize`], [`Gate::roles`])
/// blocks the thread while keys are fetched, which happens for an issuer's first token and for a token that
/// names an unknown key. The async one ([`Gate::authorize_async`], [`Gate::roles_async`]) yields to other
/// tasks meanwhile, on any runtime.
///
/// A caller can invent a `kid`, so at most 8 threads and 256 tasks wait for the keys of one issuer when
/// tokens name unknown keys or the last fetch failed. Further ones are refused at once
/// ([`VerifyError::KeysUnavailable`]). A thread pool that uses the blocking form should have more than 8
/// threads per issuer. For an issuer's first keys, or keys that became old because there were no requests, up
/// to 1,024 threads and 1,024 tasks wait: [`Gate::fetch_keys`] starts the fetch ahead of time.
///
/// ```
/// use rolecall::{Gate, KeySet, KeySources, PolicySet, Source};
///
/// let policy = r#"
///     issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://deploy.acme.example" }
///     role deploy { allow from gitlab when project == "acme/shop" && ref_protected }
/// "#;
/// let set = PolicySet::compile([Source::new("acme.policy", policy)])?;
/// # let keys = KeySet::parse(br#"{"keys":[]}"#)?;
/// // With the feature `http`: `KeySources::new().otherwise(HttpKeys::new())`.
/// let gate = Gate::builder(set, KeySources::new().fixed("https://gitlab.com", keys)).build()?;
///
/// // For each request:
/// match gate.authorize("the token of the request", "deploy") {
///     Ok(ruling) => println!("go ahead, {}", ruling.token().subject()),
///     Err(denial) => println!("no: {}", denial.code()),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Gate {
    shared: Arc<Shared>,
}

struct Shared {
    version: ArcSwap<Large<Version>>,
    /// Locked while the policies are replaced.
    replacing: Mutex<()>,
    cached_tokens: usize,
    sources: KeySources,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
}

impl Shared {
    /// Returns the policies in use.
    fn policies(&self) -> Arc<Large<Policies>> {
        Arc::clone(&self.version.load().policies)
    }
}

impl Gate {
    /// Returns a builder of a gate for the issuers and roles of these policies, with keys from these sources.
    pub fn builder(policies: PolicySet, keys: KeySources) -> GateBuilder {
        GateBuilder::new(policies, keys)
    }

    /// Verifies a token, and decides whether it gets a role. Blocks while keys are fetched.
    ///
    /// # Errors
    /// [`Denial`] if the token is not accepted, or does not get the role.
    pub fn authorize(&self, token: &str, role: &str) -> Result<Ruling, Denial> {
        let known = self.verify(token).map_err(|error| self.refuse(error, role))?;
        self.rule(known, role)
    }

    /// Verifies a token, and decides which roles it gets. Blocks while keys are fetched.
    ///
    /// # Errors
    /// [`VerifyError`] if the token is not accepted.
    pub fn roles(&self, token: &str) -> Result<Roles, VerifyError> {
        let known = self
            .verify(token)
            .inspect_err(|error| self.report_refused(error, None))?;
        Ok(self.list(known))
    }

    /// Returns the policies in use. They stay as they are when the gate gets others.
    pub fn policies(&self) -> Arc<PolicySet> {
        Arc::clone(&self.shared.policies().set)
    }

    /// Returns whether the policies in use have a role of this name. A service can check the roles that it
    /// asks for when it starts: [`Gate::authorize`] denies a role that the policies do not have.
    pub fn has_role(&self, name: &str) -> bool {
        self.shared.policies().set.program().role(name).is_some()
    }

    /// Replaces the policies for all threads at once: after one call was decided by the new policies, no call
    /// that begins is decided by the old ones. A call that waits for keys is decided by the new ones when it goes
    /// on. Decisions made before stay valid; the keys of issuers that stay are kept.
    ///
    /// The old policies are freed with the last decision that was made on them, by a thread of its own. The
    /// allocator may keep their memory for the next ones: glibc's keeps a large set in the arena of the thread that
    /// compiled it, and least with `MALLOC_ARENA_MAX=1`; jemalloc gives it back.
    ///
    /// # Errors
    /// [`ConfigError`] if an issuer of the new policies is not accepted or has no key source. The old
    /// policies then stay in use.
    pub fn replace_policies(&self, policies: PolicySet) -> Result<(), ConfigError> {
        let shared = &self.shared;
        let replacing = shared.replacing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = shared.policies();
        let policies = Policies::new(
            policies,
            &shared.sources,
            Some(&before),
            &shared.clock,
            &shared.observer,
        )?;
        let version = Version::new(policies, shared.cached_tokens);
        let after = Arc::clone(&version.policies);
        shared.version.store(version);
        drop(replacing);
        self.report_replaced(&before.set, &after.set);
        Ok(())
    }

    /// Starts fetching the keys of all issuers, so that no token has to wait for them. Returns at once; the
    /// observer receives failures.
    pub fn fetch_keys(&self) {
        let now = self.shared.clock.now().monotonic;
        for keys in &self.shared.policies().keys {
            keys.find(None, now);
        }
    }

    /// Returns the state of each issuer's keys, for a readiness probe. Starts no fetch.
    pub fn key_status(&self) -> Vec<KeyStatus> {
        let now = self.shared.clock.now().monotonic;
        let policies = self.shared.policies();
        policies.keys.iter().map(|keys| keys.status(now)).collect()
    }

    fn report_replaced(&self, before: &PolicySet, after: &PolicySet) {
        let observer = &self.shared.observer;
        let (before, after) = (before.program(), after.program());
        let roles = after.roles().len();
        observer.observe(&Event::PoliciesReplaced { roles });
        let names = before.roles().values().map(|role| &*role.name);
        let removed: Vec<_> = names.filter(|name| after.role(name).is_none()).collect();
        if !removed.is_empty() {
            observer.observe(&Event::RolesRemoved { roles: &removed });
        }
    }

    #[cold]
    fn refuse(&self, error: VerifyError, role: &str) -> Denial {
        self.report_refused(&error, Some(role));
        Denial::Token(error)
    }

    fn report_refused(&self, error: &VerifyError, role: Option<&str>) {
        self.shared.observer.observe(&Event::TokenRefused { role, error });
    }

    fn rule(&self, known: Arc<KnownToken>, role: &str) -> Result<Ruling, Denial> {
        let cached = known.decide(role);
        let ruling = Ruling { known, cached };
        let decision = ruling.decision();
        self.shared.observer.observe(&Event::Decided {
            role,
            token: ruling.token(),
            decision: &decision,
        });
        if decision.is_allowed() {
            Ok(ruling)
        } else {
            Err(Denial::Role(ruling))
        }
    }

    fn list(&self, known: Arc<KnownToken>) -> Roles {
        let roles = Roles { known };
        for decision in roles.iter() {
            let role = decision.role().map(|role| &*role.name);
            debug_assert!(role.is_some(), "the roles that a token gets are in the policies");
            self.shared.observer.observe(&Event::Decided {
                role: role.unwrap_or_default(),
                token: roles.token(),
                decision: &decision,
            });
        }
        roles
    }
}

/// Shows the issuers and the number of roles.
impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let policies = self.shared.policies();
        let issuers: Vec<_> = policies.verifier.issuers().map(|issuer| &issuer.name).collect();
        f.debug_struct("Gate")
            .field("issuers", &issuers)
            .field("roles", &policies.set.program().roles().len())
            .finish_non_exhaustive()
    }
}
