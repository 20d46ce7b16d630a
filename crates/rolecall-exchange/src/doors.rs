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
use rolecall::HttpResponse;

use crate::config::{Door, DoorKind};
use crate::exchange::Exchange;
use crate::telemetry;
use crate::upstream::{Call, NoReply};

pub(crate) use aws::is_role_arn;
pub(crate) use context::Context;
pub(crate) use metadata::document;
pub(crate) use token::{GRANT_TYPE, JWT};

/// The maximum size of an upstream's answer with tokens or keys in bytes.
const MAX_TOKENS: u64 = 64 * 1024;
/// The maximum size of an answer of Vault in bytes: a secret may have 512 KiB, and its text escapes characters.
const MAX_SECRET: u64 = 1024 * 1024;

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

    /// Returns whether the door answers itself.
    fn is_local(&self) -> bool {
        self.door.upstreams.is_empty()
    }

    /// Sends a request to an upstream of the door: a `POST` if there is a body, else a `GET`.
    async fn send(
        &self,
        upstream: &str,
        path: &str,
        headers: Vec<(&'static str, String)>,
        body: Option<Vec<u8>>,
    ) -> Result<HttpResponse, NoReply> {
        let client = self.exchange.upstream.as_ref().ok_or(NoReply)?;
        let call = Call {
            url: format!("{upstream}{path}"),
            headers,
            body,
            time: self.door.timeout(),
            max_bytes: match self.door.kind {
                DoorKind::Vault => MAX_SECRET,
                _ => MAX_TOKENS,
            },
        };
        let reply = client.send(call).await;
        telemetry::asked(&self.door.name, reply.is_ok());
        reply
    }

    /// Returns the upstream of a door whose kind has one only.
    fn upstream(&self) -> Result<&str, NoReply> {
        self.door.upstreams.first().map(String::as_str).ok_or(NoReply)
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
