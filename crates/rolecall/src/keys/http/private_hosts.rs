//! Hosts that may have private addresses, each for some issuers only.

use std::collections::{BTreeMap, BTreeSet};

use rolecall_engine::Issuer;

use super::target::{Target, without_brackets};

/// Hosts that may have private addresses. A host is allowed only for the issuers that the configuration
/// connects with it: an issuer writes its own discovery document, so a less trusted one could otherwise send
/// requests to the internal hosts of another.
#[derive(Clone, Debug, Default)]
pub(super) struct PrivateHosts {
    /// Hosts allowed for each issuer whose configuration has a URL on the host.
    configured: BTreeSet<String>,
    /// Hosts allowed for one issuer, by its URL.
    by_issuer: BTreeMap<String, BTreeSet<String>>,
}

impl PrivateHosts {
    /// Allows a host for each issuer whose configuration has a URL on it.
    pub(super) fn allow(&mut self, host: &str) {
        self.configured.insert(normalised(host));
    }

    /// Allows a host for the issuer of this URL.
    pub(super) fn allow_for(&mut self, issuer_url: &str, host: &str) {
        let hosts = self.by_issuer.entry(issuer_url.to_owned()).or_default();
        hosts.insert(normalised(host));
    }

    /// Returns the hosts that are allowed for URLs of the configuration.
    pub(super) fn of_configuration(&self) -> BTreeSet<String> {
        self.configured.clone()
    }

    /// Returns the hosts that are allowed for an issuer.
    pub(super) fn of(&self, issuer: &Issuer) -> BTreeSet<String> {
        let urls = [Some(&issuer.url), issuer.jwks.as_ref()];
        let own = urls.into_iter().flatten().filter_map(|url| {
            // The scheme is checked when the URL is fetched.
            let host = Target::new(url, true).ok()?.host;
            self.configured.contains(&host).then_some(host)
        });
        let further = self.by_issuer.get(&issuer.url).into_iter().flatten().cloned();
        own.chain(further).collect()
    }
}

/// Returns a host in the form of [`Target::host`].
fn normalised(host: &str) -> String {
    without_brackets(host).to_ascii_lowercase()
}
