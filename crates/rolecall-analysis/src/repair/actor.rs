//! The people who can change a claim.

use rolecall_engine::Scalar;
use rolecall_engine::ir::{ClaimDefinition, Trust};

/// The people who can change the value of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Actor {
    /// An administrator of the project or of the CI system: a protection, or a setting.
    Administrator,
    /// The author of the pipeline, or the person who starts it.
    Author,
    /// No setting changes it: the job must run elsewhere, such as in another project. If this job should get the role,
    /// the author of the policy must name it.
    Policy,
    /// The job that asks for the token, with its `aud`.
    Requester,
}

impl Actor {
    /// Returns a stable code: `administrator`, `author`, `policy` or `requester`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Author => "author",
            Self::Policy => "policy",
            Self::Requester => "requester",
        }
    }
}

/// Returns the people who can change a claim, by its trust and type in the profile.
pub(super) fn actor(claim: &ClaimDefinition) -> Actor {
    let is = |name: &str| matches!(claim.path.as_slice(), [own] if own == name);
    match claim.trust {
        // The job has another audience, or asks again.
        _ if is("aud") || *claim.claim_type.scalar() == Scalar::Time => Actor::Requester,
        _ if claim.tenant => Actor::Policy,
        // Protections of refs and environments.
        Trust::Platform if matches!(claim.claim_type.scalar(), Scalar::Bool(_)) => Actor::Administrator,
        _ if is_setting(claim) => Actor::Administrator,
        // The others follow from the configuration of the pipeline, and from its start.
        _ => Actor::Author,
    }
}

/// Returns true for a claim that shows a setting of the project, or of its runners.
fn is_setting(claim: &ClaimDefinition) -> bool {
    const SETTINGS: [&str; 6] = [
        "project_visibility",
        "repository_visibility",
        "runner_environment",
        "runner_id",
        "user_access_level",
        "visibility",
    ];
    matches!(claim.path.as_slice(), [name] if SETTINGS.contains(&name.as_str()))
}
