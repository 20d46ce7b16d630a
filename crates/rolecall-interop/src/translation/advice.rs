//! Advice about roles: the conditions that their systems can have.

use crate::aws::{Published, published};

/// Returns how a role can compare one of some claims of an issuer's tokens, in the terms of its system. `role` is the name that
/// its translation has.
pub fn advice(role: &str, issuer: &str, claims: &[String]) -> Option<String> {
    let (system, _) = role.split_once(':')?;
    let first = claims.first()?;
    let each = |write: fn(&String) -> String| claims.iter().map(write).collect::<Vec<_>>().join(" or ");
    Some(match system {
        "aws" => {
            let issuer = issuer.strip_prefix("https://").unwrap_or(issuer);
            let keys = claims.iter().filter_map(|claim| match published(issuer, claim) {
                Published::Claim(claim) => Some(format!("`{issuer}:{claim}`")),
                Published::Audience | Published::No | Published::Unsettled => None,
            });
            let keys: Vec<String> = keys.collect();
            match keys.is_empty() {
                false => format!("also compare {}", keys.join(" or ")),
                true => format!("AWS has no key for `{first}` of this issuer: let an exchange check it"),
            }
        }
        "azure" => match claims.iter().find(|claim| *claim == "sub") {
            Some(_) => "compare the whole `sub`".to_owned(),
            None => format!("Azure does not compare `{first}`: let an exchange check it"),
        },
        "gcp" => {
            let claims = each(|claim| format!("`assertion.{claim}`"));
            format!("also compare {claims} in the attribute condition")
        }
        "kubernetes" => {
            let claims = each(|claim| format!("`claims.{claim}`"));
            format!("also check {claims} in `claimValidationRules`")
        }
        "octo-sts" => format!(
            "also add {} to `claim_pattern`",
            each(|claim| format!("`{claim}`"))
        ),
        "vault" => format!(
            "also add {} to `bound_claims`",
            each(|claim| format!("`{claim}`"))
        ),
        _ => return None,
    })
}
