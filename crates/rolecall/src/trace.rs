//! Events for `tracing`.
//!
//! The fields are names from the policies and the configuration, numbers and codes. Text from a token, and the
//! role that was asked for, appear only as escaped excerpts.

use std::sync::Arc;

use rolecall_engine::DenialReason;
use tracing::{debug, error, info, warn};

use crate::excerpt::Excerpt;
use crate::observer::{Event, Observer};

/// The maximum number of removed roles that are named.
const MOST_NAMES: usize = 20;

/// The maximum number of characters of an error's first line.
const LONGEST_LINE: usize = 500;

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
        Event::Decided {
            role,
            token,
            decision,
        } => {
            let reason = decision.reason().map(DenialReason::code);
            let allowed = decision.is_allowed();
            debug!(
                issuer = token.issuer(),
                role = shown(role),
                allowed,
                reason,
                "decided"
            );
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
        Event::PoliciesNotReplaced { error } => {
            error!(error = first_line(&error.to_string()), "policies not replaced");
        }
        Event::PoliciesReplaced { roles } => info!(roles, "policies replaced"),
        Event::RolesRemoved { roles } => {
            let first: Vec<_> = roles.iter().take(MOST_NAMES).map(|name| shown(name)).collect();
            warn!(roles = roles.len(), names = first.join(", "), "roles removed");
        }
        Event::PrivateKeyPublished { issuer, entry } => {
            error!(issuer, position = entry.position, "private key published");
        }
        Event::TokenRefused { role, error } => {
            debug!(role = role.map(shown), code = error.code(), %error, "token refused");
        }
    }
}

/// Returns the beginning of an error, which may have a line for each fault of the policies.
fn first_line(error: &str) -> String {
    let line = error.lines().next().unwrap_or_default();
    line.chars()
        .take(LONGEST_LINE)
        .flat_map(char::escape_debug)
        .collect()
}

/// Returns a role as it is shown. It may come from a request, so it is short and escaped.
fn shown(role: &str) -> String {
    Excerpt::of(role).to_string()
}
