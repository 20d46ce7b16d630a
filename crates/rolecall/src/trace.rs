//! What happens, told to `tracing`.
//!
//! Its fields are names that the policies and the configuration give, numbers and codes. What a token says is never among
//! them, but for an excerpt in the message of an error, which is escaped.

use std::sync::Arc;

use rolecall_engine::DenialReason;
use tracing::{debug, error, info, warn};

use crate::observer::{Event, Observer};

/// Tells `tracing` first, and then another observer.
pub(crate) struct Traced(pub(crate) Arc<dyn Observer>);

impl Observer for Traced {
    fn observe(&self, event: &Event<'_>) {
        tell(event);
        self.0.observe(event);
    }
}

fn tell(event: &Event<'_>) {
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
