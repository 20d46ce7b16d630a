//! The context of a request: what all protocols have in common.

use std::net::IpAddr;

use crate::config::Door;
use crate::exchange::{Ask, Audience, Wanted};

/// The context that the server gives each request.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// The identifier of the request: in the header `x-request-id` of the answer, in the audit and in logs.
    pub(crate) id: String,
    /// The address of the connection.
    pub(crate) peer: IpAddr,
}

impl Context {
    /// Returns the question of a request at a door.
    pub(super) fn ask<'a>(&'a self, door: &'a Door, token: &'a str, wanted: Wanted<'a>) -> Ask<'a> {
        Ask {
            id: &self.id,
            door,
            peer: self.peer,
            token,
            wanted,
            audience: Audience::OfRole,
            life: None,
            relay: None,
        }
    }
}
