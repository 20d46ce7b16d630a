//! Difference of two versions of a policy set: the access that tokens gain and lose, role by role.

mod assertions;
mod comparison;
mod given;
mod issuers;
mod mapping;

use crate::answer::Answer;
use crate::budget::Budget;
pub use assertions::{AssertionChange, assertion_changes};
use comparison::Comparison;
pub use given::GivenChange;
pub use issuers::{IssuerChange, IssuerSetting, issuer_changes};
use rolecall_engine::ir::External;
use rolecall_engine::{PolicySet, RoleId};
use std::collections::BTreeSet;

/// The change of a role.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RoleChange {
    /// The name in the old version; none if the role is new.
    pub old: Option<String>,
    /// The name in the new version; none if the role is gone.
    pub new: Option<String>,
    /// A token that gets the role only in the new version.
    pub gained: Answer,
    /// A token that gets the role only in the old version.
    pub lost: Answer,
    /// The changes of its grants and its lifetime, if both versions have the role.
    pub given: Vec<GivenChange>,
}

impl RoleChange {
    /// Returns whether it is proved that the same tokens get the role, and its grants and lifetime are the
    /// same.
    pub fn is_unchanged(&self) -> bool {
        self.gained == Answer::Nothing && self.lost == Answer::Nothing && self.given.is_empty()
    }
}

/// Compares two policy sets, role by role: first the roles that kept their name, then renamed, new and
/// removed ones.
///
/// A role whose text did not change needs no proof. A role counts as renamed if the same tokens get it.
/// Grants are compared by their text.
pub fn difference(old: &PolicySet, new: &PolicySet, budget: Budget) -> Vec<RoleChange> {
    let mut comparison = Comparison::new(old, new, budget);
    let mut changes = Vec::new();
    for (name, number) in sorted(new) {
        if let Some(before) = old.program().role(name) {
            let (gained, lost) = comparison.of_roles(Some(before), Some(number));
            changes.push(RoleChange {
                old: Some(name.to_owned()),
                new: Some(name.to_owned()),
                gained,
                lost,
                given: comparison.given(before, number),
            });
        }
    }
    let is_in = |set: &PolicySet, name: &str| set.program().role(name).is_some();
    let mut gone: BTreeSet<(&str, RoleId)> = sorted(old).into_iter().collect();
    gone.retain(|(name, _)| !is_in(new, name));
    for (name, number) in sorted(new).into_iter().filter(|(name, _)| !is_in(old, name)) {
        let (gained, _) = comparison.of_roles(None, Some(number));
        // Only a role that the token of the new one got can be the old name of it.
        let renamed = gone.iter().copied().find(|(before, of_old)| match &gained {
            Answer::Token(witness) => {
                let externals = |external: &External| witness.value(external);
                let got = old.evaluate_if(&witness.claims(), before, &externals).is_ok();
                got && comparison.of_roles(Some(*of_old), Some(number)) == (Answer::Nothing, Answer::Nothing)
            }
            Answer::Nothing | Answer::NotDecided(_) => false,
        });
        if let Some(renamed) = renamed {
            gone.remove(&renamed);
        }
        changes.push(RoleChange {
            old: renamed.map(|(before, _)| before.to_owned()),
            new: Some(name.to_owned()),
            gained: if renamed.is_some() {
                Answer::Nothing
            } else {
                gained
            },
            lost: Answer::Nothing,
            given: renamed.map_or(Vec::new(), |(_, before)| comparison.given(before, number)),
        });
    }
    for (name, number) in gone {
        let (_, lost) = comparison.of_roles(Some(number), None);
        changes.push(RoleChange {
            old: Some(name.to_owned()),
            new: None,
            gained: Answer::Nothing,
            lost,
            given: Vec::new(),
        });
    }
    changes
}

/// Returns the roles sorted by name.
fn sorted(set: &PolicySet) -> Vec<(&str, RoleId)> {
    let roles = set.program().roles().iter();
    let mut roles: Vec<(&str, RoleId)> = roles.map(|(id, role)| (&*role.name, id)).collect();
    roles.sort_unstable();
    roles
}
