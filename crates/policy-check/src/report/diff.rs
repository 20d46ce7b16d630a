//! Who gains and who loses access.

use rolecall_analysis::{Answer, RoleChange};
use rolecall_engine::Value;
use serde::Serialize;

use super::json::{Json, SchemaVersion};
use super::location::count;
use super::token_text;
use super::weakening::{Weakening, Weakenings};
use crate::commands::diff::FailOn;
use crate::comparing::SetChanges;
use crate::exit::Exit;
use crate::printable::printable;
use crate::style::{BAD, DOUBT, FAINT, GOOD, STRONG, paint};
use given::Given;
use issuer::IssuerReport;

mod given;
mod issuer;
mod markdown;

/// The report of `diff`.
#[derive(Debug, Serialize)]
pub(crate) struct DiffReport {
    schema_version: SchemaVersion,
    unchanged: usize,
    gained: usize,
    lost: usize,
    not_decided: usize,
    issuers: Vec<IssuerReport>,
    roles: Vec<RoleReport>,
    /// The changes by which `check` reports less than before.
    weakenings: Vec<Weakening>,
    /// Whether those are accepted.
    #[serde(skip)]
    accepts: bool,
    /// The number of policy sets.
    #[serde(skip)]
    sets: usize,
}

/// One role.
#[derive(Debug, Serialize)]
struct RoleReport {
    /// The policy set.
    set: String,
    /// Its name before, or null.
    old: Option<String>,
    /// Its name now, or null.
    new: Option<String>,
    gained: Side,
    lost: Side,
    /// What it gives otherwise.
    given: Vec<Given>,
}

/// Whether access is gained, or lost.
#[derive(Debug, Serialize)]
struct Side {
    /// `no`, `yes` or `not_decided`.
    outcome: &'static str,
    /// A token that shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Json>,
    /// Why it is not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Side {
    fn new(answer: &Answer) -> Self {
        let (outcome, token, reason) = match answer {
            Answer::Nothing => ("no", None, None),
            Answer::NotDecided(reason) => ("not_decided", None, Some(reason.to_string())),
            Answer::Token(witness) => ("yes", Some(Json(Value::Object(witness.token.clone()))), None),
            _ => ("not_decided", None, None),
        };
        Self {
            outcome,
            token,
            reason,
        }
    }
}

impl RoleReport {
    fn new(set: &str, change: &RoleChange) -> Self {
        Self {
            set: set.to_owned(),
            old: change.old.clone(),
            new: change.new.clone(),
            gained: Side::new(&change.gained),
            lost: Side::new(&change.lost),
            given: change.given.iter().map(Given::new).collect(),
        }
    }

    /// Whether the role has another name now, and is granted to the same tokens. Roles are asked for by their names.
    fn is_renamed(&self) -> bool {
        self.old.is_some() && self.new.is_some() && self.old != self.new
    }

    /// Whether access is gained: `no`, `yes` or `not_decided`. A role that gives more is a gain, too, and so is a new name.
    fn gained(&self) -> &'static str {
        if self.is_renamed() || self.given.iter().any(|given| given.gained) {
            "yes"
        } else {
            self.gained.outcome
        }
    }

    /// Whether access is lost: `no`, `yes` or `not_decided`. A role that gives less is a loss, too, and so is an old name.
    fn lost(&self) -> &'static str {
        if self.is_renamed() || self.given.iter().any(|given| given.lost) {
            "yes"
        } else {
            self.lost.outcome
        }
    }

    /// What the role is called, and was.
    fn name(&self) -> String {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) if old == new => new.clone(),
            (Some(old), Some(new)) => format!("{new} (was {old})"),
            (Some(old), None) => format!("{old} (gone)"),
            (None, new) => format!("{} (new)", new.as_deref().unwrap_or_default()),
        }
    }

    /// What became of it, in words.
    fn change(&self) -> &'static str {
        match (self.gained(), self.lost()) {
            _ if self.is_renamed() => "renamed",
            ("no", "no") if self.old == self.new => "unchanged",
            ("no", "no") => "nobody's",
            ("yes", "yes") => "gained and lost",
            ("yes", "no") => "gained",
            ("no", "yes") => "lost",
            ("yes", _) => "gained, lost not decided",
            (_, "yes") => "lost, gained not decided",
            _ => "not decided",
        }
    }
}

impl DiffReport {
    pub(crate) fn new(accepts: bool) -> Self {
        Self {
            schema_version: SchemaVersion,
            unchanged: 0,
            gained: 0,
            lost: 0,
            not_decided: 0,
            issuers: Vec::new(),
            roles: Vec::new(),
            weakenings: Vec::new(),
            accepts,
            sets: 0,
        }
    }

