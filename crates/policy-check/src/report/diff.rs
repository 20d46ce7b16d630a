//! The report of `diff`: gained and lost access.

use super::weakening::{Weakening, Weakenings};
use crate::comparing::SetChanges;
use clap::ValueEnum;
use documents::DocumentsReport;
use issuer::IssuerReport;
use role::RoleReport;
use rolecall_engine::Value;
use rolecall_report::exit::Exit;
use rolecall_report::json::{Json, SchemaVersion};
use rolecall_report::location::count;
use rolecall_report::printable::printable;
use rolecall_report::style::{BAD, DOUBT, FAINT, GOOD, STRONG, paint};
use rolecall_report::token_text;
use serde::Serialize;

mod documents;
mod given;
mod issuer;
mod markdown;
mod role;

/// The differences between two versions of policy sets.
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
    /// The part of documents in other languages that the comparison covers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    documents: Vec<DocumentsReport>,
    /// True if the user accepts those changes.
    #[serde(skip)]
    accepts: bool,
    /// The number of policy sets.
    #[serde(skip)]
    sets: usize,
}

/// The changes that fail a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Any change.
    Any,
    /// A token gets a role that it did not get before, or a role gives more.
    Gained,
    /// A token no longer gets a role, or a role gives less.
    Lost,
}

impl DiffReport {
    /// Creates the report of the changes of all policy sets. `abandoned` are the weakenings that belong to no
    /// set.
    pub(crate) fn new(changes: Vec<SetChanges>, abandoned: Vec<Weakening>, accepts: bool) -> Self {
        let sets = changes.len();
        let (mut issuers, mut roles, mut weakenings) = (Vec::new(), Vec::new(), Vec::new());
        let mut documents = Vec::new();
        for SetChanges {
            name,
            issuers: of_issuers,
            keys,
            roles: of_roles,
            weakenings: weaker,
            documents: covered,
        } in changes
        {
            issuers.extend(of_issuers.iter().map(|change| IssuerReport::new(&name, change)));
            issuers.extend(keys.iter().map(|change| IssuerReport::key(&name, change)));
            let undecided = documents::undecided(&covered);
            let beside = documents::changed_beside(&covered);
            let of_roles = of_roles
                .iter()
                .map(|change| RoleReport::new(&name, change).with(&beside));
            roles.extend(of_roles.filter(|role| !role.is_among(&undecided)));
            let of_others = beside
                .iter()
                .filter(|(role, _)| !roles.iter().any(|known: &RoleReport| known.is(role)));
            let of_others: Vec<RoleReport> = of_others
                .filter(|(role, _)| !undecided.contains_key(*role))
                .map(|(role, change)| RoleReport::undecided(&name, role, change))
                .collect();
            roles.extend(of_others);
            let unknown = undecided.into_iter();
            roles.extend(unknown.map(|(role, reason)| RoleReport::undecided(&name, role, &reason)));
            documents.extend(DocumentsReport::new(&name, &covered));
            weakenings.extend(weaker);
        }
        weakenings.extend(abandoned);
        let count = |is: fn(&str, &str) -> bool| {
            let such = roles
                .iter()
                .filter(|role: &&RoleReport| is(role.gained(), role.lost()));
            such.count()
        };
        Self {
            schema_version: SchemaVersion,
            unchanged: count(|gained, lost| gained == "no" && lost == "no"),
            gained: count(|gained, _| gained == "yes"),
            lost: count(|_, lost| lost == "yes"),
            not_decided: count(|gained, lost| gained == "not_decided" || lost == "not_decided"),
            issuers,
            roles,
            weakenings,
            documents,
            accepts,
            sets,
        }
    }

    /// Returns whether access, keys and checks are proved to be the same.
    fn is_unchanged(&self) -> bool {
        let is_same = |role: &RoleReport| role.change() == "unchanged";
        self.issuers.is_empty() && self.weakenings.is_empty() && self.roles.iter().all(is_same)
    }

    /// Returns `No` if there is a change that fails the comparison, and `Undecided` if there may be one.
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
        } else if is("not_decided") || !self.documents.iter().all(DocumentsReport::is_complete) {
            Exit::Undecided
        } else {
            Exit::Yes
        }
    }

    /// Formats the changed issuers and roles, each with a token, and a summary.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for issuer in &self.issuers {
            text.push_str(&issuer.text(self.sets > 1));
        }
        for role in self.roles.iter().filter(|role| role.change() != "unchanged") {
            let style = match role.change() {
                "never granted" => FAINT,
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
            for (side, what) in [(&role.gained, "now granted"), (&role.lost, "no longer granted")] {
                if let Some(Json(Value::Object(token))) = &side.token {
                    text.push_str(&format!("  {what}\n"));
                    token_text::write(token, &mut text);
                }
            }
            for reason in role.reasons() {
                text.push_str(&format!("  not decided: {}\n", printable(reason)));
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
        for documents in &self.documents {
            text.push_str(&documents.text());
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
            parts.push(paint(BAD, count(self.issuers.len(), "issuer change")));
        }
        parts.join(", ")
    }
}
