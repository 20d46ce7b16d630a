//! Granted roles.

use std::time::Duration;

use rolecall::UnixTime;
use serde_json::{Map, Value};

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
    pub(super) token_life: Duration,
    pub(super) act: Map<String, Value>,
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
    pub(super) fn token_expires_at(&self) -> UnixTime {
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
