//! Profiles of issuers: those of policies beside the documents, those that a configuration names, and those of well-known
//! hosts.

use rolecall_engine::ir::Profile;
use rolecall_engine::{PolicySet, Source, built_in_profiles};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// The profiles of issuers by their URLs without `https://`, in which `*` is one or more characters.
///
/// The hosts are those of the documentation that the profiles name. The issuer of a Kubernetes cluster of Amazon EKS is
/// `oidc.eks.REGION.amazonaws.com/id/ID`. (Amazon EKS User Guide, "Create an IAM OIDC provider for your cluster".)
const PROFILES: &[(&str, &str)] = &[
    ("agent.buildkite.com", "buildkite"),
    (
        "api.bitbucket.org/2.0/workspaces/*/pipelines-config/identity/oidc",
        "bitbucket",
    ),
    ("app.eu.terraform.io", "terraform-cloud"),
    ("app.terraform.io", "terraform-cloud"),
    ("gitlab.com", "gitlab-ci"),
    ("oidc.circleci.com/org/*", "circleci"),
    ("oidc.eks.*.amazonaws.com/id/*", "kubernetes"),
    ("token.actions.*.ghe.com", "github-actions"),
    ("token.actions.githubusercontent.com", "github-actions"),
    ("token.actions.githubusercontent.com/*", "github-actions"),
];

/// The profile of an issuer that is not in the table.
const OTHER: &str = "generic";

/// The profiles of issuers, as far as they do not follow from the hosts.
#[derive(Clone, Debug, Default)]
pub struct Profiles {
    configured: BTreeMap<String, String>,
    declared: BTreeMap<String, Arc<Profile>>,
}

impl Profiles {
    /// Returns the names of built-in profiles by the URLs of issuers, for servers of one's own. A name that is not that of
    /// a built-in profile has no effect.
    pub fn new(configured: BTreeMap<String, String>) -> Self {
        let declared = BTreeMap::new();
        Self { configured, declared }
    }

    /// Adds the profiles of the issuers that policies beside the documents declare. These say how the tokens of their issuers
    /// are: no layout of `sub` is guessed.
    #[must_use]
    pub fn beside(mut self, policies: &PolicySet) -> Self {
        let issuers = policies.program().issuers().values();
        let declared = issuers.map(|trusted| (trusted.issuer.url.clone(), Arc::clone(&trusted.profile)));
        self.declared.extend(declared);
        self
    }

    /// Returns whether policies declare an issuer.
    pub(super) fn is_declared(&self, issuer: &str) -> bool {
        self.declared.contains_key(&url(issuer))
    }

    /// Returns the profile of an issuer.
    pub(super) fn of(&self, issuer: &str) -> Option<Arc<Profile>> {
        let declared = self.declared.get(&url(issuer)).map(Arc::clone);
        declared.or_else(|| profile(self.name(issuer)))
    }

    /// Returns the name of an issuer's profile.
    pub(crate) fn name(&self, issuer: &str) -> &str {
        let url = url(issuer);
        let declared = self.declared.get(&url).map(|profile| profile.name.as_str());
        let known = declared.or_else(|| self.configured.get(&url).map(String::as_str));
        known.or_else(|| of_host(issuer)).unwrap_or(OTHER)
    }
}

/// Returns the profile of an issuer in the table.
pub(in crate::translation) fn of_host(issuer: &str) -> Option<&'static str> {
    let mut found = PROFILES.iter().filter(|(pattern, _)| is_like(pattern, issuer));
    found.next().map(|(_, name)| *name)
}

/// Returns the URL of an issuer.
pub(super) fn url(issuer: &str) -> String {
    format!("https://{issuer}")
}

/// Returns whether an issuer is like a pattern.
fn is_like(pattern: &str, issuer: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == issuer;
    };
    let Some(after) = issuer.strip_prefix(start) else {
        return false;
    };
    let mut ends = after
        .char_indices()
        .map(|(at, character)| at.saturating_add(character.len_utf8()));
    ends.any(|end| after.get(end..).is_some_and(|after| is_like(rest, after)))
}

/// Returns a built-in profile.
pub(crate) fn profile(name: &str) -> Option<Arc<Profile>> {
    static BY_NAME: LazyLock<BTreeMap<&str, Arc<Profile>>> = LazyLock::new(|| {
        let compiled = built_in_profiles().filter_map(|(name, _)| {
            let text =
                format!("issuer any {{ url \"https://issuer.example\" profile {name} audience \"any\" }}");
            let set = PolicySet::compile([Source::new(name, text)]).ok()?;
            let issuer = set.program().issuers().values().next()?;
            Some((name, Arc::clone(&issuer.profile)))
        });
        compiled.collect()
    });
    BY_NAME.get(name).cloned()
}
