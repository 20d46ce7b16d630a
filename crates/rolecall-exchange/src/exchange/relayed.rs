//! Lifetimes at upstreams: an issued token that lives longer than the role may is refused or recorded.

use std::time::Duration;

use rolecall_engine::{Part, Template};

use super::{Ask, Exchange, Grant, Refusal, Unavailable};
use crate::audit::{Outcome, Record};
use crate::config::{Door, Exceed, Life};
use crate::telemetry;

/// Something that an upstream issued for a role.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Issued<'a> {
    pub(crate) role: &'a str,
    /// The identifier in the audit.
    pub(crate) id: &'a str,
    /// The time for which it lives; none if it never ends.
    pub(crate) life: Option<Duration>,
    /// The longest time that the role allows.
    pub(crate) most: Duration,
}

impl<'a> Issued<'a> {
    /// Returns what an upstream issued for a grant.
    pub(crate) fn of(grant: &'a Grant, life: Option<Duration>) -> Self {
        Self {
            role: &grant.role,
            id: &grant.id,
            life,
            most: grant.life,
        }
    }
}

impl Exchange {
    /// Accepts what an upstream issued, if it lives no longer than the role may, or if the door records it.
    ///
    /// # Errors
    /// [`Refusal::LongLife`] if it lives longer and the door refuses that, and [`Refusal::Unavailable`] if it cannot be
    /// recorded. Then it must not be handed out.
    pub(crate) async fn accept(&self, ask: Ask<'_>, issued: Issued<'_>) -> Result<(), Refusal> {
        if issued.life.is_some_and(|life| life <= issued.most) {
            return Ok(());
        }
        let record = |outcome| {
            Record {
                outcome,
                ..Self::record(ask, None, self.now())
            }
            .json()
        };
        match ask.door.settings.exceed() {
            Exceed::Record => {
                let exceeded = Outcome::Exceeded {
                    role: issued.role,
                    id: issued.id,
                    life: issued.life.map(|life| life.as_secs()),
                    most: issued.most.as_secs(),
                };
                let written = self.audit.record(record(exceeded)).await;
                written.map_err(|_| Refusal::Unavailable(Unavailable::Audit))
            }
            Exceed::Refuse => {
                let refusal = Refusal::LongLife;
                let (door, reason) = (&ask.door.name, refusal.code());
                telemetry::refused(door, reason);
                tracing::error!(
                    door,
                    role = issued.role,
                    life = issued.life.map(|life| life.as_secs()),
                    most = issued.most.as_secs(),
                    "what the upstream issued lives longer than the role may: shorten it there, or set `exceed`"
                );
                self.audit.note(record(Outcome::Refused { reason }));
                Err(refusal)
            }
        }
    }

    /// Returns the role that may have this grant, and the longest lifetime of what is issued for it at a door. Of several
    /// roles, it is the one with the shortest. `None` if the policies have none: nothing is prolonged for it.
    pub(crate) fn shortest(&self, door: &Door, grant: &str, text: &str) -> Option<(String, Duration)> {
        let policies = self.gate.policies();
        let program = policies.program();
        let most = self.tokens.ttl.duration();
        let most = door.settings.ttl.map_or(most, Life::duration).min(most);
        let roles = program.roles().iter().filter_map(|(id, role)| {
            let at = role.grants.iter().position(|name| **name == *grant)?;
            let mut clauses = program.clauses(id).iter();
            let has_it = clauses.any(|clause| {
                let template = clause.grants().get(at);
                template.is_some_and(|template| may_give(template, text))
            });
            has_it.then(|| (role.name.to_string(), role.ttl().unwrap_or(most).min(most)))
        });
        roles.min_by_key(|(_, life)| *life)
    }
}

/// Returns whether a template gives a text for some claims: the text begins and ends as the template does.
fn may_give(template: &Template, text: &str) -> bool {
    let edge = |part: Option<&Part>| match part {
        Some(Part::Text(text)) => text.to_string(),
        _ => String::new(),
    };
    match template.parts.as_slice() {
        [] => text.is_empty(),
        [Part::Text(whole)] => **whole == *text,
        parts => {
            let rest = text.strip_prefix(&*edge(parts.first()));
            rest.is_some_and(|rest| rest.ends_with(&*edge(parts.last())))
        }
    }
}
