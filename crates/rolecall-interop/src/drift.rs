//! Drift: roles of policies, and the live roles that they grant.

mod audiences;
mod comparison;
mod granted;

use crate::target::Target;
use crate::translation::{Coverage, ForeignFile, Resource};
pub use comparison::DriftComparison;
use rolecall_analysis::Answer;
use rolecall_engine::{CompileError, PolicySet};
use std::collections::{BTreeMap, BTreeSet};

/// The differences between policies and live roles.
#[derive(Debug)]
#[non_exhaustive]
pub struct Drift {
    /// The roles, by what the policies grant.
    pub roles: Vec<RoleDrift>,
    /// The issuers whose audiences differ, each with those of the policies and the live ones.
    pub audiences: Vec<(String, [BTreeSet<String>; 2])>,
    /// The number of resources that policies grant, by their systems, if no document is of the system.
    pub not_compared: BTreeMap<Target, usize>,
    /// The part of the documents that is covered.
    pub coverage: Coverage,
}

/// The difference of a live role.
#[derive(Debug)]
#[non_exhaustive]
pub struct RoleDrift {
    /// The resource that clients get with it.
    pub resource: Resource,
    /// The roles of the policies that grant it.
    pub roles: Vec<String>,
    /// The live role, as it is called here. A service account of Google Cloud can have several: its bindings.
    pub live: Vec<String>,
    /// The difference.
    pub state: DriftState,
    /// The principals that get the live role without a token.
    pub also_admits: Vec<String>,
}

/// The state of a live role.
#[derive(Debug)]
#[non_exhaustive]
pub enum DriftState {
    /// The tokens that get in are compared, whatever their audience and the fit of grants.
    Compared {
        /// A token that gets in, and gets no role that grants it.
        wider: Answer,
        /// A token that gets such a role, and does not get in.
        narrower: Answer,
    },
    /// No document has the live role.
    Missing,
    /// No policy grants the live role.
    Unknown,
    /// The live role is not translated exactly, for this reason.
    Untranslated(&'static str),
}

impl RoleDrift {
    /// Returns whether it is proved that the same tokens get in.
    pub fn is_equal(&self) -> bool {
        matches!(
            self.state,
            DriftState::Compared {
                wider: Answer::Nothing,
                narrower: Answer::Nothing
            }
        )
    }
}

/// Compares each resource that policies grant with the live role of that name, and finds the other roles of those documents that
/// are for tokens. `profiles` has the profiles of issuers by their URLs.
///
/// # Errors
/// The policies and the documents do not compile together.
pub fn drift(
    set: &PolicySet,
    live: &[ForeignFile],
    profiles: BTreeMap<String, String>,
) -> Result<Drift, CompileError> {
    let comparison = DriftComparison::new(set, live, profiles)?;
    let resources: Vec<&Resource> = comparison.resources().collect();
    let roles = comparison.compare(&resources);
    Ok(comparison.finish(roles))
}
