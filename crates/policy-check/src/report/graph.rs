//! The report of `graph`: the ways to get roles.

mod condition;
mod family;
mod html;
mod mermaid;
mod tenant;
mod text;
mod way;
mod width;

use family::Families;
use rolecall_engine::PolicySet;
use rolecall_lint::Way;
use rolecall_report::coverage::CoverageReport;
use rolecall_report::json::SchemaVersion;
use rolecall_report::location::Locations;
use serde::Serialize;
use std::collections::BTreeSet;
use way::WayReport;
pub(crate) use width::widths;

/// The ways to get the roles of a policy set.
#[derive(Debug, Serialize)]
pub(crate) struct GraphReport {
    schema_version: SchemaVersion,
    /// The number of roles.
    roles: usize,
    /// The ways, the widest first; of the same width, in the order of the files.
    ways: Vec<WayReport>,
    /// The part of the documents that is covered; null without documents.
    coverage: Option<CoverageReport>,
}

impl GraphReport {
    pub(crate) fn new(set: &PolicySet, ways: &[Way], coverage: Option<CoverageReport>) -> Self {
        let program = set.program();
        let locations = Locations::new(program.files());
        let families = Families::new(program);
        let roles: BTreeSet<_> = ways.iter().map(|way| way.role).collect();
        let report = |way| WayReport::new(program, way, &families, &locations);
        let mut ways: Vec<WayReport> = ways.iter().map(report).collect();
        ways.sort_by_key(|way| way.step);
        Self {
            schema_version: SchemaVersion,
            roles: roles.len(),
            ways,
            coverage,
        }
    }

    /// Returns the lines about documents in other languages.
    fn coverage_lines(&self) -> Vec<String> {
        let coverage = self.coverage.as_ref().map(CoverageReport::text);
        let text = coverage.unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}
