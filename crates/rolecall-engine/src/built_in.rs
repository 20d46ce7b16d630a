//! Built-in profiles, written in the language itself.

use crate::issuer::TokenKind;
use crate::parsed_file::ParsedFile;
use crate::source::Source;
use rolecall_syntax::ast::{IssuerMember, Item, ProfileMember};
use rolecall_syntax::parse;
use std::collections::HashSet;
use std::sync::LazyLock;

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
    static SHARED: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let members = PROFILES.iter().flat_map(|(_, text)| members(text));
        let urls = members.filter_map(|member| match member {
            ProfileMember::Shared(urls) => Some(urls),
            _ => None,
        });
        let urls = urls.flat_map(|urls| urls.strings().to_vec());
        urls.filter_map(|url| url.node.text().ok()).collect()
    });
    SHARED.contains(url)
}

/// Returns the members in the text of a profile.
pub(crate) fn members(text: &str) -> impl Iterator<Item = ProfileMember> {
    let items = parse(text).file.items.into_iter();
    let profiles = items.filter_map(|item| match item.node {
        Item::Profile(profile) => Some(profile),
        _ => None,
    });
    profiles.flat_map(|profile| profile.members.into_iter().map(|member| member.node))
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
pub(crate) fn files(files: &[ParsedFile], loaded: &[ParsedFile]) -> Vec<ParsedFile> {
    /// The profiles as files. Each is parsed once, when a set first names it.
    static FILES: LazyLock<[ParsedFile; PROFILES.len()]> = LazyLock::new(|| {
        PROFILES.map(|(name, text)| ParsedFile::new(Source::new(format!("<built-in profile {name}>"), text)))
    });
    let items = files.iter().flat_map(|file| &file.parse().file.items);
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
    let all = PROFILES.iter().zip(FILES.iter());
    all.filter(|((name, _), _)| wanted.contains(name))
        .map(|(_, file)| file)
        .filter(|file| !loaded.iter().any(|other| other.is_clone_of(file)))
        .cloned()
        .collect()
}
