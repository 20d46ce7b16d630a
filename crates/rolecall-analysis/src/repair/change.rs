//! One change of a token.

use super::actor::Actor;
use rolecall_engine::Value;

/// A claim that must have another value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// The claim, as it is written in policies.
    pub claim: String,
    /// The token's value; `None` if it does not have the claim.
    pub from: Option<Value>,
    /// A value with which the role is allowed; `None` if the claim must be absent.
    pub to: Option<Value>,
    /// True if the values are times, in seconds since 1970.
    pub is_time: bool,
    /// The people who can change it.
    pub actor: Actor,
}
