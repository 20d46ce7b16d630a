//! The one thing that a service holds: policies, their issuers, the issuers' keys, and what was verified a moment ago.

mod asynchronous;
mod builder;
mod known_token;
mod policies;
mod ruling;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use rolecall_engine::PolicySet;

use crate::clock::{Clock, Moment};
use crate::config::ConfigError;
use crate::error::VerifyError;
use crate::key_set::KeySet;
use crate::keys::{Find, KeySources, KeyStatus, Pending, TooManyWaiting};
use crate::observer::{Event, Observer};
use crate::token_cache::TokenCache;
use crate::verifier::UnverifiedToken;
use known_token::KnownToken;
use policies::Policies;

pub use builder::GateBuilder;
pub use ruling::{Denial, Roles, Ruling};

/// Says whether a token may take a role.
///
/// It is shared by all threads of a service; a clone is the same gate. What it says depends on nothing but the token, the
/// policies, the keys and the time: what it remembers only makes it faster.
///
/// Each question comes in two kinds. The blocking one ([`Gate::authorize`], [`Gate::roles`]) waits where it is when keys have
/// to be read first, which is when an issuer's first token comes, and when one names a new key. The other one
/// ([`Gate::authorize_async`], [`Gate::roles_async`]) lets other tasks run meanwhile, on whatever runtime there is.
///
/// Anybody can invent the name of a key, so at most 8 threads and 256 tasks wait for the keys of one issuer when tokens name
/// new keys or the last fetch failed. Further ones are refused at once ([`VerifyError::KeysUnavailable`]). A pool of threads
/// that ask the blocking way should have more of them than that for each issuer. For an issuer's first keys, or when nothing
/// was asked for so long that they are old, 1,024 of each wait: [`Gate::fetch_keys`] makes a start without waiting.
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
    policies: ArcSwap<Policies>,
    /// Held while the policies are replaced.
    replacing: Mutex<()>,
    cache: TokenCache<KnownToken>,
    sources: KeySources,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
}

/// How far a token got.
#[allow(
    clippy::large_enum_variant,
    reason = "it is taken apart right where it is made"
)]
enum Step<'t, 'p> {
    Verified(Arc<KnownToken>),
    /// The keys of its issuer are being read.
    Wait(UnverifiedToken<'t, 'p>, Pending),
}

impl Gate {
    /// A gate for the issuers and the roles of these policies, with keys from these sources.
    pub fn builder(policies: PolicySet, keys: KeySources) -> GateBuilder {
        GateBuilder::new(policies, keys)
    }

    /// Verifies a token, and decides whether it may take a role.
    ///
    /// # Errors
    /// [`Denial`] if the token is not accepted, or may not take the role.
    pub fn authorize(&self, token: &str, role: &str) -> Result<Ruling, Denial> {
        let known = self.verify(token).map_err(|error| self.refuse(error))?;
        self.rule(known, role)
    }

    /// Verifies a token, and decides which roles it may take.
    ///
    /// # Errors
    /// [`VerifyError`] if the token is not accepted.
    pub fn roles(&self, token: &str) -> Result<Roles, VerifyError> {
        let known = self.verify(token).inspect_err(|error| self.tell_refused(error))?;
        Ok(self.list(known))
    }

    /// Puts other policies in the place of those that there are, at once for everybody. What was decided before stays
    /// decided; the keys of issuers that stay are kept.
    ///
    /// # Errors
    /// [`ConfigError`] if an issuer of the new policies can't be trusted as it is, or its keys come from nowhere. Then the
    /// old policies stay.
    pub fn replace_policies(&self, policies: PolicySet) -> Result<(), ConfigError> {
        let shared = &self.shared;
        let replacing = shared.replacing.lock().unwrap_or_else(PoisonError::into_inner);
        // Held to the end, so that the old policies are not freed while anything waits for the cache.
        let before = shared.policies.load_full();
        let policies = Policies::new(
            policies,
            &shared.sources,
            Some(&before),
            &shared.clock,
            &shared.observer,
        )?;
        let (generation, roles) = (policies.generation, policies.set.program().roles().len());
        // The cache first: once a call was decided by the new policies, no later one finds a token of the old ones.
        shared.cache.begin(generation);
        shared.policies.store(Arc::new(policies));
        drop(replacing);
        shared.observer.observe(&Event::PoliciesReplaced { roles });
        Ok(())
    }

    /// Begins to read the keys of all issuers, so that no token has to wait for them. Failures are told to the observer.
    pub fn fetch_keys(&self) {
        let now = self.shared.clock.now().monotonic;
        for keys in &self.shared.policies.load().keys {
            keys.find(None, now);
        }
    }

    /// How things stand with the keys of each issuer: what a readiness probe wants to know.
    pub fn key_status(&self) -> Vec<KeyStatus> {
        let now = self.shared.clock.now().monotonic;
        let policies = self.shared.policies.load();
        policies.keys.iter().map(|keys| keys.status(now)).collect()
    }

    fn verify(&self, text: &str) -> Result<Arc<KnownToken>, VerifyError> {
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

    /// Verifies a token, unless its keys have to be waited for.
    fn begin<'t, 'p>(
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

    /// Verifies a token whose keys were waited for, which may have taken a while.
    fn end(
        &self,
        keys: Result<Option<Arc<KeySet>>, TooManyWaiting>,
        text: &str,
        token: UnverifiedToken<'_, '_>,
        policies: &Arc<Policies>,
    ) -> Result<Arc<KnownToken>, VerifyError> {
        let keys = keys.map_err(|TooManyWaiting| VerifyError::KeysUnavailable {
            issuer: token.issuer().name.as_str().into(),
        })?;
        self.verify_with(keys, text, token, policies, self.shared.clock.now())
    }

    /// What is known of a token, if it was verified before and would be verified again now.
    fn known(&self, text: &str, now: Moment) -> Option<Arc<KnownToken>> {
        let known = self.shared.cache.get(text)?;
        known.is_good(now).then_some(known)
    }

    /// Verifies a token, and caches it if it is good and its policies are still in use.
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

    #[cold]
    fn refuse(&self, error: VerifyError) -> Denial {
        self.tell_refused(&error);
        Denial::Token(error)
    }

    fn tell_refused(&self, error: &VerifyError) {
        self.shared.observer.observe(&Event::TokenRefused { error });
    }

    fn rule(&self, known: Arc<KnownToken>, role: &str) -> Result<Ruling, Denial> {
        let cached = known.decide(role);
        let ruling = Ruling { known, cached };
        let decision = ruling.decision();
        self.shared.observer.observe(&Event::Decided {
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
            self.shared.observer.observe(&Event::Decided {
                token: roles.token(),
                decision: &decision,
            });
        }
        roles
    }
}

/// Says which issuers there are, and how many roles.
impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let policies = self.shared.policies.load();
        let issuers: Vec<_> = policies.verifier.issuers().map(|issuer| &issuer.name).collect();
        f.debug_struct("Gate")
            .field("issuers", &issuers)
            .field("roles", &policies.set.program().roles().len())
            .finish_non_exhaustive()
    }
}
