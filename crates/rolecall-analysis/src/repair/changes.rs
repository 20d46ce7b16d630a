//! The changes of a token that give it a role.

use super::actor::actor;
use super::change::Change;
use super::oddity::{self, Oddity};
use rolecall_engine::ir::TrustedIssuer;
use rolecall_engine::{ClaimId, Object, Scalar};

/// The fewest changes with which a token gets a role. With several choices, the claims that come first by name.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Changes {
    /// The changes, sorted by claim.
    pub claims: Vec<Change>,
    /// The derived claims that follow, and those that are tied to the changed ones, such as `iat` to `exp`. They are
    /// sorted by claim, and count as none.
    pub follows: Vec<Change>,
    /// The changed token. The engine has confirmed that it gets the role.
    pub token: Object,
    /// The oddity of the token that the changes show, if it is a known one.
    pub oddity: Option<Oddity>,
}

impl Changes {
    /// Compares a token with a changed one.
    /// `names` are the claims whose exact names the role requires.
    pub(super) fn new(
        issuer: &TrustedIssuer,
        before: &Object,
        token: Object,
        changed: &[ClaimId],
        names: &[ClaimId],
    ) -> Self {
        let profile = &issuer.profile;
        let change = |claim: ClaimId| {
            let definition = &profile[claim];
            Change {
                claim: definition.to_string(),
                from: before.at(&definition.path).cloned(),
                to: token.at(&definition.path).cloned(),
                is_time: *definition.claim_type.scalar() == Scalar::Time,
                actor: actor(definition),
            }
        };
        let others = profile.claims().ids().filter(|claim| !changed.contains(claim));
        let mut claims: Vec<Change> = changed.iter().copied().map(change).collect();
        let mut follows: Vec<Change> = others.map(change).collect();
        follows.retain(|change| change.from != change.to);
        claims.sort_by(|one, other| one.claim.cmp(&other.claim));
        follows.sort_by(|one, other| one.claim.cmp(&other.claim));
        let oddity = oddity::of(issuer, before, (&claims, &follows), changed, names);
        Self {
            claims,
            follows,
            token,
            oddity,
        }
    }
}
