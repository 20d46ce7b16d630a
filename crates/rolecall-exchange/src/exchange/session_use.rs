//! Uses of a session: reads of secrets, and its end.

use std::net::IpAddr;

use rolecall::UnixTime;
use rolecall_engine::Str;
use rolecall_engine::pattern::Glob;

use super::{Exchange, Refusal, Unavailable, Wanted};
use crate::audit::{Outcome, Record};
use crate::config::DoorKind;
use crate::replay::NoAnswer;
use crate::sessions::Session;
use crate::telemetry;

/// The grant whose texts are patterns of paths of secrets.
pub(crate) const SECRETS: &str = "secrets";

/// A read with a session, in the terms of the exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadAsk<'a> {
    /// The identifier of the request: in the answer, and in the audit.
    pub(crate) id: &'a str,
    pub(crate) door: &'a str,
    pub(crate) peer: IpAddr,
    pub(crate) session: &'a Session,
    /// The grants `secrets` of the session's role at the login.
    pub(crate) patterns: &'a [String],
    pub(crate) path: &'a str,
}

impl Exchange {
    /// Decides whether a session may read a path, and records it.
    ///
    /// # Errors
    /// [`Refusal::NoRole`] if no pattern of the session matches the path, and [`Refusal::Unavailable`] if it cannot be
    /// recorded.
    pub(crate) async fn grant_read(&self, ask: ReadAsk<'_>) -> Result<(), Refusal> {
        let now = self.now();
        let accepts = |pattern: &String| {
            let glob = Glob::new(&Str::quote(pattern));
            glob.is_ok_and(|glob| glob.accepts(ask.path))
        };
        if !ask.patterns.iter().any(accepts) {
            let reason = Refusal::NoRole.code();
            telemetry::refused(ask.door, reason);
            if self.refusals.admits(ask.peer, reason) {
                self.audit
                    .note(read_record(ask, now, Outcome::Refused { reason }).json());
            }
            return Err(Refusal::NoRole);
        }
        let left = ask.session.expires_at.saturating_sub(now.as_secs());
        let outcome = Outcome::Granted {
            role: &ask.session.role,
            clause: None,
            audience: "",
            id: &ask.session.id,
            life: u64::try_from(left).unwrap_or(0),
        };
        let written = self.audit.record(read_record(ask, now, outcome).json()).await;
        written.map_err(|_| Refusal::Unavailable(Unavailable::Audit))?;
        telemetry::granted(ask.door);
        Ok(())
    }

    /// Ends a session before it expires.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`] if it cannot be remembered.
    pub(crate) async fn revoke(&self, session: &Session) -> Result<(), Refusal> {
        let until = UnixTime::from_secs(session.expires_at);
        let taken = self.replay.take(revoked(session), until).await;
        taken.map(drop).map_err(unknown)
    }

    /// Returns whether a session was ended. Only those of doors of the kind `vault` can be.
    pub(super) async fn is_revoked(&self, kind: DoorKind, session: &Session) -> Result<bool, Refusal> {
        if kind != DoorKind::Vault {
            return Ok(false);
        }
        self.replay.has(revoked(session)).await.map_err(unknown)
    }
}

fn unknown(_: NoAnswer) -> Refusal {
    Refusal::Unavailable(Unavailable::Replay)
}

/// Returns the name of a revoked session in the memory of used tokens. No issuer has such a URL.
fn revoked(session: &Session) -> [&str; 3] {
    ["revoked:", &session.id, &session.role]
}

fn read_record<'a>(ask: ReadAsk<'a>, now: UnixTime, outcome: Outcome<'a>) -> Record<'a> {
    let wanted = Wanted::Grant {
        grant: SECRETS,
        value: ask.path,
        role: None,
    };
    Record {
        time: now.as_secs(),
        request: ask.id,
        door: ask.door,
        peer: ask.peer,
        wanted: wanted.into(),
        issuer: Some(&ask.session.issuer),
        subject: None,
        job_token: None,
        outcome,
    }
}
