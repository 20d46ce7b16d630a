//! Requests at doors, in the terms of the exchange.

use std::net::IpAddr;
use std::time::Duration;

use super::wanted::Wanted;
use crate::config::Door;

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
