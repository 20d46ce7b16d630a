//! The severity of findings in reports.

use rolecall_lint::Severity;
use serde::{Serialize, Serializer};
use std::fmt;

/// The severity of a finding in a report. A compile error is above every severity of the linter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportSeverity {
    /// A finding of a rule.
    Rule(Severity),
    /// An error of policies that do not compile.
    CompileError,
}

impl ReportSeverity {
    /// Returns all severities, the highest first.
    pub fn descending() -> impl Iterator<Item = Self> {
        let of_rules = Severity::ALL.iter().rev().copied().map(Self::Rule);
        std::iter::once(Self::CompileError).chain(of_rules)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Rule(severity) => severity.name(),
            Self::CompileError => "error",
        }
    }
}

impl fmt::Display for ReportSeverity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for ReportSeverity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
