//! Issuers of foreign roles: their profiles, and their audiences over all documents.

use super::layouts::{self, Guessed};
use rolecall_engine::ir::Profile;
use rolecall_engine::{PolicySet, Source, built_in_profiles, check_issuer_url};
use rolecall_syntax::ast::{Issuer, IssuerMember, Item, OneOrList};
use rolecall_syntax::{Span, Spanned, Str};
use std::collections::{BTreeMap, BTreeSet};
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

/// The built-in profiles of issuers by their URLs, for servers of one's own.
pub type Profiles = BTreeMap<String, String>;

/// The issuers of some documents, by their URLs without `https://`.
#[derive(Debug)]
pub(super) struct Issuers<'p> {
    issuers: BTreeMap<String, BTreeSet<String>>,
    profiles: &'p Profiles,
}

impl<'p> Issuers<'p> {
    pub(super) fn new(profiles: &'p Profiles) -> Self {
        let issuers = BTreeMap::new();
        Self { issuers, profiles }
    }

    /// Adds an issuer with the audiences that a role admits. Returns its profile, or nothing if no issuer has the URL.
    pub(super) fn add(&mut self, issuer: &str, audiences: &[String]) -> Option<Arc<Profile>> {
        check_issuer_url(&url(issuer)).ok()?;
        // The tokens of these issuers have no slash at the end.
        let usual = issuer.trim_end_matches('/');
        if usual != issuer && of_host(usual).is_some() {
            return None;
        }
        let known = self.issuers.entry(issuer.to_owned()).or_default();
        known.extend(audiences.iter().filter(|audience| !audience.is_empty()).cloned());
        profile(self.profile_name(issuer))
    }

    /// Returns whether a role that admits some audiences admits all that the issuer's roles admit together.
    pub(super) fn are_all(&self, issuer: &str, audiences: &[String]) -> bool {
        let known = self.issuers.get(issuer);
        known.is_some_and(|known| known.iter().all(|known| audiences.contains(known)))
    }

    /// Returns an item for each issuer. Its tokens may also have guessed layouts.
    pub(super) fn items(&self, guessed: &Guessed) -> Vec<Spanned<Item>> {
        let nowhere = Span::default();
        let at = |text: &str| Spanned::new(Str::quote(text), nowhere);
        let items = self.issuers.iter().map(|(issuer, audiences)| {
            let mut texts: Vec<Spanned<Str>> = audiences.iter().map(|audience| at(audience)).collect();
            if texts.is_empty() {
                // The roles of this issuer are dead, and an issuer has an audience. This one is that of no token.
                texts.push(at("urn:no-audience"));
            }
            let members = [
                IssuerMember::Url(at(&url(issuer))),
                IssuerMember::Profile(Spanned::new(self.profile_name(issuer).to_owned(), nowhere)),
                IssuerMember::Audience(OneOrList::List(texts)),
            ];
            let members = members.into_iter().map(|member| Spanned::new(member, nowhere));
            let layouts = guessed
                .get(issuer)
                .map(|lines| layouts::members(self.profile_name(issuer), lines));
            let members = members.chain(layouts.into_iter().flatten()).collect();
            let name = Spanned::new(issuer.clone(), nowhere);
            Spanned::new(Item::Issuer(Issuer { name, members }), nowhere)
        });
        items.collect()
    }

    /// Returns the name of an issuer's profile.
    fn profile_name(&self, issuer: &str) -> &str {
        let own = self.profiles.get(&url(issuer)).map(String::as_str);
        own.or_else(|| of_host(issuer)).unwrap_or(OTHER)
    }
}

/// Returns the profile of an issuer in the table.
fn of_host(issuer: &str) -> Option<&'static str> {
    let mut found = PROFILES.iter().filter(|(pattern, _)| is_like(pattern, issuer));
    found.next().map(|(_, name)| *name)
}

/// Returns the URL of an issuer.
fn url(issuer: &str) -> String {
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
