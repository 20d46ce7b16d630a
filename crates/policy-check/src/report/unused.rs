//! The report of `explain --unused`: the `allow`s that no token of a log took, and what removing each would lose.

mod allow;
mod html;
mod markdown;
mod period;

use crate::usage::{RoleUse, Usage};
use allow::AllowReport;
pub(crate) use period::Period;
use rolecall_engine::PolicySet;
use rolecall_report::coverage::CoverageReport;
use rolecall_report::exit::Exit;
use rolecall_report::location::{LineLocation, Locations, count};
use rolecall_report::printable::printable;
use rolecall_report::style::{BAD, DOUBT, FAINT, GOOD, STRONG, paint};
use serde::Serialize;

/// The most `allow`s and names of roles that are listed in text. The JSON and the page have all of them.
const MOST: usize = 50;

/// The kind of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogKind {
    /// The grants of an exchange.
    Audit,
    /// The claims of tokens.
    #[default]
    Claims,
}

/// The `allow`s that a log did not use.
#[derive(Debug, Serialize)]
pub(crate) struct UnusedReport {
    log: LogKind,
    #[serde(flatten)]
    period: Period,
    /// The number of `allow`s in question.
    allows: usize,
    unused: usize,
    not_decided: usize,
    /// The number of grants by an `allow` that is not at its place in these policies.
    moved: usize,
    /// The number of grants of roles that are not in these policies.
    unknown_roles: usize,
    /// The number of grants that go back to earlier ones, of which no `allow` is recorded.
    earlier: usize,
    /// The roles with something unused, or not decided.
    roles: Vec<RoleReport>,
    /// The part of documents in other languages that the result covers, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<CoverageReport>,
}

#[derive(Debug, Serialize)]
struct RoleReport {
    /// The name as it is written, with the variables of a `for`.
    role: String,
    #[serde(flatten)]
    location: LineLocation,
    /// True if some token of the log got the role, or one of those of a `for`.
    used: bool,
    /// The roles of a `for` that no token of the log got, if others were got.
    unused_roles: Vec<String>,
    allows: Vec<AllowReport>,
}

impl UnusedReport {
    pub(crate) fn new(
        set: &PolicySet,
        usage: &Usage<'_>,
        (log, period, unknown_roles): (LogKind, Period, usize),
        coverage: Option<CoverageReport>,
    ) -> Self {
        let locations = Locations::new(set.program().files());
        let sum = |number: fn(&RoleUse) -> usize| usage.roles.iter().map(number).sum();
        let roles = usage.roles.iter().map(|role| RoleReport {
            role: role.name.clone(),
            location: locations.line(role.location),
            used: role.is_used(),
            unused_roles: role
                .unused_roles()
                .map(|role| set.program()[role].name.to_string())
                .collect(),
            allows: role
                .allows
                .iter()
                .filter_map(|allow| AllowReport::new(role, allow, &locations))
                .collect(),
        });
        let has_something = |role: &RoleReport| !role.allows.is_empty() || !role.unused_roles.is_empty();
        let roles: Vec<RoleReport> = roles.filter(has_something).collect();
        let number = |is_unused: bool| {
            let allows = roles.iter().flat_map(|role| &role.allows);
            allows.filter(|allow| allow.is_unused() == is_unused).count()
        };
        Self {
            log,
            period,
            allows: sum(|role| role.allows.len()),
            unused: number(true),
            not_decided: number(false),
            moved: sum(|role| role.moved),
            unknown_roles,
            earlier: sum(|role| role.earlier),
            roles,
            coverage,
        }
    }

    /// Returns `No` if something is unused, else `Undecided` if something is not decided.
    pub(crate) fn exit(&self) -> Exit {
        let is_partial = self
            .coverage
            .as_ref()
            .is_some_and(|coverage| !coverage.is_complete());
        if self.unused > 0 || self.roles.iter().any(|role| !role.unused_roles.is_empty()) {
            Exit::No
        } else if self.not_decided > 0 || is_partial {
            Exit::Undecided
        } else {
            Exit::Yes
        }
    }

