//! A way to get a role, as a row of the table.

use super::condition::part;
use super::family::Families;
use super::tenant::named;
use super::width::{label, name};
use rolecall_engine::ir::{Clause, Program};
use rolecall_engine::{Location, Value};
use rolecall_lint::{Aspect, Step, Way};
use rolecall_report::duration::duration;
use rolecall_report::json::Json;
use rolecall_report::location::{LineLocation, Locations};
use serde::Serialize;

/// A way to get a role.
#[derive(Debug, Serialize)]
pub(super) struct WayReport {
    pub(super) role: String,
    pub(super) tags: Vec<String>,
    /// The lifetime of the credentials in seconds.
    pub(super) ttl: Option<u64>,
    /// The name of the family of roles, if the role is expanded from a `for`.
    pub(super) family: Option<String>,
    pub(super) issuer: String,
    width: String,
    /// True if it is proved that the way is this wide.
    pub(super) proved: bool,
    /// A token that shows the width.
    pub(super) token: Option<Json>,
    /// The tenants in words.
    pub(super) tenants: Vec<String>,
    /// The parts of the condition about the tenant.
    pub(super) who: Vec<String>,
    /// The parts about refs, environments and triggers.
    pub(super) source: Vec<String>,
    /// The other parts.
    pub(super) other: Vec<String>,
    pub(super) guards: Vec<GuardReport>,
    pub(super) grants: Vec<GrantReport>,
    #[serde(flatten)]
    pub(super) location: LineLocation,
    /// The `allow` as it is written; none in other languages.
    pub(super) written: Option<String>,
    #[serde(skip)]
    pub(super) step: Step,
}

/// A guard that narrows a way.
#[derive(Debug, Serialize)]
pub(super) struct GuardReport {
    pub(super) guard: String,
    pub(super) condition: String,
}

/// A grant of a role.
#[derive(Debug, Serialize)]
pub(super) struct GrantReport {
    pub(super) name: String,
    pub(super) value: String,
}

impl WayReport {
    pub(super) fn new(program: &Program, way: &Way, families: &Families, locations: &Locations<'_>) -> Self {
        let (role, clause) = (&program[way.role], &program[way.clause]);
        let issuer = &program[clause.issuer];
        let profile = &issuer.profile;
        let of = |aspect: Aspect| -> Vec<String> {
            let parts = way.parts.iter().filter(|(own, _)| *own == aspect);
            parts.map(|(_, own)| part(profile, own)).collect()
        };
        let guards = clause.guards().iter().map(|guard| GuardReport {
            guard: program[guard.guard].name.clone(),
            condition: part(profile, &guard.condition),
        });
        let grants = role
            .grants
            .iter()
            .zip(clause.grants())
            .map(|(name, template)| GrantReport {
                name: name.to_string(),
                value: profile.written(template),
            });
        let token = way.width.witness.as_ref();
        Self {
            role: role.name.to_string(),
            tags: role.tags.iter().map(ToString::to_string).collect(),
            ttl: role.ttl().map(|ttl| ttl.as_secs()),
            family: families.of(program, way.role),
            issuer: issuer.issuer.name.clone(),
            width: name(way.width.step),
            proved: way.width.is_proved,
            token: token.map(|witness| Json(Value::Object(witness.token.clone()))),
            tenants: named(profile, way),
            who: of(Aspect::Tenant),
            source: of(Aspect::Source),
            other: of(Aspect::Other),
            guards: guards.collect(),
            grants: grants.collect(),
            location: locations.line(clause.location),
            written: source(program, clause),
            step: way.width.step,
        }
    }

    /// Returns the label of the width.
    pub(super) fn label(&self) -> String {
        label(self.step, self.proved)
    }

    /// Returns the lifetime of the credentials as policies write it.
    pub(super) fn lifetime(&self) -> Option<String> {
        self.ttl.map(duration)
    }

    /// Returns the further conditions: the other parts, then those of the guards, each with the name of its guard.
    pub(super) fn further(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        let other = self.other.iter().map(|part| (None, part.as_str()));
        let guards = self.guards.iter();
        other.chain(guards.map(|guard| (Some(guard.guard.as_str()), guard.condition.as_str())))
    }
}

/// Returns the text of a clause, without the indentation of its lines.
fn source(program: &Program, clause: &Clause) -> Option<String> {
    let location: Location = clause.location;
    if program.is_foreign(location.file()) {
        return None;
    }
    let text = location.span().text(&program[location.file()].text);
    let mut lines = text.lines();
    let first = lines.next()?;
    let others: Vec<&str> = lines.filter(|line| !line.trim().is_empty()).collect();
    let indents = others
        .iter()
        .map(|line| line.len().saturating_sub(line.trim_start().len()));
    let indent = indents.min().unwrap_or_default();
    let others = others.iter().map(|line| line.get(indent..).unwrap_or(line));
    let others = others.map(|line| format!("\n  {line}"));
    Some(std::iter::once(first.to_owned()).chain(others).collect())
}
