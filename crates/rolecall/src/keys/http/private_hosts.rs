//! Hosts that may have private addresses, each for some issuers only.

use std::collections::{BTreeMap, BTreeSet};

use rolecall_engine::Issuer;

use super::target::{Target, bare};

/// Hosts that may have private addresses. An issuer writes its own discovery document, so a host is allowed for the issuers
/// that the configuration connects with it, and for no others: one that is trusted less could otherwise lead requests to the
/// internal hosts of another.
#[derive(Clone, Debug, Default)]
pub(super) struct PrivateHosts {
    /// Allowed for each issuer whose configuration has a URL on the host.
    configured: BTreeSet<String>,
    /// Allowed for the issuer of a URL.
    by_issuer: BTreeMap<String, BTreeSet<String>>,
}

impl PrivateHosts {
    /// Allows a host for each issuer whose configuration has a URL on it.
    pub(super) fn allow(&mut self, host: &str) {
        self.configured.insert(normal(host));
    }

    /// Allows a host for the issuer of this URL.
    pub(super) fn allow_for(&mut self, issuer_url: &str, host: &str) {
        let hosts = self.by_issuer.entry(issuer_url.to_owned()).or_default();
        hosts.insert(normal(host));
    }

    /// Returns the hosts that are allowed for an issuer.
    pub(super) fn of(&self, issuer: &Issuer) -> BTreeSet<String> {
        let urls = [Some(&issuer.url), issuer.jwks.as_ref()];
        let own = urls.into_iter().flatten().filter_map(|url| {
            // The scheme is not judged here.
            let host = Target::new(url, true).ok()?.host;
            self.configured.contains(&host).then_some(host)
        });
        let further = self.by_issuer.get(&issuer.url).into_iter().flatten().cloned();
        own.chain(further).collect()
    }
}

/// A host as [`Target`] has it.
fn normal(host: &str) -> String {
    bare(host).to_ascii_lowercase()
}
