//! The core: verifies a job's token, chooses the role, decides, records, and issues a role token.
//!
//! It knows no protocol: each door parses its requests into an [`Ask`], and writes what it makes of a [`Grant`], or a
//! [`Refusal`], in its own form. A [`Grant`] is in the audit before a door has it, and nothing is issued without one.

mod act;
mod denial;
mod own_token;
mod refusal;
mod replay;
mod session_use;
mod wanted;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use rolecall::{Clock, Gate, Roles, UnixTime, VerifiedToken};
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use crate::audit::{Audit, Outcome, Record, Tally};
use crate::config::{Detail, Door, DoorKind, IssuerUrl, TokenSettings};
use crate::random;
use crate::secrets::Secrets;
use crate::sessions::{Sealer, Session};
use crate::signing::{KeyRing, RoleToken, SigningAlgorithm};
use crate::telemetry;
use crate::upstream::Upstream;
use denial::Denial;
use replay::{Replay, Use};

pub(crate) use own_token::own_audience;
pub(crate) use refusal::{Class, Refusal, Unavailable};
pub(crate) use session_use::{ReadAsk, SECRETS};
pub(crate) use wanted::Wanted;

/// The time after which a denial is answered if the answer says what failed: the same for a role that does not exist.
const DENIAL_TIME: Duration = Duration::from_millis(50);
/// The maximum number of denials that are explained at a time.
const MAX_EXPLAINING: usize = 4;
/// The time for which the end of the server waits for explanations.
const FINISH_TIME: Duration = Duration::from_secs(5);
/// The maximum number of role names in an explanation.
const MAX_NAMES: usize = 8;

/// The exchange, shared by all doors.
pub(crate) struct Exchange {
    pub(crate) gate: Gate,
    pub(crate) keys: ArcSwap<KeyRing>,
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
    replay: Replay,
    refusals: Tally,
    detail: Detail,
    explaining: Arc<Semaphore>,
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
    /// None: the door issues no role token.
    None,
}

/// The part of a request that was verified before it was refused.
#[derive(Clone, Copy, Debug)]
enum Verified<'a> {
    Nothing,
    /// A token of this exchange.
    Token(&'a VerifiedToken),
    /// A job's token, with the roles that it gets.
    Roles(&'a Roles),
}

impl<'a> Verified<'a> {
    fn token(self) -> Option<&'a VerifiedToken> {
        match self {
            Self::Nothing => None,
            Self::Token(token) => Some(token),
            Self::Roles(roles) => Some(roles.token()),
        }
    }
}

/// A role that a job gets, after its line is in the audit.
#[derive(Debug)]
pub(crate) struct Grant {
    /// The identifier of what is issued.
    pub(crate) id: String,
    pub(crate) role: String,
    /// The grants of the role, with the claims of the job's token filled in.
    pub(crate) grants: Vec<(String, String)>,
    /// The audience of its role token; empty if the door issues none.
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

    /// Returns the time when what is issued expires.
    pub(crate) fn expires_at(&self) -> UnixTime {
        self.after(self.life)
    }

    /// Returns the time when the role token expires.
    fn token_expires_at(&self) -> UnixTime {
        self.after(self.token_life)
    }

    fn after(&self, life: Duration) -> UnixTime {
        let life = i64::try_from(life.as_secs()).unwrap_or(i64::MAX);
        UnixTime::from_secs(self.now.as_secs().saturating_add(life))
    }

