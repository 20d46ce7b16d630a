//! Doors: each parses the requests of a protocol, asks the [`Exchange`], and answers in the protocol's own form.

pub(crate) mod answer;
mod authorize;
mod aws;
mod azure;
mod body;
mod context;
mod form;
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

pub(crate) use aws::is_role_arn;
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
pub(crate) fn documents(exchange: &Arc<Exchange>, doors: &[Door]) -> Router {
    metadata::router(Arc::clone(exchange), doors)
}

/// Returns the routes of the open doors, each within limits, and with its form for what the limits refuse.
pub(crate) fn router(exchange: &Arc<Exchange>, doors: &[Door], limited: &dyn Fn(Router) -> Router) -> Router {
    let mut router = Router::new();
    for door in doors {
        let at = Arc::new(At {
            door: door.clone(),
            exchange: Arc::clone(exchange),
        });
        let routes = match door.kind {
            DoorKind::Aws => aws::router,
            DoorKind::Authorize => authorize::router,
            DoorKind::Azure => azure::router,
            DoorKind::Gcp => gcp::router,
            DoorKind::OctoSts => octo_sts::router,
            DoorKind::Credentials => aws::credentials::router,
            DoorKind::Request => request::router,
            DoorKind::Token => token::router,
            DoorKind::Vault => vault::router,
        };
        router = router.merge(form::in_form(limited(routes(Arc::clone(&at))), at));
    }
    router
}
