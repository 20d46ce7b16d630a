//! The core: verifies a job's token, chooses the role, decides, records, and issues a role token.
//!
//! It knows no protocol: each door parses its requests into an [`Ask`], and writes what it makes of a [`Grant`], or a
//! [`Refusal`], in its own form. A [`Grant`] is in the audit before a door has it, and nothing is issued without one.

mod act;
mod refusal;
mod replay;
mod wanted;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use rolecall::{Clock, Gate, Roles, UnixTime, VerifiedToken};
use serde_json::{Map, Value};

use crate::audit::{Audit, Outcome, Record};
use crate::config::{Door, DoorKind, IssuerUrl, TokenSettings};
use crate::random;
use crate::sessions::{Sealer, Session};
use crate::signing::{KeyRing, RoleToken, SigningAlgorithm};
use crate::upstream::Upstream;
use replay::{Replay, Use};
use wanted::Choice;

pub(crate) use refusal::{Class, Refusal, Unavailable};
pub(crate) use wanted::Wanted;

/// The exchange, shared by all doors.
pub(crate) struct Exchange {
    pub(crate) gate: Gate,
    pub(crate) keys: ArcSwap<KeyRing>,
    /// The keys of sessions; without `[sessions]` there are none.
    pub(crate) sealer: ArcSwap<Sealer>,
    pub(crate) issuer: IssuerUrl,
    pub(crate) algorithm: SigningAlgorithm,
    pub(crate) tokens: TokenSettings,
    pub(crate) audit: Audit,
    pub(crate) clock: Arc<dyn Clock>,
    /// The client for upstreams, if a door has one.
    pub(crate) upstream: Option<Upstream>,
    replay: Replay,
}

/// A request at a door, in the terms of the exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask<'a> {
    /// The identifier of the request: in the answer, and in the audit.
    pub(crate) id: &'a str,
    pub(crate) door: &'a Door,
    pub(crate) peer: IpAddr,
    /// The job's token.
    pub(crate) token: &'a str,
    pub(crate) wanted: Wanted<'a>,
    pub(crate) audience: Audience<'a>,
    /// The lifetime that the client asks for.
    pub(crate) life: Option<Duration>,
    /// Set if the door swaps the role token for what an upstream issues.
    pub(crate) relay: Option<Relay>,
}

/// The lifetimes at a door that swaps a role token for what an upstream issues.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Relay {
    /// The longest one of the role token.
    pub(crate) token_life: Duration,
    /// The shortest one that the upstream can issue. What is left of the job's token does not limit it.
    pub(crate) least: Duration,
}

/// The audience of the role token that a door issues.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Audience<'a> {
    /// The text of the role's grant `audience`.
    OfRole,
    /// The one that the relying party behind the door accepts.
    Is(&'a str),
}

/// A role that a job gets, after its line is in the audit.
#[derive(Debug)]
pub(crate) struct Grant {
    /// The identifier of what is issued.
    pub(crate) id: String,
    pub(crate) role: String,
    /// The grants of the role, with the claims of the job's token filled in.
    pub(crate) grants: Vec<(String, String)>,
    pub(crate) audience: String,
    /// The name of the job's issuer in the policies.
    pub(crate) issuer: String,
    pub(crate) now: UnixTime,
    /// The longest time for which what is issued may live.
    pub(crate) life: Duration,
    /// The lifetime of the role token: the same, unless it is swapped at an upstream.
    token_life: Duration,
    act: Map<String, Value>,
}

impl Grant {
    /// Returns the texts of the grants of this name: one at most, but for names that may be repeated.
    pub(crate) fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        let grants = self.grants.iter().filter(move |(known, _)| known == name);
        grants.map(|(_, text)| text.as_str())
    }
}

