//! The tenants of an issuer, in the words of its CI system.

use rolecall_engine::ir::Profile;

/// The start of the name of a tenant claim, and the tenants that it tells apart.
const NOUNS: [(&str, &str); 4] = [
    ("repository", "repositories"),
    ("project", "projects"),
    ("organization", "organizations"),
    ("namespace", "namespaces"),
];

/// Returns the plural noun for the tenants of a profile.
pub fn noun(profile: &Profile) -> &'static str {
    let tenants = || profile.claims().values().filter(|claim| claim.tenant);
    let is_named = |start: &str| {
        let names = tenants().flat_map(|claim| claim.path.last().into_iter().chain(&claim.aliases));
        names.into_iter().any(|name| name.starts_with(start))
    };
    let noun = NOUNS.into_iter().find(|(start, _)| is_named(start));
    noun.map_or("tenants", |(_, noun)| noun)
}
