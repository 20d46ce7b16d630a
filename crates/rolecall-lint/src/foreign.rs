//! Findings in documents in other languages, which their translation reports.

use crate::finding::Finding;
use crate::rule::Check;
use crate::rules::ALL;
use rolecall_engine::Location;

/// Creates the finding of a rule about documents in other languages; `None` if there is no such rule.
pub fn foreign(
    rule: &str,
    location: Location,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Option<Finding> {
    let rule = ALL.iter().find(|known| known.info.name == rule)?;
    matches!(rule.check, Check::Foreign).then(|| Finding::new(&rule.info, location, message).help(help))
}