impl Exchange {
    pub(crate) fn new(
        gate: Gate,
        keys: KeyRing,
        (issuer, algorithm, tokens): (IssuerUrl, SigningAlgorithm, TokenSettings),
        audit: Audit,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            gate,
            keys: ArcSwap::from_pointee(keys),
            sealer: ArcSwap::default(),
            issuer,
            algorithm,
            tokens,
            audit,
            clock,
            upstream: None,
            replay: Replay::default(),
        }
    }

    pub(crate) fn now(&self) -> UnixTime {
        self.clock.now().wall
    }

    /// Decides, and records it.
    ///
    /// # Errors
    /// [`Refusal`] if the token is not accepted, does not get what is asked for, or something is not available.
    pub(crate) async fn grant(&self, ask: Ask<'_>) -> Result<Grant, Refusal> {
        let roles = match self.verify(ask).await {
            Ok(roles) => roles,
            Err(refusal) => return Err(self.refuse(ask, None, refusal)),
        };
        match self.decide(ask, &roles).await {
            Ok(grant) => Ok(grant),
            Err(refusal) => Err(self.refuse(ask, Some(&roles), refusal)),
        }
    }

    /// Returns the role token of a grant.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] if no key signs now.
    pub(crate) fn role_token(&self, grant: &Grant) -> Result<String, Refusal> {
        let role_token = RoleToken {
            issuer: self.issuer.as_str(),
            role: &grant.role,
            audience: &grant.audience,
            id: &grant.id,
            act: &grant.act,
            aws_role: grant.texts("aws_role").next(),
            now: grant.now,
            life: grant.token_life,
        };
        let keys = self.keys.load();
        let key = keys.signer(self.algorithm, grant.now);
        let signed = key.and_then(|key| role_token.sign(key).ok());
        signed.ok_or(Refusal::Unavailable(Unavailable::SigningKey))
    }

    /// Seals a session for doors of a kind.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] if no key seals now.
    pub(crate) fn seal(&self, kind: DoorKind, session: &Session) -> Result<String, Refusal> {
        let sealed = self.sealer.load().seal(kind, session, self.now());
        sealed.map_err(|_| Refusal::Unavailable(Unavailable::SessionKey))
    }

    /// Opens a session that was sealed for doors of a kind. `None` if it is not valid, or if the policies no longer have
    /// its role or its issuer.
    pub(crate) fn open(&self, kind: DoorKind, sealed: &str) -> Option<Session> {
        let session = self.sealer.load().open(kind, sealed, self.now())?;
        let policies = self.gate.policies();
        let program = policies.program();
        program.role(&session.role)?;
        program.issuer(&session.issuer)?;
        Some(session)
    }

    /// Returns the roles that the job's token gets, if it is one for this door.
    async fn verify(&self, ask: Ask<'_>) -> Result<Roles, Refusal> {
        let roles = self.gate.roles_async(ask.token).await.map_err(Refusal::Token)?;
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
        Ok(roles)
    }

    async fn decide(&self, ask: Ask<'_>, roles: &Roles) -> Result<Grant, Refusal> {
        let now = self.now();
        let choice = ask.wanted.choose(roles)?;
        let audience = match ask.audience {
            Audience::OfRole => choice.grant("audience").ok_or(Refusal::NoAudience)?,
            Audience::Is(audience) => audience,
        };
        let token = roles.token();
        let policies = self.gate.policies();
        let act = act::act(token, &policies, self.tokens.act.as_deref()).ok_or(Refusal::LongChain)?;
        let (life, token_life) = self.lives(ask, &choice, token.expires_at(), now)?;
        if ask.door.is_replay_checked {
            self.take_once(token, &choice.role, now)?;
        }
        let id = random::identifier().map_err(|_| Refusal::Unavailable(Unavailable::SigningKey))?;
        let record = Record {
            outcome: Outcome::Granted {
                role: &choice.role,
                audience,
                id: &id,
                life: life.as_secs(),
            },
            ..self.record(ask, Some(roles), now)
        };
        self.audit
            .record(&record)
            .await
            .map_err(|_| Refusal::Unavailable(Unavailable::Audit))?;
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
    fn take_once(&self, token: &VerifiedToken, role: &str, now: UnixTime) -> Result<(), Refusal> {
        let id = token.claims().members().get("jti").and_then(|id| id.as_text());
        let id = id.ok_or(Refusal::NoTokenId)?;
        match self
            .replay
            .take((token.issuer(), id, role), token.expires_at(), now)
        {
            Ok(Use::First) => Ok(()),
            Ok(Use::Again) => Err(Refusal::Replayed),
            Err(missing) => Err(Refusal::Unavailable(missing)),
        }
    }

    /// Returns the lifetimes of what is issued and of the role token: the least of the role's, the configured ones, what
    /// is asked for, and what is left of the job's token. No link of a chain outlives the one before, except what an
    /// upstream issues, whose shortest lifetime is its own.
    fn lives(
        &self,
        ask: Ask<'_>,
        choice: &Choice,
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
        let wanted = [choice.ttl, door, ask.life]
            .into_iter()
            .flatten()
            .fold(most, Duration::min);
        match ask.relay {
            None => Ok((wanted.min(left), wanted.min(left))),
            Some(relay) if wanted < relay.least => Err(Refusal::ShortLife),
            Some(relay) => Ok((wanted, left.min(relay.token_life))),
        }
    }

    /// Records a refusal. Nothing is issued, so the answer does not wait for the disk.
    fn refuse(&self, ask: Ask<'_>, roles: Option<&Roles>, refusal: Refusal) -> Refusal {
        let record = Record {
            outcome: Outcome::Refused {
                reason: refusal.code(),
            },
            ..self.record(ask, roles, self.now())
        };
        self.audit.note(&record);
        refusal
    }

    /// Returns the record of a request without its outcome. A token that is not verified says nothing in it.
    fn record<'a>(&self, ask: Ask<'a>, roles: Option<&'a Roles>, now: UnixTime) -> Record<'a> {
        let token = roles.map(Roles::token);
        Record {
            time: now.as_secs(),
            request: ask.id,
            door: &ask.door.name,
            peer: ask.peer,
            wanted: ask.wanted.into(),
            issuer: token.map(VerifiedToken::issuer),
            subject: token.map(VerifiedToken::subject),
            job_token: token.and_then(|token| token.claims().members().get("jti")?.as_text()),
            outcome: Outcome::Refused { reason: "" },
        }
    }
}
