//! Owned decisions.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use rolecall_engine::{CachedDecision, Decision, Explanation, PolicySet};

use super::known_token::KnownToken;
use crate::error::VerifyError;
use crate::verified_token::VerifiedToken;

/// An owned decision on a role. It holds the token and the policies that it was made with, also after those
/// of the gate are replaced.
#[derive(Clone)]
pub struct Ruling {
    pub(super) known: Arc<KnownToken>,
    pub(super) cached: CachedDecision,
}

impl Ruling {
    /// Returns the token.
    pub fn token(&self) -> &VerifiedToken {
        &self.known.token
    }

    /// Returns the decision: the role, and either the clause that allows it and what it grants, or the reason
    /// for the denial.
    pub fn decision(&self) -> Decision<'_> {
        self.known.recall(self.cached)
    }

    /// Returns the explanation of the decision. Its view for the operator has what the policies accept, and belongs
    /// into a log; its view for the requester does not, and may be the answer to the request.
    ///
    /// ```
    /// # use rolecall::Denial;
    /// # fn answer(denial: &Denial) -> String {
    /// match denial {
    ///     Denial::Role(ruling) => {
    ///         let view = ruling.explain().requester();
    ///         let claims = view.clauses.iter().flatten();
    ///         let names: Vec<&str> = claims.map(|failed| failed.claim.as_str()).collect();
    ///         format!("denied because of: {}", names.join(", "))
    ///     }
    ///     _ => denial.code().to_owned(),
    /// }
    /// # }
    /// ```
    pub fn explain(&self) -> Explanation<'_> {
        self.known.explain(self.cached)
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

/// The roles that a token gets, all decided on the same policies.
#[derive(Clone)]
pub struct Roles {
    pub(super) known: Arc<KnownToken>,
}

impl Roles {
    /// Returns the token.
    pub fn token(&self) -> &VerifiedToken {
        &self.known.token
    }

    /// Returns the policies that decided, also after those of the gate are replaced.
    pub fn policies(&self) -> &PolicySet {
        self.known.policies()
    }

    /// Returns the decision on each role that the token gets, in the order of the policies.
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

/// The reason why a token does not get a role.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Denial {
    /// The token is accepted, but the policies do not give it the role (HTTP status 403).
    Role(Ruling),
    /// The token is not accepted (HTTP status 401, or 503 if [`VerifyError::is_temporary`]).
    Token(VerifyError),
}

impl Denial {
    /// Returns a stable identifier of the denial: that of the [`VerifyError`], or `denied`.
    ///
    /// It does not reveal why the role is denied, because that would tell an attacker what to try next. The
    /// [`Ruling`] has the reason.
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
