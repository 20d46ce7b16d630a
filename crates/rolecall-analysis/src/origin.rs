//! Origins of tokens: the issuer, as far as tests and verification need it.

use crate::token::any_subject;
use rolecall_engine::ClaimId;
use rolecall_engine::ir::{Profile, TrustedIssuer};
use std::sync::Arc;

/// The issuer of a token. A token has its own, because it outlives the policy set. The texts that follow from it are
/// made when they are needed: a linter finds thousands of tokens, and shows only their claims.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) issuer: String,
    /// The first audience.
    pub(crate) audience: Option<String>,
    /// A subject of its tokens.
    pub(crate) subject: &'static str,
    pub(crate) profile: Arc<Profile>,
    /// The claims that it derives.
    pub(crate) derived: Vec<ClaimId>,
    /// True if tests can have its tokens: it is not one of roles in other languages.
    pub(crate) has_tests: bool,
}

impl Origin {
    pub(crate) fn new(trusted: &TrustedIssuer) -> Self {
        let derived = trusted.derivations.iter().map(|derivation| derivation.claim);
        Self {
            issuer: trusted.issuer.name.clone(),
            audience: trusted.issuer.audiences.first().cloned(),
            subject: any_subject(trusted),
            profile: Arc::clone(&trusted.profile),
            derived: derived.collect(),
            has_tests: trusted.is_enforced,
        }
    }
}

/// Issuers of one policy set have different names.
impl PartialEq for Origin {
    fn eq(&self, other: &Self) -> bool {
        (&self.issuer, &self.audience) == (&other.issuer, &other.audience)
    }
}
