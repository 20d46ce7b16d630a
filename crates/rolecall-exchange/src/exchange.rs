//! The core: verifies a job's token, chooses the role, decides, records, and issues a role token.
//!
//! It knows no protocol: each door parses its requests into an [`Ask`], and writes what it makes of a [`Grant`], or a
//! [`Refusal`], in its own form. A [`Grant`] is in the audit before a door has it, and nothing is issued without one.

mod act;
mod ask;
mod denial;
mod grant;
mod own_token;
mod refusal;
mod refusing;
mod relayed;
mod session_use;
mod wanted;

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use rolecall::{Clock, Gate, Roles, UnixTime, VerifiedToken};
use tokio::sync::Semaphore;

use crate::audit::{Audit, Outcome, Record, Tally};
use crate::config::{Detail, Door, IssuerUrl, TokenSettings};
use crate::random;
use crate::replay::{Entry, NoAnswer, Replay, Use};
use crate::secrets::Secrets;
use crate::sessions::{Sealer, Session};
use crate::signing::{KeyRing, RoleToken, SigningAlgorithm};
use crate::telemetry;
use crate::upstream::Upstream;
use refusing::{MAX_EXPLAINING, Verified};

pub(crate) use ask::{Ask, Audience, Relay};
pub(crate) use grant::Grant;
pub(crate) use own_token::own_audience;
pub(crate) use refusal::{Class, Refusal, Unavailable};
pub(crate) use relayed::Issued;
pub(crate) use session_use::{ReadAsk, SECRETS};
pub(crate) use wanted::Wanted;

/// The exchange, shared by all doors.
pub(crate) struct Exchange {
    pub(crate) gate: Gate,
    /// The keys, with which the audit signs, too.
    pub(crate) keys: Arc<ArcSwap<KeyRing>>,
    /// The keys of sessions; without `[sessions]` there are none.
    pub(crate) sealer: ArcSwap<Sealer>,
    /// The secrets that the local Vault door serves.
    pub(crate) secrets: Option<Arc<dyn Secrets>>,
    pub(crate) issuer: IssuerUrl,
    pub(crate) algorithm: SigningAlgorithm,
    pub(crate) tokens: TokenSettings,
    pub(crate) audit: Audit,
    pub(crate) clock: Arc<dyn Clock>,
    /// The client for upstreams, if a door has one.
    pub(crate) upstream: Option<Upstream>,
    /// The memory of used tokens and of ended sessions.
    pub(crate) replay: Replay,
    refusals: Tally,
    detail: Detail,
    explaining: Arc<Semaphore>,
}

