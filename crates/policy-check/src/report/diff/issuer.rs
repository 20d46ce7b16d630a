//! Changes of issuers and their keys.

use crate::comparing::{Change, KeyChange};
use rolecall_analysis::IssuerChange;
use rolecall_report::printable::printable;
use rolecall_report::style::{BAD, DOUBT, STRONG, paint};
use serde::Serialize;

/// A change of an issuer.
#[derive(Debug, Serialize)]
pub(super) struct IssuerReport {
    /// The policy set.
    set: String,
    issuer: String,
    /// The setting of the issuer, `issuer` for all of it, or `key` for one of its keys.
    setting: String,
    /// The old value, or null.
    old: Option<String>,
    /// The new value, or null.
    new: Option<String>,
    /// More tokens may be accepted: `no`, `yes` or `not_decided`.
    pub(super) gained: &'static str,
    /// Fewer tokens may be accepted: `no`, `yes` or `not_decided`.
    pub(super) lost: &'static str,
    /// The reason why it is not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl IssuerReport {
    pub(super) fn new(set: &str, change: &IssuerChange) -> Self {
        let outcome = |is: bool| if is { "yes" } else { "no" };
        Self {
            set: set.to_owned(),
            issuer: change.issuer.clone(),
            setting: change.setting.to_string(),
            old: change.old.clone(),
            new: change.new.clone(),
            gained: outcome(change.gained),
            lost: outcome(change.lost),
            reason: None,
        }
    }

    pub(super) fn key(set: &str, change: &KeyChange) -> Self {
        let key = Some(change.key.clone());
        let ((old, new), (gained, lost), reason) = match change.change {
            Change::Added => ((None, key), ("yes", "no"), None),
            Change::Removed => ((key, None), ("no", "yes"), None),
            Change::NotKnown => ((None, None), ("not_decided", "not_decided"), key),
        };
        Self {
            set: set.to_owned(),
            issuer: change.issuer.clone(),
            setting: "key".to_owned(),
            old,
            new,
            gained,
            lost,
            reason,
        }
    }

    /// Formats the issuer.
    pub(super) fn name(&self) -> String {
        format!("issuer {}", self.issuer)
    }

    /// Returns in words whether access is gained or lost.
    pub(super) fn change(&self) -> &'static str {
        match (self.gained, self.lost) {
            ("yes", "yes") => "gained and lost",
            ("yes", _) => "gained",
            (_, "yes") => "lost",
            _ => "not decided",
        }
    }

    /// Formats the change on one line.
    pub(super) fn words(&self) -> String {
        let setting = match self.setting.as_str() {
            "issuer" => "it",
            setting => setting,
        };
        match (&self.old, &self.new, &self.reason) {
            (_, _, Some(reason)) => format!("its keys are not known: {reason}"),
            (None, Some(new), _) => format!("{setting} is new: {new}"),
            (Some(old), None, _) => format!("{setting} is gone: {old}"),
            (Some(old), Some(new), _) if old == new => {
                format!("{setting} is still {new}, but declared differently")
            }
            (Some(old), Some(new), _) => format!("{setting} is now {new}, was {old}"),
            (None, None, None) => setting.to_owned(),
        }
    }

    /// Formats the change as two lines.
    pub(super) fn text(&self, names_set: bool) -> String {
        let style = if self.change().contains("gained") {
            BAD
        } else {
            DOUBT
        };
        let change = paint(style, self.change());
        let name = paint(STRONG, printable(&self.name()));
        let set = if names_set {
            format!("  {}", printable(&self.set))
        } else {
            String::new()
        };
        format!("{change}  {name}{set}\n  {}\n", printable(&self.words()))
    }
}