    /// Returns the `sub` of the job's token.
    pub(crate) fn subject(&self) -> Option<&str> {
        self.act.get("sub")?.as_str()
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
        let roles = match self.verify(ask).await {
            Ok(roles) => roles,
            Err(refusal) => return Err(self.refuse(ask, Verified::Nothing, refusal)),
        };
        match self.decide(ask, &roles).await {
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

    /// Returns the role token of a grant.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] if no key signs now, and [`Refusal::NoAudience`] if the grant has no audience.
    pub(crate) fn role_token(&self, grant: &Grant) -> Result<String, Refusal> {
        self.role_token_with(grant, &[])
    }

    /// Returns the role token of a grant, with the texts of these grants in it, for a door that takes it again.
    ///
    /// # Errors
    /// Those of [`Exchange::role_token`].
    pub(crate) fn role_token_with(&self, grant: &Grant, names: &[&str]) -> Result<String, Refusal> {
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

    /// Seals a session for doors of a kind.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] if no key seals now.
    pub(crate) fn seal(&self, kind: DoorKind, session: &Session) -> Result<String, Refusal> {
        let sealed = self.sealer.load().seal(kind, session, self.now());
        sealed.map_err(|_| Refusal::Unavailable(Unavailable::SessionKey))
    }

    /// Opens a session that was sealed for doors of a kind. `None` if it is not valid, if it was ended, or if the policies
    /// no longer have its role or its issuer.
    pub(crate) fn open(&self, kind: DoorKind, sealed: &str) -> Option<Session> {
        let session = self.sealer.load().open(kind, sealed, self.now())?;
        let policies = self.gate.policies();
        let program = policies.program();
        program.role(&session.role)?;
        program.issuer(&session.issuer)?;
        Some(session).filter(|session| !self.is_revoked(session))
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
            Audience::OfRole => own_token::foreign(choice.grant("audience"))?,
            Audience::Is(audience) => audience,
            Audience::None => "",
        };
        let token = roles.token();
        let policies = self.gate.policies();
        let act = act::act(token, &policies, self.tokens.act.as_deref()).ok_or(Refusal::LongChain)?;
        let (life, token_life) = self.lives(ask, choice.ttl, token.expires_at(), now)?;
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
            ..Self::record(ask, Some(token), now)
        };
        self.audit
            .record(record.json())
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

    /// Records a refusal, or counts it. Nothing is issued, so the answer waits neither for the disk nor for the
    /// explanation.
    fn refuse(&self, ask: Ask<'_>, verified: Verified<'_>, refusal: Refusal) -> Refusal {
        let reason = refusal.code();
        telemetry::refused(&ask.door.name, reason);
        if let Refusal::Token(_) = refusal {
            self.refusals.count(ask.peer, reason);
            return refusal;
        }
        if !self.refusals.admits(ask.peer, reason) {
            return refusal;
        }
        let record = Record {
            outcome: Outcome::Refused { reason },
            ..Self::record(ask, verified.token(), self.now())
        };
        let mut record = record.json();
        if let Refusal::SeveralRoles(names) = &refusal {
            let names: Vec<&String> = names.iter().take(MAX_NAMES).collect();
            set(&mut record, json!({ "roles": names }));
        }
        let is_explained = matches!(refusal, Refusal::NoRole | Refusal::FailedClaims(_));
        let permit = Arc::clone(&self.explaining).try_acquire_owned();
        match (verified, permit) {
            (Verified::Roles(roles), Ok(permit)) if is_explained => {
                let denial = Denial::new(self.gate.policies(), roles.clone(), ask.wanted);
                let audit = self.audit.clone();
                spawn_blocking(move || {
                    set(&mut record, denial.for_operator());
                    audit.note(record);
                    drop(permit);
                });
            }
            _ => self.audit.note(record),
        }
        refusal
    }

    /// Returns the refusal of a role with the claims that failed. It takes the same time for all roles.
    async fn failed_claims(&self, ask: Ask<'_>, roles: &Roles) -> Refusal {
        let denial = Denial::new(self.gate.policies(), roles.clone(), ask.wanted);
        let permit = Arc::clone(&self.explaining).try_acquire_owned();
        let explained = async {
            let permit = permit.ok()?;
            let work = spawn_blocking(move || {
                let failed = denial.for_caller();
                drop(permit);
                failed
            });
            timeout(DENIAL_TIME, work).await.ok()?.ok()?
        };
        let (failed, ()) = tokio::join!(explained, sleep(DENIAL_TIME));
        failed.map_or(Refusal::NoRole, Refusal::FailedClaims)
    }

    /// Waits for the explanations under way, and returns when all records are on the disk.
    pub(crate) async fn finish(&self) {
        let all = u32::try_from(MAX_EXPLAINING).unwrap_or(u32::MAX);
        // An explanation that takes longer is lost, and not what was issued.
        let _ = timeout(FINISH_TIME, self.explaining.acquire_many(all)).await;
        self.write_counts().await;
        self.audit.flush().await;
    }

    /// Writes the refusals that were only counted, and returns when they are on the disk.
    pub(crate) async fn write_counts(&self) {
        for record in self.refusals.take(self.now().as_secs()) {
            // The log reports its failures.
            let _ = self.audit.record(record).await;
        }
    }

    /// Returns the record of a request without its outcome. A token that is not verified says nothing in it.
    fn record<'a>(ask: Ask<'a>, token: Option<&'a VerifiedToken>, now: UnixTime) -> Record<'a> {
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

/// Adds an explanation to a record.
fn set(record: &mut Value, explanation: Value) {
    if let Some(record) = record.as_object_mut() {
        record.insert("explanation".to_owned(), explanation);
    }
}
