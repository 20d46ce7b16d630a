//! The report of `names`: the owners of names that roles compare.

use rolecall_interop::{ComparedName, Coverage, Standing};
use rolecall_report::coverage::CoverageReport;
use rolecall_report::exit::Exit;
use rolecall_report::json::SchemaVersion;
use rolecall_report::location::count;
use rolecall_report::printable::printable;
use rolecall_report::style::{BAD, DOUBT, FAINT, GOOD, HELP, STRONG, paint};
use serde::Serialize;

/// The names of some policies and documents.
#[derive(Debug, Serialize)]
pub(crate) struct NamesReport {
    schema_version: SchemaVersion,
    names: Vec<NameReport>,
    /// The part of the documents that is covered; null without documents.
    coverage: Option<CoverageReport>,
}

/// A name.
#[derive(Debug, Serialize)]
struct NameReport {
    issuer: String,
    path: String,
    kind: Kind,
    standing: State,
    /// The id that the name has today.
    id: Option<String>,
    /// The reason of the state.
    reason: Option<String>,
    roles: Vec<RoleReport>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Owner,
    Project,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    OtherId,
    Ours,
    OtherOwner,
    Unknown,
    Unregistered,
}

/// A role that compares a name.
#[derive(Debug, Serialize)]
struct RoleReport {
    role: String,
    compares_id: bool,
}

impl NamesReport {
    pub(crate) fn new(names: &[ComparedName], coverage: &Coverage) -> Self {
        Self {
            schema_version: SchemaVersion,
            names: names.iter().map(NameReport::new).collect(),
            coverage: (!coverage.roles.is_empty()).then(|| CoverageReport::of(coverage)),
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        let has = |states: &[State]| self.names.iter().any(|name| states.contains(&name.standing));
        let is_complete = self.coverage.as_ref().is_none_or(CoverageReport::is_complete);
        if has(&[State::OtherId, State::OtherOwner, State::Unregistered]) {
            Exit::No
        } else if has(&[State::Unknown]) || !is_complete {
            Exit::Undecided
        } else {
            Exit::Yes
        }
    }

    pub(crate) fn text(&self) -> String {
        let mut text: String = self.names.iter().map(NameReport::text).collect();
        if let Some(coverage) = &self.coverage {
            text.push_str(&paint(FAINT, coverage.text().trim_end()));
            text.push('\n');
        }
        let ours = self.names.iter().filter(|name| name.standing == State::Ours);
        text.push_str(&match self.names.len() {
            0 => "no role compares the name of a project or an owner\n".to_owned(),
            all => format!("{} of {} yours\n", ours.count(), count(all, "name")),
        });
        text
    }
}

impl NameReport {
    fn new(name: &ComparedName) -> Self {
        let (standing, id, reason) = match &name.standing {
            Standing::Ours { id } => (State::Ours, Some(id.clone()), None),
            Standing::OtherId {
                id,
                compared,
                renamed_to,
            } => {
                let project = match renamed_to {
                    Some(path) => format!("`{path}` has it today"),
                    None => "no project in the files has it".to_owned(),
                };
                let reason = format!("a role compares the id {compared}, and {project}");
                (State::OtherId, Some(id.clone()), Some(reason))
            }
            Standing::OtherOwner { id } => (State::OtherOwner, Some(id.clone()), None),
            Standing::Unregistered => (State::Unregistered, None, None),
            Standing::Unknown(reason) => (State::Unknown, None, Some((*reason).to_owned())),
            _ => (State::Unknown, None, None),
        };
        let roles = name.roles.iter().map(|(role, compares_id)| RoleReport {
            role: role.clone(),
            compares_id: *compares_id,
        });
        Self {
            issuer: name.issuer.clone(),
            path: name.path.clone(),
            kind: if name.is_owner { Kind::Owner } else { Kind::Project },
            standing,
            id,
            reason,
            roles: roles.collect(),
        }
    }

    fn text(&self) -> String {
        let id = self.id.as_deref().unwrap_or_default();
        let (style, state) = match self.standing {
            State::Ours => (GOOD, format!("ours, id {id}")),
            State::OtherId => (BAD, format!("another id: it has {id}")),
            State::OtherOwner => (BAD, format!("another owner's, id {id}")),
            State::Unregistered => (BAD, "unregistered".to_owned()),
            State::Unknown => (DOUBT, "unknown".to_owned()),
        };
        let reason = self.reason.as_ref();
        let reason = reason.map_or_else(String::new, |reason| format!(": {}", printable(reason)));
        let path = match self.kind {
            Kind::Owner => format!("{}/*", printable(&self.path)),
            Kind::Project => printable(&self.path).into_owned(),
        };
        let listed = |roles: &mut dyn Iterator<Item = &RoleReport>| -> String {
            let names: Vec<String> = roles.map(|role| printable(&role.role).into_owned()).collect();
            names.join(", ")
        };
        let by_name = listed(&mut self.roles.iter().filter(|role| !role.compares_id));
        let help = match self.standing {
            State::Ours if by_name.is_empty() => None,
            State::Ours => Some(format!("compare the id, too, in {by_name}")),
            State::Unknown => None,
            _ => {
                let all = listed(&mut self.roles.iter());
                Some(format!(
                    "take the name out of {all}, or compare the id of what is meant"
                ))
            }
        };
        let help = help.map_or_else(String::new, |help| format!("  {} {help}\n", paint(HELP, "help:")));
        format!(
            "{} {} {}{reason}\n{help}",
            paint(STRONG, path),
            paint(FAINT, printable(&self.issuer)),
            paint(style, state)
        )
    }
}
