//! The choice of the role that a request asks for.

use std::time::Duration;

use rolecall::{Decision, Roles};
use rolecall_engine::ClauseId;

use super::Refusal;
use crate::policies::place;

/// The role that a request asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted<'a> {
    /// The role that grants exactly this text, and has this name if the client says one.
    Grant {
        grant: &'static str,
        value: &'a str,
        role: Option<&'a str>,
    },
    /// The role of this name.
    Role(&'a str),
    /// The role of this name, which must have a grant.
    RoleWith { role: &'a str, grant: &'static str },
}

/// The role that a request asks for, kept for longer than the request.
#[derive(Clone, Debug)]
pub(super) enum OwnedWanted {
    Grant {
        grant: &'static str,
        value: String,
        role: Option<String>,
    },
    Role(String),
    RoleWith {
        role: String,
        grant: &'static str,
    },
}

impl From<Wanted<'_>> for OwnedWanted {
    fn from(wanted: Wanted<'_>) -> Self {
        match wanted {
            Wanted::Grant { grant, value, role } => Self::Grant {
                grant,
                value: value.to_owned(),
                role: role.map(str::to_owned),
            },
            Wanted::Role(role) => Self::Role(role.to_owned()),
            Wanted::RoleWith { role, grant } => Self::RoleWith {
                role: role.to_owned(),
                grant,
            },
        }
    }
}

impl OwnedWanted {
    pub(super) fn borrowed(&self) -> Wanted<'_> {
        match self {
            Self::Grant { grant, value, role } => Wanted::Grant {
                grant,
                value,
                role: role.as_deref(),
            },
            Self::Role(role) => Wanted::Role(role),
            Self::RoleWith { role, grant } => Wanted::RoleWith { role, grant },
        }
    }
}

/// The role that was chosen, and what it gives.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) role: String,
    /// The place of the clause that allows it, as `FILE:LINE`.
    pub(super) clause: Option<String>,
    pub(super) ttl: Option<Duration>,
    pub(super) grants: Vec<(String, String)>,
}

impl Choice {
    /// Returns the text of a grant.
    pub(super) fn grant(&self, name: &str) -> Option<&str> {
        let mut grants = self.grants.iter();
        grants
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Wanted<'_> {
    /// Chooses among the roles that a token gets the one that fits. Texts are compared exactly, never by pattern.
    ///
    /// # Errors
    /// [`Refusal::NoRole`] if none fits, and [`Refusal::SeveralRoles`] if several do.
    pub(super) fn choose(self, roles: &Roles) -> Result<Choice, Refusal> {
        let decisions = roles.iter();
        let mut fitting: Vec<(Choice, Option<ClauseId>)> = decisions
            .filter_map(|decision| Some((self.fit(&decision)?, decision.clause())))
            .collect();
        match (fitting.pop(), fitting.is_empty()) {
            (None, _) => Err(Refusal::NoRole),
            (Some((choice, clause)), true) => {
                let set = roles.policies();
                let clause = clause.map(|clause| place(set, set.program()[clause].location));
                Ok(Choice { clause, ..choice })
            }
            (Some((last, _)), false) => {
                let names = fitting.into_iter().map(|(choice, _)| choice.role);
                Err(Refusal::SeveralRoles(names.chain([last.role]).collect()))
            }
        }
    }

    fn fit(self, decision: &Decision<'_>) -> Option<Choice> {
        let role = decision.role()?;
        let wanted = match self {
            Self::Role(name) | Self::RoleWith { role: name, .. } => Some(name),
            Self::Grant { role, .. } => role,
        };
        if wanted.is_some_and(|name| name != &*role.name) {
            return None;
        }
        let grants = decision.grants();
        let fits = |(name, text): &(&str, String)| match self {
            Self::Grant { grant, value, .. } => *name == grant && text == value,
            Self::RoleWith { grant, .. } => *name == grant,
            Self::Role(_) => true,
        };
        if !matches!(self, Self::Role(_)) && !grants.iter().any(fits) {
            return None;
        }
        Some(Choice {
            role: role.name.to_string(),
            clause: None,
            ttl: decision.ttl(),
            grants: grants
                .into_iter()
                .map(|(name, text)| (name.to_owned(), text))
                .collect(),
        })
    }
}
