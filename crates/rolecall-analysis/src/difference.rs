//! Two versions of a policy set: who gains access, who loses it, role by role.

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
use rolecall_engine::{PolicySet, RoleId};
use std::collections::BTreeSet;

/// What became of a role.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RoleChange {
    /// Its name before, if it was there.
    pub old: Option<String>,
    /// Its name now, if it is there.
    pub new: Option<String>,
    /// A token that gets it now and did not before.
    pub gained: Answer,
    /// A token that got it before and does not now.
    pub lost: Answer,
    /// What it gives otherwise than before, if both versions have it.
    pub given: Vec<GivenChange>,
}

impl RoleChange {
    /// Whether it is proved that the same tokens get it, and that it gives the same.
    pub fn is_unchanged(&self) -> bool {
        self.gained == Answer::Nothing && self.lost == Answer::Nothing && self.given.is_empty()
    }
}

/// Compares two policy sets, role by role: first those of one name, then those that were renamed, that are new, that are gone.
///
/// Of a role that is written as it was, nothing is asked. A role counts as renamed if the same tokens get it. What a role gives
/// is compared as it is written.
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
        // Only a role that the token of this one got can be this one.
        let renamed = gone.iter().copied().find(|(before, of_old)| match &gained {
            Answer::Token(witness) => {
                let got = old.evaluate(&witness.claims(), before).is_ok();
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

/// The roles by their names.
fn sorted(set: &PolicySet) -> Vec<(&str, RoleId)> {
    let roles = set.program().roles().iter();
    let mut roles: Vec<(&str, RoleId)> = roles.map(|(id, role)| (&*role.name, id)).collect();
    roles.sort_unstable();
    roles
}
