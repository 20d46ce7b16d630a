//! Issuers of flexible credentials, and the claims that expressions can compare for each.

use super::expression::Test;

/// The claims of an issuer with the operators that Entra takes for each, or nothing if it takes no expression
/// for the issuer.
///
/// (`workload-identities-flexible-federated-identity-credentials.md` of 2026-08-14, "Issuer URLs, supported
/// claims, and operators by platform"; the ids of GitLab are in
/// `workload-identities-federated-credential-mutable-subjects.md` of 2026-07-28. Credentials that were made
/// before these dates can compare `sub` alone.)
pub(super) fn claims(issuer: &str) -> Option<&'static [(&'static str, &'static [Test])]> {
    use Test::{Equals, Matches};
    const ANY: &[Test] = &[Equals, Matches];
    match issuer {
        "https://token.actions.githubusercontent.com" => Some(&[
            ("sub", ANY),
            ("job_workflow_ref", ANY),
            ("repository_id", &[Equals]),
            ("repository_owner_id", &[Equals]),
        ]),
        "https://app.terraform.io" | "https://app.eu.terraform.io" => Some(&[("sub", ANY)]),
        _ if is_gitlab(issuer) => Some(&[
            ("sub", ANY),
            ("project_id", &[Equals]),
            ("namespace_id", &[Equals]),
            ("user_id", &[Equals]),
        ]),
        _ => None,
    }
}

/// Returns whether expressions about tokens of an issuer can compare a claim with a text, or with a pattern.
pub(crate) fn is_comparable(issuer: &str, claim: &str, is_pattern: bool) -> bool {
    let test = if is_pattern { Test::Matches } else { Test::Equals };
    let claims = claims(issuer).unwrap_or_default();
    claims
        .iter()
        .any(|(name, tests)| *name == claim && tests.contains(&test))
}

/// Returns whether an issuer is `https://gitlab.com`, `https://gitlab.NAME.com` or `https://gitlab.NAME.ca`.
fn is_gitlab(issuer: &str) -> bool {
    let Some(rest) = issuer.strip_prefix("https://gitlab.") else {
        return false;
    };
    let name = rest.strip_suffix(".com").or_else(|| rest.strip_suffix(".ca"));
    rest == "com" || name.is_some_and(|name| !name.is_empty() && !name.contains('/'))
}