    /// Adds the changes of a policy set.
    pub(crate) fn add(&mut self, changes: SetChanges) {
        let set = changes.name.as_str();
        self.sets = self.sets.saturating_add(1);
        self.issuers.extend(
            changes
                .issuers
                .iter()
                .map(|change| IssuerReport::new(set, change)),
        );
        self.issuers
            .extend(changes.keys.iter().map(|change| IssuerReport::key(set, change)));
        self.roles
            .extend(changes.roles.iter().map(|change| RoleReport::new(set, change)));
        self.weakenings.extend(changes.weakenings);
        let roles = &self.roles;
        let count = |is: &dyn Fn(&RoleReport) -> bool| roles.iter().filter(|role| is(role)).count();
        self.unchanged = count(&|role| role.gained() == "no" && role.lost() == "no");
        self.gained = count(&|role| role.gained() == "yes");
        self.lost = count(&|role| role.lost() == "yes");
        self.not_decided = count(&|role| role.gained() == "not_decided" || role.lost() == "not_decided");
    }

    /// Adds changes by which less is reported than before.
    pub(crate) fn add_weakenings(&mut self, weakenings: Vec<Weakening>) {
        self.weakenings.extend(weakenings);
    }

    /// Returns whether it is proved that nothing differs: who gets in, by whose keys, and what judges it.
    fn is_unchanged(&self) -> bool {
        let is_same = |role: &RoleReport| role.change() == "unchanged";
        self.issuers.is_empty() && self.weakenings.is_empty() && self.roles.iter().all(is_same)
    }

    /// No if there is a change that is one; undecided if there might be.
    pub(crate) fn exit(&self, fail_on: Option<FailOn>) -> Exit {
        let counts = |role: &RoleReport, outcome: &str| match fail_on {
            Some(FailOn::Gained) => role.gained() == outcome,
            Some(FailOn::Lost) => role.lost() == outcome,
            Some(FailOn::Any) | None => role.gained() == outcome || role.lost() == outcome,
        };
        let of_issuer = |issuer: &IssuerReport, outcome: &str| match fail_on {
            Some(FailOn::Gained) => issuer.gained == outcome,
            Some(FailOn::Lost) => issuer.lost == outcome,
            Some(FailOn::Any) | None => issuer.gained == outcome || issuer.lost == outcome,
        };
        let is = |outcome: &str| {
            self.roles.iter().any(|role| counts(role, outcome))
                || self.issuers.iter().any(|issuer| of_issuer(issuer, outcome))
        };
        let is_weaker = !self.accepts && !self.weakenings.is_empty();
        let counts_weakenings = matches!(fail_on, Some(FailOn::Gained | FailOn::Any));
        if fail_on.is_some() && is("yes") || counts_weakenings && is_weaker {
            Exit::No
        } else if is("not_decided") {
            Exit::Undecided
        } else {
            Exit::Yes
        }
    }

    /// The roles that changed, each with a token, and a summary.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for issuer in &self.issuers {
            text.push_str(&issuer.text(self.sets > 1));
        }
        for role in self.roles.iter().filter(|role| role.change() != "unchanged") {
            let style = match role.change() {
                "nobody's" => FAINT,
                "renamed" => BAD,
                change if change.contains("not decided") => DOUBT,
                change if change.contains("gained") => BAD,
                _ => DOUBT,
            };
            let (change, name) = (
                paint(style, role.change()),
                paint(STRONG, printable(&role.name())),
            );
            let set = match self.sets {
                0 | 1 => String::new(),
                _ => format!("  {}", printable(&role.set)),
            };
            text.push_str(&format!("{change}  {name}{set}\n"));
            for given in &role.given {
                text.push_str(&format!("  {}\n", printable(&given.words())));
            }
            for (side, what) in [
                (&role.gained, "now granted"),
                (&role.lost, "not granted any more"),
            ] {
                if let Some(Json(Value::Object(token))) = &side.token {
                    text.push_str(&format!("  {what}\n"));
                    token_text::write(token, &mut text);
                }
                if let Some(reason) = &side.reason {
                    text.push_str(&format!("  not decided: {}\n", printable(reason)));
                }
            }
        }
        if !self.weakenings.is_empty() {
            let weakenings = Weakenings {
                base: None,
                changes: self.weakenings.iter().collect(),
                accepted: self.accepts,
            };
            text.push_str(&weakenings.text());
        }
        text.push_str(&self.summary());
        text.push('\n');
        text
    }

    fn summary(&self) -> String {
        let mut parts = vec![paint(
            GOOD,
            format!("{} unchanged", count(self.unchanged, "role")),
        )];
        for (number, what, style) in [
            (self.gained, "gained", BAD),
            (self.lost, "lost", DOUBT),
            (self.not_decided, "not decided", DOUBT),
        ] {
            if number > 0 {
                parts.push(paint(style, format!("{number} {what}")));
            }
        }
        if !self.issuers.is_empty() {
            parts.push(paint(BAD, count(self.issuers.len(), "change") + " of issuers"));
        }
        parts.join(", ")
    }
}
