//! Refusals: recorded or counted, and explained off the request path.

use std::sync::Arc;
use std::time::Duration;

use rolecall::{Roles, UnixTime, VerifiedToken};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use super::Exchange;
use super::ask::Ask;
use super::denial::Denial;
use super::refusal::Refusal;
use super::wanted::OwnedWanted;
use crate::audit::{Outcome, Record};
use crate::telemetry;

/// The time after which a denial is answered if the answer says what failed: the same for a role that does not exist.
const DENIAL_TIME: Duration = Duration::from_millis(50);
/// The maximum number of denials that are explained at a time.
pub(super) const MAX_EXPLAINING: usize = 4;
/// The time for which the end of the server waits for explanations, and then for the disk.
const FINISH_TIME: Duration = Duration::from_secs(5);
/// The maximum number of role names in an explanation.
const MAX_NAMES: usize = 8;

/// The part of a request that was verified before it was refused.
#[derive(Clone, Copy, Debug)]
pub(super) enum Verified<'a> {
    Nothing,
    /// A token of this exchange.
    Token(&'a VerifiedToken),
    /// A job's token, with the roles that it gets.
    Roles(&'a Roles),
}

impl<'a> Verified<'a> {
    pub(super) fn token(self) -> Option<&'a VerifiedToken> {
        match self {
            Self::Nothing => None,
            Self::Token(token) => Some(token),
            Self::Roles(roles) => Some(roles.token()),
        }
    }
}

impl Exchange {
    /// Records a refusal, or counts it. Nothing is issued, so the answer waits neither for the disk nor for the
    /// explanation.
    pub(super) fn refuse(&self, ask: Ask<'_>, verified: Verified<'_>, refusal: Refusal) -> Refusal {
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
            record = explained(&record, &json!({ "roles": names }));
        }
        let is_explained = matches!(refusal, Refusal::NoRole | Refusal::FailedClaims(_));
        let permit = || Arc::clone(&self.explaining).try_acquire_owned().ok();
        match (verified, is_explained.then(permit).flatten()) {
            (Verified::Roles(roles), Some(permit)) => {
                let denial = self.denial(ask, roles);
                let audit = self.audit.clone();
                spawn_blocking(move || {
                    audit.note(explained(&record, &denial().for_operator()));
                    drop(permit);
                });
            }
            _ => self.audit.note(record),
        }
        refusal
    }

    /// Returns the refusal of a role with the claims that failed. It takes the same time for all roles.
    pub(super) async fn failed_claims(&self, ask: Ask<'_>, roles: &Roles) -> Refusal {
        let denial = self.denial(ask, roles);
        let permit = Arc::clone(&self.explaining).try_acquire_owned();
        let explained = async {
            let permit = permit.ok()?;
            let work = spawn_blocking(move || {
                let failed = denial().for_caller();
                drop(permit);
                failed
            });
            timeout(DENIAL_TIME, work).await.ok()?.ok()?
        };
        let (failed, ()) = tokio::join!(explained, sleep(DENIAL_TIME));
        failed.map_or(Refusal::NoRole, Refusal::FailedClaims)
    }

    /// Returns work that finds the candidate roles of a denial. It looks at all roles, so it is for a thread of its own.
    fn denial(&self, ask: Ask<'_>, roles: &Roles) -> impl FnOnce() -> Denial + Send + 'static {
        let (policies, roles, wanted) = (self.gate.policies(), roles.clone(), OwnedWanted::from(ask.wanted));
        move || Denial::new(policies, roles, wanted.borrowed())
    }

    /// Waits for the explanations under way, and until all records are on the disk. On a disk that hangs, some are lost:
    /// none of what was issued.
    pub(crate) async fn finish(&self) {
        let all = u32::try_from(MAX_EXPLAINING).unwrap_or(u32::MAX);
        let _ = timeout(FINISH_TIME, self.explaining.acquire_many(all)).await;
        self.write_counts();
        if timeout(FINISH_TIME, self.audit.finish()).await.is_err() {
            tracing::error!("the last refusals are not in the audit: the disk does not answer");
        }
    }

    /// Writes the refusals that were only counted, without waiting for the disk.
    pub(crate) fn write_counts(&self) {
        for record in self.refusals.take(self.now().as_secs()) {
            self.audit.note(record.to_string());
        }
    }

    /// Returns the record of a request without its outcome. A token that is not verified says nothing in it.
    pub(super) fn record<'a>(ask: Ask<'a>, token: Option<&'a VerifiedToken>, now: UnixTime) -> Record<'a> {
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

/// Returns a record with an explanation.
fn explained(record: &str, explanation: &Value) -> String {
    let members = record.strip_suffix('}').unwrap_or(record);
    format!("{members},\"explanation\":{explanation}}}")
}