    /// Returns whether the log is one of grants.
    pub(crate) fn is_audit(&self) -> bool {
        self.log == LogKind::Audit
    }

    /// Returns the time that the log covers, and the grants that say nothing about a single `allow`.
    fn remarks(&self) -> Vec<String> {
        let mut remarks = vec![self.period.words()];
        let grants = [
            (
                self.moved,
                "by an `allow` that is not at its place in these policies: use the policies of that time",
            ),
            (self.unknown_roles, "of a role that is not in these policies"),
            (
                self.earlier,
                "without an `allow`: a use of what was granted before",
            ),
        ];
        let grants = grants.into_iter().filter(|(number, _)| *number > 0);
        remarks.extend(grants.map(|(number, what)| format!("{} {what}", count(number, "grant"))));
        let coverage = self.coverage.as_ref().map(CoverageReport::text);
        remarks.extend(coverage.iter().flat_map(|text| text.lines()).map(str::to_owned));
        remarks
    }

    /// Returns the numbers in words.
    fn summary(&self) -> String {
        let allows = count(self.allows, "`allow`");
        let mut parts = vec![match self.unused {
            0 => format!("none of {allows}"),
            unused => format!("{unused} of {allows}"),
        }];
        if self.not_decided > 0 {
            parts.push(format!("{} not decided", self.not_decided));
        }
        let never = self.roles.iter().filter(|role| !role.used && role.is_unused());
        let unused_roles = self.roles.iter().map(|role| role.unused_roles.len());
        let roles: usize = unused_roles.chain([never.count()]).sum();
        if roles > 0 {
            parts.push(count(roles, "unused role"));
        }
        parts.join(", ")
    }

    /// Returns the roles with their `allow`s, as many as there is room for in text, and the number of further `allow`s.
    fn shown(&self) -> (Vec<(&RoleReport, &[AllowReport])>, usize) {
        let mut room = MOST;
        let mut shown = Vec::new();
        let mut left_out = 0_usize;
        for role in &self.roles {
            let (some, rest) = role.allows.split_at_checked(room).unwrap_or((&role.allows, &[]));
            room = room.saturating_sub(some.len());
            left_out = left_out.saturating_add(rest.len());
            if !some.is_empty() || (rest.is_empty() && room > 0) {
                shown.push((role, some));
            }
        }
        (shown, left_out)
    }

    /// Formats the report as text.
    pub(crate) fn text(&self) -> String {
        let style = match self.exit() {
            Exit::Yes => GOOD,
            Exit::No => BAD,
            _ => DOUBT,
        };
        let mut text = format!("{}: {}\n", paint(style, "unused"), self.summary());
        for line in self.remarks() {
            text.push_str(&format!("  {}\n", printable(&line)));
        }
        let (shown, left_out) = self.shown();
        for (role, allows) in shown {
            let (name, location) = (paint(STRONG, printable(&role.role)), paint(FAINT, &role.location));
            let words = role
                .words()
                .map_or_else(String::new, |words| format!(": {words}"));
            text.push_str(&format!("\n{name}  {location}{words}\n"));
            allows.iter().for_each(|allow| allow.write(&mut text));
        }
        if left_out > 0 {
            let more = count(left_out, "more `allow`");
            text.push_str(&format!("\nand {more}: see `--format json` or `--format html`\n"));
        }
        text
    }
}

impl RoleReport {
    fn is_unused(&self) -> bool {
        self.allows.iter().all(AllowReport::is_unused)
    }

    /// Returns what is said once of the whole role.
    fn words(&self) -> Option<String> {
        if !self.used && self.is_unused() {
            return Some("no token of the log got the role".to_owned());
        }
        let names = self.unused_roles.iter().take(MOST);
        let names: Vec<String> = names.map(|name| format!("`{}`", printable(name))).collect();
        let more = self.unused_roles.len().saturating_sub(names.len());
        let more = match more {
            0 => String::new(),
            more => format!(" and {}", count(more, "more role")),
        };
        (!names.is_empty()).then(|| format!("no token of the log got {}{more}", names.join(", ")))
    }
}
