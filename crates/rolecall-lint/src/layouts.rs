//! Layouts: the texts that derived claims are composed of.

use rolecall_engine::ir::TrustedIssuer;
use rolecall_engine::{ClaimId, Part, Template};
use std::collections::BTreeSet;

/// Returns the layouts of a claim.
pub(crate) fn layouts(issuer: &TrustedIssuer, claim: ClaimId) -> impl Iterator<Item = &Template> {
    let own = issuer.derivations.iter().filter(move |own| own.claim == claim);
    own.map(|own| &own.template)
}

/// Returns the texts and claims in the layouts of a claim, the optional ones too.
pub(crate) fn parts(issuer: &TrustedIssuer, claim: ClaimId) -> impl Iterator<Item = &Part> {
    let parts = layouts(issuer, claim).flat_map(|layout| &layout.parts);
    parts.flat_map(|part| match part {
        Part::Optional(parts) => parts.as_slice(),
        part => std::slice::from_ref(part),
    })
}

/// Adds a claim and the claims that it is composed of.
pub(crate) fn add_with_parts(claim: ClaimId, issuer: &TrustedIssuer, claims: &mut BTreeSet<ClaimId>) {
    if !claims.insert(claim) {
        return;
    }
    for part in parts(issuer, claim) {
        if let Part::Claim(inner, _) = part {
            add_with_parts(*inner, issuer, claims);
        }
    }
}
