//! A gate for HTTP requests.

use std::error::Error;
use std::fmt;

use http::request::Parts;
use rolecall::{Denial, Gate, Roles, Ruling};

use crate::bearer::bearer;
use crate::challenge::{InvalidRealm, Realm};
use crate::refusal::{Refusal, RefusalReason};

/// A [`Gate`] for requests: it reads their bearer tokens, and turns denials into responses. A clone is the same
/// gate.
#[derive(Clone, Debug)]
pub struct HttpGate {
    gate: Gate,
    realm: Realm,
}

impl HttpGate {
    /// Returns a gate for requests. Its realm is `rolecall`.
    pub fn new(gate: Gate) -> Self {
        let realm = Realm::default();
        Self { gate, realm }
    }

    /// Sets the realm of the challenges (RFC 9110 section 11.5), which requesters see.
    ///
    /// # Errors
    /// [`InvalidRealm`] if it is longer than 256 bytes, or not printable ASCII.
    pub fn realm(self, realm: &str) -> Result<Self, InvalidRealm> {
        let realm = Realm::new(realm)?;
        Ok(Self { realm, ..self })
    }

    /// Checks, when a service starts, that the policies in use have a role. Later policies may lack it: its
    /// requests are then denied, and `rolecall::Event::RolesRemoved` reports it.
    ///
    /// # Errors
    /// [`UnknownRole`] if they do not.
    pub fn require(self, role: &str) -> Result<Self, UnknownRole> {
        if self.gate.has_role(role) {
            Ok(self)
        } else {
            let role = role.into();
            Err(UnknownRole { role })
        }
    }

    /// Returns the gate.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Decides whether the token of a request gets a role. Yields while keys are fetched, on any runtime.
    ///
    /// # Errors
    /// [`Refusal`] if the request has no single token, or its token is not accepted or does not get the role.
    pub async fn authorize(&self, request: &Parts, role: &str) -> Result<Ruling, Refusal> {
        let ruling = self.gate.authorize_async(self.token(request)?, role).await;
        ruling.map_err(|denial| self.denied(denial))
    }

    /// Decides which roles the token of a request gets. Yields while keys are fetched, on any runtime.
    ///
    /// # Errors
    /// [`Refusal`] if the request has no single token, or its token is not accepted.
    pub async fn roles(&self, request: &Parts) -> Result<Roles, Refusal> {
        let roles = self.gate.roles_async(self.token(request)?).await;
        roles.map_err(|error| self.denied(Denial::Token(error)))
    }

    fn token<'a>(&self, request: &'a Parts) -> Result<&'a str, Refusal> {
        let reason = match bearer(request) {
            Ok(Some(token)) => return Ok(token),
            Ok(None) => RefusalReason::NoCredentials,
            Err(fault) => RefusalReason::Malformed(fault),
        };
        Err(Refusal::new(reason, self.realm.clone()))
    }

    #[cold]
    fn denied(&self, denial: Denial) -> Refusal {
        Refusal::new(RefusalReason::Denied(denial), self.realm.clone())
    }
}

/// The policies have no role of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownRole {
    /// The name of the role.
    pub role: Box<str>,
}

impl fmt::Display for UnknownRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the policies have no role `{}`", self.role.escape_debug())
    }
}

impl Error for UnknownRole {}
