//! Changes of roles.

use super::given::GivenReport;
use crate::report::side::Side;
use rolecall_analysis::RoleChange;
use serde::Serialize;
use std::collections::BTreeMap;

/// The changes of one role.
#[derive(Debug, Serialize)]
pub(super) struct RoleReport {
    /// The policy set.
    pub(super) set: String,
    /// The old name, or null.
    old: Option<String>,
    /// The new name, or null.
    new: Option<String>,
    pub(super) gained: Side,
    pub(super) lost: Side,
    /// The changes of what the role gives.
    pub(super) given: Vec<GivenReport>,
}

impl RoleReport {
    pub(super) fn new(set: &str, change: &RoleChange) -> Self {
        Self {
            set: set.to_owned(),
            old: change.old.clone(),
            new: change.new.clone(),
            gained: Side::new(&change.gained),
            lost: Side::new(&change.lost),
            given: change.given.iter().map(GivenReport::new).collect(),
        }
    }

    /// Creates the report of a role whose change is not decided.
    pub(super) fn undecided(set: &str, name: &str, reason: &str) -> Self {
        let side = || Side {
            outcome: "not_decided",
            token: None,
            reason: Some(reason.to_owned()),
        };
        Self {
            set: set.to_owned(),
            old: Some(name.to_owned()),
            new: Some(name.to_owned()),
            gained: side(),
            lost: side(),
            given: Vec::new(),
        }
    }

    /// Returns the reasons why gains or losses are not decided, each once.
    pub(super) fn reasons(&self) -> impl Iterator<Item = &str> {
        let gained = self.gained.reason.as_deref();
        let lost = self.lost.reason.as_deref().filter(|lost| Some(*lost) != gained);
        gained.into_iter().chain(lost)
    }

    /// Adds the changes of facts beside the role's tokens: nothing is proved about them.
    pub(super) fn with(mut self, beside: &BTreeMap<&str, String>) -> Self {
        let change = self.new.as_deref().and_then(|name| beside.get(name));
        if let Some(change) = change {
            for side in [&mut self.gained, &mut self.lost] {
                if side.outcome == "no" {
                    side.outcome = "not_decided";
                }
                side.reason.get_or_insert_with(|| change.clone());
            }
        }
        self
    }

    /// Returns whether the role has a name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.old.as_deref() == Some(name) || self.new.as_deref() == Some(name)
    }

    /// Returns whether one of the role's names is among some.
    pub(super) fn is_among(&self, names: &BTreeMap<&str, String>) -> bool {
        let mut own = [&self.old, &self.new].into_iter().flatten();
        own.any(|name| names.contains_key(name.as_str()))
    }

    /// Returns whether the role has a new name. Services ask for roles by name, so this changes access.
    fn is_renamed(&self) -> bool {
        self.old.is_some() && self.new.is_some() && self.old != self.new
    }

    /// Returns whether access is gained: `no`, `yes` or `not_decided`. A role that gives more, or has a new
    /// name, is also a gain.
    pub(super) fn gained(&self) -> &'static str {
        if self.is_renamed() || self.given.iter().any(|given| given.gained) {
            "yes"
        } else {
            self.gained.outcome
        }
    }

    /// Returns whether access is lost: `no`, `yes` or `not_decided`. A role that gives less, or has a new
    /// name, is also a loss.
    pub(super) fn lost(&self) -> &'static str {
        if self.is_renamed() || self.given.iter().any(|given| given.lost) {
            "yes"
        } else {
            self.lost.outcome
        }
    }

    /// Formats the new and the old name.
    pub(super) fn name(&self) -> String {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) if old == new => new.clone(),
            (Some(old), Some(new)) => format!("{new} (was {old})"),
            (Some(old), None) => format!("{old} (gone)"),
            (None, Some(new)) => format!("{new} (new)"),
            (None, None) => String::new(),
        }
    }

    /// Returns the change in words.
    pub(super) fn change(&self) -> &'static str {
        match (self.gained(), self.lost()) {
            _ if self.is_renamed() => "renamed",
            ("no", "no") if self.old == self.new => "unchanged",
            ("no", "no") => "never granted",
            ("yes", "yes") => "gained and lost",
            ("yes", "no") => "gained",
            ("no", "yes") => "lost",
            ("yes", _) => "gained, lost not decided",
            (_, "yes") => "lost, gained not decided",
            _ => "not decided",
        }
    }
}