impl Exchange {
    pub(crate) fn new(
        gate: Gate,
        keys: Arc<ArcSwap<KeyRing>>,
        (issuer, algorithm, tokens): (IssuerUrl, SigningAlgorithm, TokenSettings),
        audit: Audit,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            gate,
            keys,
            sealer: ArcSwap::default(),
            secrets: None,
            issuer,
            algorithm,
            tokens,
            audit,
            clock,
            upstream: None,
            replay: Replay::default(),
            refusals: Tally::default(),
            detail: Detail::None,
            explaining: Arc::new(Semaphore::new(MAX_EXPLAINING)),
        }
    }

    /// Sets the detail of denials.
    #[must_use]
    pub(crate) fn detail(mut self, detail: Detail) -> Self {
        self.detail = detail;
        self
    }

    pub(crate) fn now(&self) -> UnixTime {
        self.clock.now().wall
    }

    /// Decides, and records it.
    ///
    /// # Errors
    /// [`Refusal`] if the token is not accepted, does not get what is asked for, or something is not available.
    pub(crate) async fn grant(&self, ask: Ask<'_>) -> Result<Grant, Refusal> {
        let roles = match self.gate.roles_async(ask.token).await {
            Ok(roles) => roles,
            Err(error) => return Err(self.refuse(ask, Verified::Nothing, Refusal::Token(error))),
        };
        let decided = match self.check_token(ask, &roles) {
            Ok(()) => self.decide(ask, &roles).await,
            Err(refusal) => Err(refusal),
        };
        match decided {
            Ok(grant) => {
                telemetry::granted(&ask.door.name);
                Ok(grant)
            }
            Err(Refusal::NoRole) if self.detail == Detail::Claims => {
                let refusal = self.failed_claims(ask, &roles).await;
                Err(self.refuse(ask, Verified::Roles(&roles), refusal))
            }
            Err(refusal) => Err(self.refuse(ask, Verified::Roles(&roles), refusal)),
        }
    }

    /// Decides, records it, and returns what was granted with its role token.
    ///
    /// # Errors
    /// Those of [`Exchange::grant`] and [`Exchange::role_token`].
    pub(crate) async fn issue(&self, ask: Ask<'_>) -> Result<(Grant, String), Refusal> {
        let grant = self.grant(ask).await?;
        let role_token = self.role_token(&grant, &[])?;
        Ok((grant, role_token))
    }

    /// Returns the role token of a grant, with the texts of these grants in it, for a door that takes it again.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] if no key signs now, and [`Refusal::NoAudience`] if the grant has no audience.
    pub(crate) fn role_token(&self, grant: &Grant, names: &[&str]) -> Result<String, Refusal> {
        if grant.audience.is_empty() {
            return Err(Refusal::NoAudience);
        }
        let carried = own_token::carried(grant, names);
        let role_token = RoleToken {
            issuer: self.issuer.as_str(),
            role: &grant.role,
            audience: &grant.audience,
            id: &grant.id,
            act: &grant.act,
            aws_role: grant.texts("aws_role").next(),
            grants: carried.as_ref(),
            now: grant.now,
            expires_at: grant.token_expires_at(),
        };
        let keys = self.keys.load();
        let key = keys.signer(self.algorithm, grant.now);
        let signed = key.and_then(|key| role_token.sign(key).ok());
        signed.ok_or(Refusal::Unavailable(Unavailable::SigningKey))
    }

    /// Seals a session of a door.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] if no key seals now.
    pub(crate) fn seal(&self, door: &Door, session: &Session) -> Result<String, Refusal> {
        let sealed = self.sealer.load().seal(&door.id(), session, self.now());
        sealed.map_err(|_| Refusal::Unavailable(Unavailable::SessionKey))
    }

    /// Opens a session of a door. `None` if it is not valid, if it was ended, or if the policies no longer have its role
    /// or its issuer.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] if it is not known whether it was ended.
    pub(crate) async fn open(&self, door: &Door, sealed: &str) -> Result<Option<Session>, Refusal> {
        let Some(session) = self.sealer.load().open(&door.id(), sealed, self.now()) else {
            return Ok(None);
        };
        let is_known = {
            let policies = self.gate.policies();
            let program = policies.program();
            program.role(&session.role).is_some() && program.issuer(&session.issuer).is_some()
        };
        if !is_known || self.is_revoked(door.kind, &session).await? {
            return Ok(None);
        }
        Ok(Some(session))
    }

    /// Checks that a verified token is one of a job, and for this door.
    fn check_token(&self, ask: Ask<'_>, roles: &Roles) -> Result<(), Refusal> {
        let token = roles.token();
        if self.keys.load().is_own(token.key_thumbprint().as_bytes()) {
            return Err(Refusal::OwnToken);
        }
        if let Some(wanted) = &ask.door.settings.audience {
            // Verification requires one audience, as a text or a list of one.
            let audience = token.claims().members().get("aud");
            let is_for_door = match audience {
                Some(rolecall_engine::Json::Text(text)) => text == wanted,
                Some(rolecall_engine::Json::List(mut items)) => {
                    items.next().and_then(|item| item.as_text()) == Some(wanted) && items.next().is_none()
                }
                _ => false,
            };
            if !is_for_door {
                return Err(Refusal::OtherDoor);
            }
        }
        Ok(())
    }

    async fn decide(&self, ask: Ask<'_>, roles: &Roles) -> Result<Grant, Refusal> {
        let now = self.now();
        let choice = ask.wanted.choose(roles)?;
        let policies = self.gate.policies();
        // Grants of audiences are checked with the policies, and that of an upstream is of the configuration.
        let mut of_jobs = policies.issuers().flat_map(|issuer| &issuer.audiences);
        let audience = match ask.audience {
            Audience::OfRole => own_token::foreign(choice.grant("audience"))?,
            Audience::Is(audience) if audience == ask.door.bound_audience => {
                let is_of_jobs = of_jobs.any(|known| known == audience);
                Some(audience)
                    .filter(|_| !is_of_jobs)
                    .ok_or(Refusal::NoAudience)?
            }
            Audience::Is(audience) => audience,
            Audience::None => "",
        };
        let token = roles.token();
        let act = act::act(token, &policies, self.tokens.act.as_deref()).ok_or(Refusal::LongChain)?;
        let (life, token_life) = self.lives(ask, choice.ttl, token.expires_at(), now)?;
        let id = random::identifier().map_err(|_| Refusal::Unavailable(Unavailable::Randomness))?;
        let taken = match ask.door.is_replay_checked {
            true => Some(self.take_once(token, &choice.role).await?),
            false => None,
        };
        let record = Record {
            outcome: Outcome::Granted {
                role: &choice.role,
                clause: choice.clause.as_deref(),
                audience,
                id: &id,
                life: life.as_secs(),
            },
            ..Self::record(ask, Some(token), now)
        };
        if self.audit.record(record.json()).await.is_err() {
            // Nothing is issued, so the job may come again with its token.
            if let Some(entry) = taken {
                self.replay.give_back(entry).await;
            }
            return Err(Refusal::Unavailable(Unavailable::Audit));
        }
        Ok(Grant {
            id,
            audience: audience.to_owned(),
            issuer: token.issuer().to_owned(),
            role: choice.role,
            grants: choice.grants,
            now,
            life,
            token_life,
            act,
        })
    }

    /// Takes a token that is accepted once for each role.
    async fn take_once(&self, token: &VerifiedToken, role: &str) -> Result<Entry, Refusal> {
        let text = |name: &str| {
            token
                .claims()
                .members()
                .get(name)
                .and_then(|claim| claim.as_text())
        };
        let id = text("jti").ok_or(Refusal::NoTokenId)?;
        // Not the name of the issuer, which the policies may change.
        let issuer = text("iss").unwrap_or_default();
        match self.replay.take([issuer, id, role], token.expires_at()).await {
            Ok(Use::First(entry)) => Ok(entry),
            Ok(Use::Again) => Err(Refusal::Replayed),
            Err(NoAnswer) => Err(Refusal::Unavailable(Unavailable::Replay)),
        }
    }

    /// Returns the lifetimes of what is issued and of the role token: the least of the role's, the configured ones, what
    /// is asked for, and what is left of the job's token. No link of a chain outlives the one before, except what an
    /// upstream issues, whose shortest lifetime is its own.
    fn lives(
        &self,
        ask: Ask<'_>,
        ttl: Option<Duration>,
        end: UnixTime,
        now: UnixTime,
    ) -> Result<(Duration, Duration), Refusal> {
        let left = end.as_secs().saturating_sub(now.as_secs());
        let left = Duration::from_secs(u64::try_from(left).unwrap_or(0));
        if left.is_zero() {
            // Accepted within the leeway of its issuer, and nothing is left for a link after it.
            return Err(Refusal::Token(rolecall::VerifyError::Expired {
                exp: end,
                now,
                leeway: Duration::ZERO,
            }));
        }
        let most = self.tokens.ttl.duration();
        let door = ask.door.settings.ttl.map(crate::config::Life::duration);
        let wanted = [ttl, door, ask.life]
            .into_iter()
            .flatten()
            .fold(most, Duration::min);
        match ask.relay {
            None => Ok((wanted.min(left), wanted.min(left))),
            Some(relay) if wanted < relay.least => Err(Refusal::ShortLife),
            Some(relay) => Ok((wanted, left.min(relay.token_life))),
        }
    }
}
