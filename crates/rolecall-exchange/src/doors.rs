//! Doors: each parses the requests of a protocol, asks the [`Exchange`], and answers in the protocol's own form.

pub(crate) mod answer;
mod authorize;
mod aws;
mod azure;
mod body;
mod context;
mod gcp;

mod metadata;
mod octo_sts;
mod parameters;
mod request;
mod token;
mod vault;

use std::sync::Arc;

use axum::Router;

use crate::config::{Door, DoorKind};
use crate::exchange::Exchange;

pub(crate) use context::Context;
pub(crate) use metadata::document;
pub(crate) use token::{GRANT_TYPE, JWT};

/// An open door of an exchange.
struct At {
    door: Door,
    exchange: Arc<Exchange>,
}

impl At {
    /// Returns a path of the door: below the path of the issuer, and below its own name unless that is the protocol's.
    fn path(&self, path: &str) -> String {
        let issuer = self.exchange.issuer.path();
        format!("{issuer}{}{path}", self.door.prefix())
    }
}

/// Returns the routes of the issuer's documents alone.
pub(crate) fn documents(exchange: &Arc<Exchange>) -> Router {
    metadata::router(Arc::clone(exchange))
}

/// Returns the routes of the open doors, and those of the issuer.
pub(crate) fn router(exchange: &Arc<Exchange>, doors: &[Door]) -> Router {
    let mut router = documents(exchange);
    for door in doors {
        let at = Arc::new(At {
            door: door.clone(),
            exchange: Arc::clone(exchange),
        });
        router = router.merge(match door.kind {
            DoorKind::Aws => aws::router(at),
            DoorKind::Authorize => authorize::router(at),
            DoorKind::Azure => azure::router(at),
            DoorKind::Gcp => gcp::router(at),
            DoorKind::OctoSts => octo_sts::router(at),
            DoorKind::Credentials => aws::credentials::router(at),
            DoorKind::Request => request::router(at),
            DoorKind::Token => token::router(at),
            DoorKind::Vault => vault::router(at),
        });
    }
    router
}
