//! Reading of configurations, as strict as the API server.

mod authenticator;
mod expressions;
mod fields;
mod issuer;
mod mappings;

use super::configuration::AuthenticatorReading;
use crate::document::Node;
use crate::notice::{Reading, printable};
use authenticator::authenticator;
use fields::fields;
use std::collections::HashSet;

/// The group of the versions of a configuration.
const GROUP: &str = "apiserver.config.k8s.io/";

/// The most authenticators of a configuration.
const MAX_AUTHENTICATORS: usize = 64;

/// Returns whether a document is a configuration.
pub fn is_configuration(root: &Node) -> bool {
    let has = |name: &str, is_wanted: fn(&str) -> bool| {
        let value = root.named(name).next_back().and_then(|value| value.as_text());
        value.is_some_and(is_wanted)
    };
    has("kind", |kind| kind == "AuthenticationConfiguration")
        && has("apiVersion", |version| version.starts_with(GROUP))
}

/// Reads the authenticators of a configuration, whose document's text is `source`. A fault of the configuration itself is
/// one of each authenticator, because the API server then takes none.
pub fn authenticators(source: &str, root: &Node) -> Vec<AuthenticatorReading> {
    let mut fields = fields(source, root, &["anonymous", "apiVersion", "jwt", "kind"]);
    if let Some(version) = fields.text("apiVersion") {
        let name = version.strip_prefix(GROUP).unwrap_or_default();
        if !["v1", "v1beta1", "v1alpha1"].contains(&name) {
            let message = format!("the API server has no version `{}`", printable(&version));
            let help = "write `apiserver.config.k8s.io/v1`";
            fields.refuse("unknown-version", message, help, version.span);
        }
    }
    let entries = fields.list("jwt");
    if entries.len() > MAX_AUTHENTICATORS {
        let message = format!("a configuration has at most {MAX_AUTHENTICATORS} authenticators");
        fields.invalid(message, "remove some of them", fields.span);
    }
    let mut seen = Seen::default();
    let mut readings: Vec<AuthenticatorReading> = Vec::new();
    for entry in entries {
        let (inner, issuer, found) = authenticator(source, entry, &mut seen);
        let mut notices = fields.notices.clone();
        notices.extend(inner.notices);
        readings.push(AuthenticatorReading {
            issuer,
            reading: Reading::new(found, notices),
            span: entry.span,
        });
    }
    if readings.is_empty() && !fields.notices.is_empty() {
        readings.push(AuthenticatorReading {
            issuer: None,
            reading: Reading::new(None, fields.notices),
            span: root.span,
        });
    }
    readings
}

/// The texts that only one authenticator has.
#[derive(Default)]
struct Seen {
    issuers: HashSet<String>,
    discovery_urls: HashSet<String>,
}
