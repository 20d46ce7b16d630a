//! Built-in profiles, written in the language itself.

use crate::diagnostic::Source;
use crate::issuer::TokenKind;
use rolecall_syntax::Parse;
use rolecall_syntax::ast::{IssuerMember, Item};
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

/// The name and the text of each profile.
const PROFILES: [(&str, &str); 11] = [
    ("bitbucket", include_str!("../profiles/bitbucket.policy")),
    ("buildkite", include_str!("../profiles/buildkite.policy")),
    ("circleci", include_str!("../profiles/circleci.policy")),
    ("generic", include_str!("../profiles/generic.policy")),
    (
        "github-actions",
        include_str!("../profiles/github-actions.policy"),
    ),
    ("gitlab-ci", include_str!("../profiles/gitlab-ci.policy")),
    (
        "gitlab-ci-custom-sub",
        include_str!("../profiles/gitlab-ci-custom-sub.policy"),
    ),
    ("kubernetes", include_str!("../profiles/kubernetes.policy")),
    ("rolecall", include_str!("../profiles/rolecall.policy")),
    ("spiffe", include_str!("../profiles/spiffe.policy")),
    (
        "terraform-cloud",
        include_str!("../profiles/terraform-cloud.policy"),
    ),
];

/// Returns the name and the text of each built-in profile.
pub fn built_in_profiles() -> impl Iterator<Item = (&'static str, &'static str)> {
    PROFILES.into_iter()
}

/// Returns true if a built-in profile says that strangers also get tokens of the issuer with this URL.
pub(crate) fn is_shared(url: &str) -> bool {
    static SHARED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
        let lines = PROFILES.iter().flat_map(|(_, text)| text.lines());
        let lists = lines.filter_map(|line| line.trim_start().strip_prefix("shared "));
        lists
            .flat_map(|list| list.split('"').skip(1).step_by(2))
            .collect()
    });
    SHARED.contains(url)
}

/// Returns the kind of the tokens that a profile of this name describes. Only a built-in profile describes
/// JWT-SVIDs, and its name is reserved for it: a profile of a set has no word for the kind.
pub(crate) fn token_kind(profile: &str) -> TokenKind {
    match profile {
        "spiffe" => TokenKind::JwtSvid,
        _ => TokenKind::IdToken,
    }
}

/// Returns true if a built-in profile has this name.
pub(crate) fn is_built_in(name: &str) -> bool {
    PROFILES.iter().any(|(profile, _)| *profile == name)
}

/// Returns the built-in profiles that the issuers and the profiles of the files name, except those that are
/// already loaded.
pub(crate) fn sources(files: &[Arc<Parse>], loaded: &[Source]) -> Vec<Source> {
    let items = files.iter().flat_map(|file| &file.file.items);
    let mut wanted: HashSet<&str> = HashSet::new();
    for item in items {
        match &item.node {
            Item::Issuer(issuer) => {
                wanted.extend(issuer.members.iter().filter_map(|member| match &member.node {
                    IssuerMember::Profile(name) => Some(name.node.as_str()),
                    _ => None,
                }));
            }
            Item::Profile(profile) => {
                wanted.extend(profile.extends.iter().map(|name| name.node.as_str()));
            }
            _ => {}
        }
    }
    PROFILES
        .into_iter()
        .filter(|(name, _)| wanted.contains(name))
        .map(|(name, text)| Source::new(format!("<built-in profile {name}>"), text))
        .filter(|source| loaded.iter().all(|other| other.name != source.name))
        .collect()
}
