//! Decisions that can be kept.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use rolecall_engine::{CachedDecision, Decision};

use super::known_token::KnownToken;
use crate::error::VerifyError;
use crate::verified_token::VerifiedToken;

/// A decision on a role that can be kept: it holds the token and the policies that it was made with, also when those of the
/// gate are replaced.
#[derive(Clone)]
pub struct Ruling {
    pub(super) known: Arc<KnownToken>,
    pub(super) cached: CachedDecision,
}

impl Ruling {
    /// The token.
    pub fn token(&self) -> &VerifiedToken {
        &self.known.token
    }

    /// The decision: the role, the clause that allows it, what it grants, or why it is denied.
    pub fn decision(&self) -> Decision<'_> {
        self.known.recall(self.cached)
    }
}

impl fmt::Debug for Ruling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ruling")
            .field("token", self.token())
            .field("decision", &self.decision())
            .finish()
    }
}

/// The roles that a token may take, all decided on the same policies.
#[derive(Clone)]
pub struct Roles {
    pub(super) known: Arc<KnownToken>,
}

impl Roles {
    /// The token.
    pub fn token(&self) -> &VerifiedToken {
        &self.known.token
    }

    /// The decision on each role that the token may take, in the order of the policies.
    pub fn iter(&self) -> impl Iterator<Item = Decision<'_>> {
        self.known
            .allowed()
            .iter()
            .map(|cached| self.known.recall(*cached))
    }
}

impl fmt::Debug for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Roles")
            .field("token", self.token())
            .field("roles", &self.iter().collect::<Vec<_>>())
            .finish()
    }
}

/// Why a role is not given.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Denial {
    /// The token is good, but the policies do not let it take the role: 403 in terms of HTTP.
    Role(Ruling),
    /// The token is not accepted: 401 in terms of HTTP, or 503 if it is [`VerifyError::KeysUnavailable`].
    Token(VerifyError),
}

impl Denial {
    /// A word for the denial that stays the same from version to version: that of the [`VerifyError`], or `denied`.
    ///
    /// Why a role is denied is not for the one who asked: it would tell him what to try next. It is in the ruling.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Role(_) => "denied",
            Self::Token(error) => error.code(),
        }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(_) => f.write_str("the token may not take the role"),
            Self::Token(error) => error.fmt(f),
        }
    }
}

impl Error for Denial {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Role(_) => None,
            Self::Token(error) => Some(error),
        }
    }
}
