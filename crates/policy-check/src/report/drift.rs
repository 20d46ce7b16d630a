//! The report of `drift`: live roles that differ from the policies.

mod role;

use role::{RoleReport, State};
use rolecall_interop::Drift;
use rolecall_report::coverage::CoverageReport;
use rolecall_report::exit::Exit;
use rolecall_report::json::SchemaVersion;
use rolecall_report::location::count;
use rolecall_report::markdown_text::{code, prose};
use rolecall_report::printable::printable;
use rolecall_report::style::{DOUBT, FAINT, GOOD, paint};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The differences between policies and live roles.
#[derive(Debug, Serialize)]
pub(crate) struct DriftReport {
    schema_version: SchemaVersion,
    /// The number of roles that are proved equal.
    equal: usize,
    roles: Vec<RoleReport>,
    /// The issuers whose audiences differ.
    audiences: Vec<AudienceReport>,
    /// The numbers of granted resources of systems of which no document is given, by the names of the grants.
    not_compared: BTreeMap<&'static str, usize>,
    coverage: CoverageReport,
}

/// The audiences of an issuer.
#[derive(Debug, Serialize)]
struct AudienceReport {
    issuer: String,
    policies: BTreeSet<String>,
    live: BTreeSet<String>,
}

impl DriftReport {
    pub(crate) fn new(drift: &Drift) -> Self {
        let roles: Vec<RoleReport> = drift.roles.iter().map(RoleReport::new).collect();
        let audience = |(issuer, [policies, live]): &(String, [BTreeSet<String>; 2])| AudienceReport {
            issuer: issuer.clone(),
            policies: policies.clone(),
            live: live.clone(),
        };
        Self {
            schema_version: SchemaVersion,
            equal: roles.iter().filter(|role| role.state == State::Equal).count(),
            roles,
            audiences: drift.audiences.iter().map(audience).collect(),
            not_compared: drift
                .not_compared
                .iter()
                .filter_map(|(target, number)| Some((target.grant()?, *number)))
                .collect(),
            coverage: CoverageReport::of(&drift.coverage),
        }
    }

    fn differences(&self) -> impl Iterator<Item = &RoleReport> {
        self.roles.iter().filter(|role| role.state != State::Equal)
    }

    pub(crate) fn exit(&self) -> Exit {
        let has = |states: &[State]| self.roles.iter().any(|role| states.contains(&role.state));
        if has(&[State::Drifted, State::Missing, State::Unknown]) {
            Exit::No
        } else if has(&[State::NotDecided]) || !self.coverage.is_complete() {
            Exit::Undecided
        } else {
            Exit::Yes
        }
    }

    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for role in self.differences() {
            role.write(&mut text);
        }
        for role in self.roles.iter().filter(|role| role.state == State::Equal) {
            role.write_others(&mut text);
        }
        for AudienceReport {
            issuer,
            policies,
            live,
        } in &self.audiences
        {
            let listed = |audiences: &BTreeSet<String>| -> String {
                let quoted: Vec<String> = audiences
                    .iter()
                    .map(|one| format!("`{}`", printable(one)))
                    .collect();
                quoted.join(", ")
            };
            text.push_str(&format!(
                "{} {}: {} in the policies, {} live\n",
                paint(DOUBT, "audiences"),
                printable(issuer),
                listed(policies),
                listed(live)
            ));
        }
        for (grant, number) in &self.not_compared {
            text.push_str(&format!(
                "{} {} of `{grant}`: no document could have it\n",
                paint(DOUBT, "not compared"),
                count(*number, "resource")
            ));
        }
        text.push_str(&paint(FAINT, self.coverage.text().trim_end()));
        text.push('\n');
        let differences = self.differences().count();
        let equal = count(self.equal, "role");
        text.push_str(&match differences {
            0 => format!(
                "{}: {equal} proved equal, for all tokens\n",
                paint(GOOD, "no drift")
            ),
            _ => format!(
                "{}, {equal} proved equal, for all tokens\n",
                count(differences, "difference")
            ),
        });
        text
    }

    pub(crate) fn markdown(&self) -> String {
        let mut text = "### Drift\n\n".to_owned();
        if self.differences().next().is_some() {
            text.push_str("| live role | policies | state |\n|---|---|---|\n");
        }
        for role in self.differences() {
            let names: Vec<String> = role.roles.iter().map(|name| code(name)).collect();
            text.push_str(&format!(
                "| {} | {} | {} |\n",
                code(&role.resource),
                names.join(", "),
                prose(&role.words())
            ));
        }
        text.push_str(&format!(
            "\n{} proved equal, for all tokens.\n",
            count(self.equal, "role")
        ));
        for (grant, number) in &self.not_compared {
            let resources = count(*number, "resource");
            text.push_str(&format!("\nNot compared: {resources} of `{grant}`.\n"));
        }
        for role in self.differences() {
            role.write_markdown(&mut text);
        }
        text
    }
}
