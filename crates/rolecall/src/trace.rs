//! Events for `tracing`.
//!
//! The fields are names from the policies and the configuration, numbers and codes. Text from a token appears
//! only as an escaped excerpt in the message of an error.

use std::sync::Arc;

use rolecall_engine::DenialReason;
use tracing::{debug, error, info, warn};

use crate::observer::{Event, Observer};

/// An observer that passes each event to `tracing`, and then to another observer.
pub(crate) struct TracingObserver(pub(crate) Arc<dyn Observer>);

impl Observer for TracingObserver {
    fn observe(&self, event: &Event<'_>) {
        trace(event);
        self.0.observe(event);
    }
}

fn trace(event: &Event<'_>) {
    match event {
        Event::Decided { token, decision } => {
            let role = decision.role().map(|role| &*role.name);
            let reason = decision.reason().map(DenialReason::code);
            let allowed = decision.is_allowed();
            debug!(issuer = token.issuer(), role, allowed, reason, "decided");
        }
        Event::KeysFetched {
            issuer,
            keys,
            changed,
            took,
        } => {
            let (usable, skipped) = (keys.len(), keys.skipped().count());
            info!(issuer, usable, skipped, changed, ?took, "keys fetched");
        }
        Event::KeysNotFetched {
            issuer,
            error,
            failures,
        } => warn!(issuer, code = error.code(), %error, failures, "keys not fetched"),
        Event::KeysWithdrawn { issuer, keys } => {
            error!(issuer, withdrawn = keys.len(), "keys withdrawn");
        }
        Event::PoliciesReplaced { roles } => info!(roles, "policies replaced"),
        Event::PrivateKeyPublished { issuer, entry } => {
            error!(issuer, position = entry.position, "private key published");
        }
        Event::TokenRefused { error } => debug!(code = error.code(), %error, "token refused"),
    }
}
