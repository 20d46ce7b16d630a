//! Issuers of flexible credentials, and the claims that expressions can compare for each.

use super::expression::Test;

/// The claims of an issuer with the operators that Entra takes for each, or nothing if it takes no expression
/// for the issuer.
///
/// (`workload-identities-flexible-federated-identity-credentials.md`, "Issuer URLs, supported claims, and
/// operators by platform"; the ids of GitHub since 2026-08-14.)
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
        "https://app.terraform.io" | "https://app.eu.terraform.io" | "https://gitlab.com" => {
            Some(&[("sub", ANY)])
        }
        _ => is_gitlab(issuer).then_some(&[("sub", ANY)]),
    }
}

/// Returns whether an issuer is `https://gitlab.NAME.com` or `https://gitlab.NAME.ca`.
fn is_gitlab(issuer: &str) -> bool {
    let rest = issuer.strip_prefix("https://gitlab.");
    let name = rest.and_then(|rest| rest.strip_suffix(".com").or_else(|| rest.strip_suffix(".ca")));
    name.is_some_and(|name| !name.is_empty() && !name.contains('/'))
}
